import type { CaptureView } from '../../../shared/contract.ts';
import { Laterality } from '../../../shared/contract/views.ts';
import type { Command, CommandInput } from '../command.ts';
import { textOption, textOptions } from '../command.ts';
import { waitUntilRead } from '../docking.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import type { StationSession } from '../station-session.ts';
import { counted, printable } from '../table.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

/** What one call takes at most. */
const BATCH = 5000;

function filingOptions({ options }: CommandInput) {
  const captureIds = textOptions(options, 'capture');
  const dockingId = textOption(options, 'docking');
  if (captureIds.length > 0 === (dockingId !== undefined)) {
    throw new UsageError('say what to file: --capture ID (as often as needed) or --docking ID');
  }
  const worklistItemId = textOption(options, 'worklist-item');
  if (worklistItemId === undefined) throw new UsageError('--worklist-item ID is needed (see: photodock worklist)');
  const [scheme, code, more] = (textOption(options, 'region') ?? '').split(':');
  if (!scheme || !code || more !== undefined) {
    throw new UsageError('--region SCHEME:CODE is needed, such as SCT:33712006 (skin of hand)');
  }
  const side = textOption(options, 'laterality');
  const laterality = side === undefined ? null : Laterality.safeParse(side).data;
  if (laterality === undefined) throw new UsageError('--laterality takes R, L, B (both) or U (not known)');
  return {
    captureIds,
    dockingId,
    order: {
      worklistItemId,
      region: { scheme, code },
      laterality,
      view: textOption(options, 'view') ?? null,
      burnedIn: options['burned-in'] === true,
      recognizable: options['recognizable'] === true,
    },
  };
}

/** All unfiled captures of a docking, once it is read. */
async function unfiledOf(station: StationSession, dockingId: string, input: CommandInput): Promise<CaptureView[]> {
  await waitUntilRead(station, { dockingId, progress: input.progress });
  return (await station.call('captures.list', { dockingId, stage: 'unfiled' })).captures;
}

export const file: Command = {
  name: 'file',
  summary: 'file captures to a worklist entry with region and side',
  usage:
    '(--capture ID... | --docking ID) --worklist-item ID --region SCHEME:CODE [--laterality R|L|B|U] [--view TEXT] [--burned-in] [--recognizable]',
  about:
    'With --docking all unfiled captures of that docking are filed. Filed captures are delivered by themselves (see deliver).',
  operands: [],
  options: {
    capture: { type: 'string', multiple: true, value: 'ID', help: 'a capture; may be repeated' },
    docking: { type: 'string', value: 'ID', help: 'every unfiled capture of this docking' },
    'worklist-item': { type: 'string', value: 'ID', help: 'the entry to file to (see: photodock worklist)' },
    region: { type: 'string', value: 'SCHEME:CODE', help: 'anatomic region of CID 4029, such as SCT:33712006' },
    laterality: {
      type: 'string',
      value: 'R|L|B|U',
      help: 'right, left, both, not known; needed where the region has sides',
    },
    view: {
      type: 'string',
      value: 'TEXT',
      help: 'what the picture shows, at most 64 characters; becomes the series description',
    },
    'burned-in': { type: 'boolean', help: 'names or numbers of the patient can be read in the picture' },
    recognizable: { type: 'boolean', help: 'the patient can be recognized in the picture' },
  },
  async run(input) {
    const { captureIds, dockingId, order } = filingOptions(input);
    return withStation(input, async (station) => {
      const views = dockingId === undefined ? null : await unfiledOf(station, dockingId, input);
      const names = new Map(views?.map((view) => [view.id, view.name]));
      const wanted = views?.map((view) => view.id) ?? captureIds;
      const json: Output<'file'> = { filed: [], refused: [] };
      for (let from = 0; from < wanted.length; from += BATCH) {
        const answer = await station.call('captures.file', { ...order, captureIds: wanted.slice(from, from + BATCH) });
        json.filed.push(...answer.filed);
        json.refused.push(
          ...answer.refused.map(({ captureId, code }) => ({
            capture: captureId,
            name: names.get(captureId) ?? null,
            code,
          })),
        );
      }
      const lines = [`${counted(json.filed.length, 'capture')} filed.`];
      for (const one of json.refused) {
        lines.push(
          `not filed: ${one.capture}${one.name === null ? '' : ` (${printable(one.name)})`}: ${wordsOf(one.code)}`,
        );
      }
      if (json.refused.length === 0) return { exit: EXIT.done, json, text: lines.join('\n') };
      const message = `${counted(json.refused.length, 'capture')} not filed`;
      return { exit: EXIT.inPart, code: 'refused', message, json, text: lines.join('\n') };
    });
  },
};
