import { REJECT_REASONS } from '../../../shared/domain/reasons.ts';
import type { RejectReason } from '../../../shared/domain/reasons.ts';
import type { Command, Outcome } from '../command.ts';
import { textOption, textOptions } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import { counted } from '../table.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

const CAPTURE = { type: 'string', multiple: true, value: 'ID', help: 'a capture; may be repeated' } as const;

type Refused = readonly { readonly captureId: string; readonly code: string }[];
const refusedJson = (refused: Refused) => refused.map(({ captureId, code }) => ({ capture: captureId, code }));

function outcome(json: Output<'reject'> | Output<'unreject'>, done: string[], word: string, refused: Refused): Outcome {
  const lines = [
    `${counted(done.length, 'capture')} ${word}.`,
    ...refused.map((one) => `not ${word}: ${one.captureId}: ${wordsOf(one.code)}`),
  ];
  const text = lines.join('\n');
  if (refused.length === 0) return { exit: EXIT.done, json, text };
  const message = `${counted(refused.length, 'capture')} not ${word}`;
  return { exit: EXIT.inPart, code: 'refused', message, json, text };
}

export const reject: Command = {
  name: 'reject',
  summary: 'reject captures: they go to no record, stay sealed, until `unreject`; leads only',
  usage: '--capture ID... --reason REASON',
  operands: [],
  options: { capture: CAPTURE, reason: { type: 'string', value: 'REASON', help: REJECT_REASONS.join(', ') } },
  async run(input) {
    const captureIds = textOptions(input.options, 'capture');
    const reason = textOption(input.options, 'reason');
    const isReason = (text: string | undefined): text is RejectReason => REJECT_REASONS.includes(text as RejectReason);
    if (captureIds.length === 0) throw new UsageError('--capture ID is needed (see: photodock captures)');
    if (!isReason(reason)) throw new UsageError(`--reason takes one of ${REJECT_REASONS.join(', ')}`);
    return withStation(input, async (station) => {
      const { rejected, refused } = await station.call('captures.reject', { captureIds, reason });
      return outcome({ rejected, refused: refusedJson(refused) }, rejected, 'rejected', refused);
    });
  },
};

export const unreject: Command = {
  name: 'unreject',
  summary: 'take the rejection of captures back, until their sealed bytes are shredded; leads only',
  usage: '--capture ID...',
  operands: [],
  options: { capture: CAPTURE },
  async run(input) {
    const captureIds = textOptions(input.options, 'capture');
    if (captureIds.length === 0) throw new UsageError('--capture ID is needed (see: photodock captures)');
    return withStation(input, async (station) => {
      const { restored, refused } = await station.call('captures.restore', { captureIds });
      return outcome({ restored, refused: refusedJson(refused) }, restored, 'restored', refused);
    });
  },
};
