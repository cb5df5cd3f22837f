import type { StripStepView } from '../../../shared/contract.ts';
import type { CustodyStep } from '../../../shared/domain/custody.ts';
import { CUSTODY_STEPS } from '../../../shared/domain/custody.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';
import type { PhonesMayBeErased } from '../release/index.ts';
import { isPersonalPhone } from '../release/index.ts';

export type StepCount = {
  done: number;
  total: number;
  doing?: boolean;
  at?: number | null;
  code?: string | null;
  needed?: boolean;
};

/** What only a person sets going: between two of their acts nothing is at work. */
const WAITS_FOR_A_PERSON: ReadonlySet<CustodyStep> = new Set(['filed', 'erased']);

/** The custody strip from counts: done when all are, failed when something says why, doing when some are under way. */
export function strip(counts: Readonly<Record<CustodyStep, StepCount>>, commitmentOffered: boolean): StripStepView[] {
  return CUSTODY_STEPS.map((step) => {
    const { done, total, doing = false, at = null, code = null, needed = true } = counts[step];
    const offered = needed && (step !== 'committed' || commitmentOffered);
    const state = !offered
      ? 'not-offered'
      : code !== null
        ? 'failed'
        : total > 0 && done >= total
          ? 'done'
          : doing || (done > 0 && !WAITS_FOR_A_PERSON.has(step))
            ? 'doing'
            : 'waiting';
    return { step, state, done: Math.min(done, total), total, at, code };
  });
}

/**
 * Whether a medium has a step of erasing at all: a camera that the window shows live keeps nothing, and a personal phone is only read.
 *
 * @param absent how many of its items were erased all the same, while the phone was the department's
 */
export function erasing(
  medium: { readonly kind: MediumKind; readonly managed: number },
  phones: PhonesMayBeErased,
  absent: number,
): { needed: boolean; code: string | null } {
  if (medium.kind === 'dermatoscope') return { needed: false, code: null };
  if (absent === 0 && isPersonalPhone(medium, phones)) return { needed: false, code: 'personal-phone' };
  return { needed: true, code: null };
}
