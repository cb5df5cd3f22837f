import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { erasedWords, readCertificate, statementOf } from '../certificate-text.ts';
import { CallError, UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { moment } from '../patient.ts';
import type { Output } from '../schemas.ts';
import { withStation } from '../with-station.ts';
import { writeAtomically } from '../write-atomically.ts';

export const certificate: Command = {
  name: 'certificate',
  summary: 'write the signed account of one docking: every item, its evidence, its end',
  usage: '--docking ID --out FILE [--html FILE]',
  operands: [],
  options: {
    docking: { type: 'string', value: 'ID', help: 'the docking (see: photodock status)' },
    out: { type: 'string', value: 'FILE', help: 'the signed text (JSON); this is what verify-certificate checks' },
    html: { type: 'string', value: 'FILE', help: 'also a page to print' },
  },
  async run(input) {
    const dockingId = textOption(input.options, 'docking');
    const out = textOption(input.options, 'out');
    const page = textOption(input.options, 'html');
    if (dockingId === undefined || out === undefined) throw new UsageError('--docking ID and --out FILE are needed');
    const file = resolve(input.world.cwd, out);
    return withStation(input, async (station) => {
      const { text, issuedAt } = await station.call('certificate.get', { dockingId });
      const account = readCertificate(text);
      if (account === null) throw new CallError('certificate.get', 'internal');
      await writeAtomically(file, text);
      const html = page === undefined ? null : resolve(input.world.cwd, page);
      if (html !== null) await writeAtomically(html, (await station.call('certificate.html', { dockingId })).html);
      const json: Output<'certificate'> = {
        docking: dockingId,
        issuedAt: moment(issuedAt),
        file,
        html,
        sha256: createHash('sha256').update(text).digest('hex'),
        listed: account.listed,
        erased: account.erased,
        clear: account.clear,
      };
      const state = account.clear ? 'clear' : `${account.listed - account.erased} still on the medium`;
      const lines = [
        `Certificate written to ${file}`,
        `${account.listed} listed, ${account.erased} ${erasedWords(account.kind)}, ${state}.`,
      ];
      const statement = statementOf(account);
      if (statement !== null) lines.push(`${statement}.`);
      if (html !== null) lines.push(`Page to print: ${html}`);
      return { exit: EXIT.done, json, text: lines.join('\n') };
    });
  },
};
