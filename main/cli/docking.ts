import type { DockingView, ProgressView } from '../../shared/contract.ts';
import type { z } from 'zod';
import { CUSTODY_TERMS } from '../../shared/domain/custody.ts';
import { erasedWords } from './certificate-text.ts';
import { CommandError } from './errors.ts';
import type { Progress } from './progress.ts';
import type { DockingShape } from './schemas.ts';
import type { StationSession } from './station-session.ts';
import { waitFor } from './wait.ts';
import { wordsOf } from './words.ts';

/** A docking as the command line prints it. */
export function dockingJson(view: DockingView): z.output<typeof DockingShape> {
  return {
    id: view.id,
    medium: { id: view.medium.id, kind: view.medium.kind, label: view.medium.label },
    state: view.state,
    ...view.equation,
    held: view.held,
    onMedium: { ...view.onMedium },
  };
}

const TERMS: Readonly<Record<string, string>> = { inDelivery: 'in delivery' };

/** `9 listed = 7 confirmed + 0 in delivery + ...` */
export function equationText({ equation }: DockingView): string {
  const terms = CUSTODY_TERMS.map((term) => `${equation[term]} ${TERMS[term] ?? term}`);
  return `${equation.listed} listed = ${terms.join(' + ')}`;
}

/** `on the medium: 2 present, 7 deleted and checked absent, ...` */
export function onMediumText({ medium, onMedium }: DockingView): string {
  const { present, absent, kept, eraseUnverified } = onMedium;
  return `on the medium: ${present} present, ${kept} kept, ${absent} ${erasedWords(medium.kind)}, ${eraseUnverified} deletion not verified`;
}

export function progressText(progress: ProgressView): string {
  const { phase, itemsDone, itemsTotal, bytesDone, bytesTotal, bytesPerSecond, secondsLeft } = progress;
  const parts = [`${phase} ${itemsDone} of ${itemsTotal}`];
  if (bytesTotal > 0) parts.push(`${megabytes(bytesDone)} of ${megabytes(bytesTotal)}`);
  if (bytesPerSecond !== null) parts.push(`${megabytes(bytesPerSecond)}/s`);
  if (secondsLeft !== null) parts.push(`${secondsLeft} s left`);
  return parts.join(', ');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

const READING: ReadonlySet<DockingView['state']> = new Set(['listing', 'reading']);
/** Reading stopped before it was through; somebody has to do something first. */
const CUT_SHORT: ReadonlySet<DockingView['state']> = new Set(['failed', 'cancelled', 'unplugged-early']);

export interface WaitOptions {
  readonly dockingId: string;
  readonly progress: Progress;
  readonly deadline?: number | undefined;
}

/**
 * Waits until nothing of a docking is still being read, and every proven picture was looked at and so
 * is a capture that can be filed.
 * @throws CommandError `timed-out`
 */
export async function waitUntilRead(
  station: StationSession,
  { dockingId, progress, deadline }: WaitOptions,
): Promise<DockingView> {
  return waitFor(
    async () => {
      const view = await station.call('dockings.get', { dockingId });
      if (view.progress !== null) progress.show(progressText(view.progress));
      if (CUT_SHORT.has(view.state) || view.awaitsApproval) return view;
      if (READING.has(view.state)) return null;
      const proven = view.strip.find((step) => step.step === 're-read')?.done ?? 0;
      return view.previewsDone >= proven ? view : null;
    },
    { signal: station.signal, deadline },
  );
}

/** Waits until the manifest of a docking is taken. */
export async function waitUntilListed(
  station: StationSession,
  { dockingId, progress, deadline }: WaitOptions,
): Promise<DockingView> {
  return waitFor(
    async () => {
      const view = await station.call('dockings.get', { dockingId });
      if (view.progress !== null) progress.show(progressText(view.progress));
      return view.state === 'listing' && !view.awaitsApproval ? null : view;
    },
    { signal: station.signal, deadline },
  );
}

/** Why the reading of this docking was cut short, in words; null when it was not. */
export function cutShort(view: DockingView): CommandError | null {
  if (view.awaitsApproval) {
    const how = `photodock media approve --medium ${view.medium.id}`;
    return new CommandError(
      'needs-approval',
      `nothing of this unknown medium is read until a lead lets it in (${how})`,
    );
  }
  if (!CUT_SHORT.has(view.state)) return null;
  const why = view.problem === null ? view.state : `${view.state}: ${wordsOf(view.problem)}`;
  return new CommandError(view.problem ?? view.state, `reading stopped (${why})`);
}
