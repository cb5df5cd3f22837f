declare module 'heic-decode' {
  type Decoded = { data: Uint8ClampedArray; width: number; height: number };
  type Images = { width: number; height: number; decode(): Promise<Decoded> }[] & { dispose(): void };
  const heicDecode: {
    (input: { buffer: Uint8Array }): Promise<Decoded>;
    all(input: { buffer: Uint8Array }): Promise<Images>;
  };
  export default heicDecode;
}
