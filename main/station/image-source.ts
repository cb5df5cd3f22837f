import type { ImageSource, ItemKind } from './imaging/index.ts';

/** Unsealed bytes in the form in which imaging takes pictures. */
export function imageSource(kind: ItemKind, bytes: Uint8Array): ImageSource {
  return {
    kind,
    size: bytes.length,
    async *read() {
      yield bytes;
    },
  };
}
