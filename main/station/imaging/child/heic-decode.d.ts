declare module 'heic-decode/lib.js' {
  type Decoded = { data: Uint8ClampedArray; width: number; height: number };
  type Images = { width: number; height: number; decode(): Promise<Decoded> }[] & { dispose(): void };
  const heicDecodeWith: (libheif: object) => { all(input: { buffer: Uint8Array }): Promise<Images> };
  export default heicDecodeWith;
}
