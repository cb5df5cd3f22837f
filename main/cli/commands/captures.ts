import type { z } from 'zod';
import type { CaptureView } from '../../../shared/contract.ts';
import { CAPTURE_STAGES } from '../../../shared/domain/stages.ts';
import type { CaptureStage } from '../../../shared/domain/stages.ts';
import type { Command } from '../command.ts';
import { textOption } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-code.ts';
import { moment, patientJson } from '../patient.ts';
import type { CaptureShape, Output } from '../schemas.ts';
import { table } from '../table.ts';
import { withStation } from '../with-station.ts';
import { wordsOf } from '../words.ts';

function captureJson(view: CaptureView): z.output<typeof CaptureShape> {
  const { filing, rejected, stuck } = view;
  return {
    id: view.id,
    docking: view.dockingId,
    stage: view.stage,
    kind: view.kind,
    name: view.name,
    items: view.itemCount,
    bytes: view.bytes,
    capturedAt: view.capturedAt,
    capturedOffset: view.capturedOffset,
    width: view.width,
    height: view.height,
    camera: view.camera,
    display: view.display,
    displayReason: view.displayReason,
    duplicateOf: view.duplicate?.captureId ?? null,
    filing: filing && {
      worklistItem: filing.worklistItemId,
      patient: patientJson(filing.patient),
      accessionNumber: filing.accessionNumber,
      region: `${filing.region.scheme}:${filing.region.code}`,
      regionMeaning: filing.region.meaning,
      laterality: filing.laterality,
      view: filing.view,
      burnedIn: filing.burnedIn,
      recognizable: filing.recognizable,
      filedBy: filing.filedBy,
      filedAt: moment(filing.filedAt),
    },
    rejected: rejected && { reason: rejected.reason, by: rejected.by, at: moment(rejected.at) },
    held: view.held,
    shreddedAt: view.shreddedAt === null ? null : moment(view.shreddedAt),
    stuck: stuck && {
      code: stuck.code,
      attempts: stuck.attempts,
      nextAttemptAt: stuck.nextAttemptAt === null ? null : moment(stuck.nextAttemptAt),
    },
  };
}

function remark(view: CaptureView): string {
  if (view.held) return 'held';
  if (view.stuck !== null) return wordsOf(view.stuck.code);
  if (view.rejected !== null) return view.rejected.reason;
  if (view.filing !== null) return `${view.filing.patient.name.display}, ${view.filing.region.meaning}`;
  if (view.display === 'cannot') return 'cannot be displayed';
  return view.duplicate === null ? '' : 'same content as an earlier one';
}

export const captures: Command = {
  name: 'captures',
  summary: 'the captures: what they are, to whom they are filed, why they are stuck',
  usage: '[--stage S] [--docking ID]',
  operands: [],
  options: {
    stage: { type: 'string', value: 'S', help: `only those in this stage: ${CAPTURE_STAGES.join(', ')}` },
    docking: { type: 'string', value: 'ID', help: 'only those of this docking' },
  },
  async run(input) {
    const stage = textOption(input.options, 'stage');
    const dockingId = textOption(input.options, 'docking');
    const isStage = (text: string): text is CaptureStage => (CAPTURE_STAGES as readonly string[]).includes(text);
    if (stage !== undefined && !isStage(stage))
      throw new UsageError(`--stage takes one of ${CAPTURE_STAGES.join(', ')}`);
    return withStation(input, async (station) => {
      if (dockingId !== undefined) await station.call('dockings.get', { dockingId });
      const { captures: views } = await station.call('captures.list', { stage, dockingId });
      const json: Output<'captures'> = { captures: views.map(captureJson) };
      const rows = views.map((view) => [
        view.id,
        view.stage,
        view.kind,
        view.name,
        view.capturedAt ?? '',
        remark(view),
      ]);
      const text =
        views.length === 0 ? 'No captures.' : table(['ID', 'STAGE', 'KIND', 'NAME', 'TAKEN', 'REMARK'], rows);
      return { exit: EXIT.done, json, text };
    });
  },
};
