import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { accountOf } from '../certificate-text.ts';
import type { Command, CommandInput } from '../command.ts';
import { textOption } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';

/** The public key of the station whose certificates we expect, base64 DER; null when none is at hand. */
async function expectedKey({ options, places, named, world }: CommandInput): Promise<string | null> {
  const given = textOption(options, 'key');
  const file = given === undefined ? join(places.dataDir, 'certificate-key.pem') : resolve(world.cwd, given);
  const needed = given !== undefined || named.data;
  try {
    return createPublicKey(await readFile(file, 'utf8'))
      .export({ type: 'spki', format: 'der' })
      .toString('base64');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' && !needed) return null;
    throw new UsageError(`the station's key ${file} cannot be read (${code})`, 'cannot-read-file');
  }
}

export const verifyCertificate: Command = {
  name: 'verify-certificate',
  summary: 'check a certificate, and name the first line that was altered',
  usage: 'FILE [--data DIR | --key FILE]',
  about:
    'Needs no station and no password. With the data folder or the key of a station it also checks that this very station signed it; the key\nis certificate-key.pem in the data folder and is no secret. Without a key only wholeness is checked.',
  operands: ['FILE'],
  options: { key: { type: 'string', value: 'FILE', help: "the station's public key (PEM)" } },
  async run(input) {
    const file = resolve(input.world.cwd, input.operands[0] ?? '');
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`${file} cannot be read (${error.code ?? 'unknown'})`, 'cannot-read-file');
    });
    const key = await expectedKey(input);
    // Only here: the other commands need nothing of the station's inside.
    const { verifyCertificate: verify } = await import('../../station/release/index.ts');
    const verdict = verify(text);
    if (!verdict.ok) {
      const json: Output<'verify-certificate'> = {
        file,
        docking: null,
        issuedAt: null,
        items: 0,
        clear: null,
        signedBy: 'not-checked',
        publicKey: null,
        alteredLine: verdict.line,
        alteredWhat: verdict.what,
      };
      const message = `line ${verdict.line} is not as it was signed: ${verdict.what} (${verdict.why})`;
      return { exit: EXIT.inPart, code: 'certificate-altered', message, json, text: `ALTERED: ${message}` };
    }
    const account = accountOf(verdict.elements);
    const signedBy = key === null ? 'not-checked' : key === verdict.publicKey ? 'this-station' : 'another-station';
    const json: Output<'verify-certificate'> = {
      file,
      docking: account?.docking ?? null,
      issuedAt: account?.issuedAt ?? null,
      items: account?.listed ?? 0,
      clear: account?.clear ?? null,
      signedBy,
      publicKey: verdict.publicKey,
      alteredLine: null,
      alteredWhat: null,
    };
    if (signedBy === 'another-station') {
      const message = 'every line is as it was signed, but with another key than that of this station';
      return {
        exit: EXIT.inPart,
        code: 'other-key',
        message,
        json,
        text: `NOT THIS STATION'S: ${message}\nsigned with ${verdict.publicKey}`,
      };
    }
    const lines = [
      `Whole: every line is as it was signed, ${counted(json.items, 'item')}, ${json.clear === true ? 'clear' : 'not clear'}.`,
      signedBy === 'this-station'
        ? "Signed with this station's key."
        : `Who signed it was not checked (give --data or --key). Signed with ${verdict.publicKey}`,
    ];
    return { exit: EXIT.done, json, text: lines.join('\n') };
  },
};
