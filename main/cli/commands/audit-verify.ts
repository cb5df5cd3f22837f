import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CallInput } from '../../../shared/contract.ts';
import type { Command, CommandInput } from '../command.ts';
import { textOptions } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

type Witness = NonNullable<CallInput<'audit.verify'>['witnesses']>[number];

/** The chain's head that a certificate names. Only a certificate whose every line is as it was signed can be a witness. */
async function witnessOf(name: string, { world }: CommandInput): Promise<Witness & { file: string }> {
  const file = resolve(world.cwd, name);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code ?? 'unknown'})`, 'cannot-read-file');
  });
  // Only here: the other commands need nothing of the station's inside.
  const { verifyCertificate } = await import('../../station/release/index.ts');
  const verdict = verifyCertificate(text);
  if (!verdict.ok)
    throw new UsageError(`${file} is no witness: line ${verdict.line} is not as it was signed`, 'certificate-altered');
  const head = verdict.elements[0]?.['auditHead'] as { line: number; hash: string } | null | undefined;
  if (!head) throw new UsageError(`${file} names no head of an audit chain`, 'cannot-read-file');
  return { file, line: head.line, hash: head.hash, publicKey: verdict.publicKey };
}

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'walk the whole audit chain, and compare it with its signed heads and with certificates',
  usage: '[--certificate FILE]...',
  about:
    'Names the first line that was changed, removed, inserted, reordered or rewritten. That the end was cut off, or the whole index replaced by\nan older one, is found by the signed head beside the index (audit-head.json) and, whoever has the data folder in hand, by any later certificate.',
  operands: [],
  options: {
    certificate: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      help: 'a certificate of this station to compare with; may be repeated',
    },
  },
  async run(input) {
    const witnesses: (Witness & { file: string })[] = [];
    for (const name of textOptions(input.options, 'certificate')) witnesses.push(await witnessOf(name, input));
    return withStation(input, async (station) => {
      const verdict = await station.call('audit.verify', {
        witnesses: witnesses.map(({ line, hash, publicKey }) => ({ line, hash, publicKey })),
      });
      const { ok, problem, lines, firstBadLine, headHash, signedLine, headFile } = verdict;
      const json: Output<'audit verify'> = {
        problem,
        lines,
        firstBadLine,
        headHash,
        signedLine,
        headFile,
        certificates: witnesses.map(({ file, line }, at) => ({
          file,
          line,
          answer: verdict.witnesses[at] ?? 'missing',
        })),
      };
      const told = json.certificates.map(
        ({ file, line, answer }) =>
          `${file}: line ${line}: ${answer === 'agrees' ? 'agrees' : wordsOf(`audit-${answer}`)}`,
      );
      told.push(`Head file: ${headFile === 'agrees' ? 'agrees' : wordsOf(`audit-${headFile}`)}`);
      if (ok) {
        const signed = signedLine === null ? 'none of it signed yet' : `signed up to line ${signedLine}`;
        const text = [`The audit chain is whole: ${counted(lines, 'line')}, ${signed}, head ${headHash}`, ...told];
        return { exit: EXIT.done, json, text: text.join('\n') };
      }
      const where = firstBadLine === null ? 'the audit chain' : `audit line ${firstBadLine}`;
      const message = `${where}: ${wordsOf(`audit-${problem}`)}`;
      return {
        exit: EXIT.inPart,
        code: 'audit-broken',
        message,
        json,
        text: [`BROKEN: ${message}`, ...told].join('\n'),
      };
    });
  },
};
