import type { z } from 'zod';
import type { HoldView } from '../../shared/contract.ts';
import type { CommandInput } from './command.ts';
import { textOption } from './command.ts';
import { UsageError } from './errors.ts';
import { moment } from './patient.ts';
import type { HoldShape } from './schemas.ts';

/** One hold for `--json`. */
export function holdJson(view: HoldView): z.output<typeof HoldShape> {
  return {
    id: view.id,
    docking: view.dockingId,
    capture: view.captureId,
    name: view.name,
    medium: view.mediumLabel,
    items: view.items,
    reason: view.reason,
    placedBy: view.placedBy,
    placedAt: moment(view.placedAt),
    lifted: view.lifted && { by: view.lifted.by, at: moment(view.lifted.at), reason: view.lifted.reason },
  };
}

/** The reason that a person has to give. @throws UsageError */
export function reasonOption({ options }: CommandInput): string {
  const reason = textOption(options, 'reason')?.trim() ?? '';
  if (reason.length < 3 || reason.length > 500) throw new UsageError('--reason TEXT is needed, 3 to 500 characters');
  return reason;
}
