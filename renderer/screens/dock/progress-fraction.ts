import type { ProgressView } from '../../../shared/contract.ts';

/** How far a job is, 0 to 1: by bytes where they are known, because items differ in size. */
export function progressFraction(
  progress: Pick<ProgressView, 'itemsDone' | 'itemsTotal' | 'bytesDone' | 'bytesTotal'>,
): number {
  const [done, total] =
    progress.bytesTotal > 0 ? [progress.bytesDone, progress.bytesTotal] : [progress.itemsDone, progress.itemsTotal];
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
}
