import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { DecodeError } from './decode-error.ts';
import { MOST_PIXELS } from './sharp-setup.ts';

export type Rgba = { data: Uint8ClampedArray; width: number; height: number };

type CreateLibheif = (options: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): WebAssembly.Exports;
  print(text: string): void;
  printErr(text: string): void;
}) => object;
type Library = { create: CreateLibheif; module: WebAssembly.Module };

let library: Library | null = null;

/**
 * Decodes the primary picture of a HEIC file, upright: libheif applies the file's rotation and mirroring. Every picture gets a decoder with
 * fresh memory: where a file is damaged libheif leaves pixels as they lie there, and those were another patient's (docs/reliability-files.md).
 */
export async function decodeHeic(bytes: Uint8Array): Promise<Rgba> {
  // Half the start-up time of this process, so only when one comes.
  const { default: heicDecodeWith } = await import('heic-decode/lib.js');
  const images = await heicDecodeWith(freshLibheif())
    .all({ buffer: bytes })
    .catch(() => {
      throw new DecodeError('malformed');
    });
  try {
    const [first] = images;
    if (first === undefined) throw new DecodeError('malformed');
    if (first.width * first.height > MOST_PIXELS) throw new DecodeError('too-large');
    return await first.decode().catch(() => {
      throw new DecodeError('malformed');
    });
  } finally {
    images.dispose();
  }
}

function freshLibheif(): object {
  // A decoder of 48 megapixels holds 400 MB until it is collected, and nothing tells the collector that they are scarce.
  globalThis.gc?.();
  const { create, module } = (library ??= loadLibrary());
  return create({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance, module);
      return instance.exports;
    },
    print: () => undefined,
    printErr: () => undefined,
  });
}

/** libheif-js belongs to heic-decode, so it is looked for from there. */
function loadLibrary(): Library {
  const require = createRequire(createRequire(import.meta.url).resolve('heic-decode/lib.js'));
  const folder = 'libheif-js/libheif-wasm/libheif';
  const module = new WebAssembly.Module(readFileSync(require.resolve(`${folder}.wasm`)));
  return { create: require(`${folder}.js`) as CreateLibheif, module };
}
