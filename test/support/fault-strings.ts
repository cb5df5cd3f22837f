import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { run } from './server-process.ts';

/** The encodings that `strings` knows: 7 bit, 8 bit, 16 and 32 bit in both byte orders. */
const ENCODINGS = ['s', 'S', 'l', 'b', 'L', 'B'];

/** Everything readable in a file in any encoding, folded to lower case. */
async function readableText(file: string): Promise<string> {
  const outputs = await Promise.all(
    ENCODINGS.map((encoding) => run('strings', ['-a', '-n', '4', '-e', encoding, file])),
  );
  const failed = outputs.find((one) => one.code !== 0);
  if (failed) throw new Error(`strings failed: ${failed.output}`);
  return outputs
    .map((one) => one.output)
    .join('\n')
    .toLowerCase();
}

/** Which secrets can be read in which files below a folder: by `strings`, and as bytes of UTF-8 and UTF-16. */
export async function secretsIn(folder: string, secrets: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    for (const secret of secrets) if (name.includes(secret)) found.push(`${secret} in the name ${name}`);
    if (!(await stat(file)).isFile()) continue;
    const text = await readableText(file);
    const bytes = await readFile(file);
    for (const secret of secrets) {
      const isThere =
        text.includes(secret.toLowerCase()) ||
        bytes.includes(Buffer.from(secret, 'utf8')) ||
        bytes.includes(Buffer.from(secret, 'utf16le')) ||
        bytes.includes(Buffer.from(secret, 'utf16le').swap16());
      if (isThere) found.push(`${secret} in ${name}`);
    }
  }
  return found;
}
