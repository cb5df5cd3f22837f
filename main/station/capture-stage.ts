import type { CaptureStage } from '../../shared/domain/stages.ts';
import type { Transaction } from './store/index.ts';

/**
 * Moves a capture, and with it every content-identical capture that follows it, to a stage. The only place where a
 * capture's stage is written after it was made.
 */
export async function setCaptureStage(tx: Transaction, captureId: string, stage: CaptureStage): Promise<void> {
  // Retention begins anew with every end that is reached.
  await tx.run('UPDATE capture SET stage = ?, retention_day = NULL WHERE id = ? OR duplicate_of = ?', [
    stage,
    captureId,
    captureId,
  ]);
}
