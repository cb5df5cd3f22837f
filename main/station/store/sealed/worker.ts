import { parentPort } from 'node:worker_threads';
import { within } from '#durable';
import { errorCode, PhotodockError } from '../../../../shared/domain/errors.ts';
import type { SealedJob } from './jobs.ts';
import { runSealedJob } from './jobs.ts';

/** One thread of the sealed store: a job in, a result or a coded error out. */
parentPort!.on('message', ({ number, job }: { number: number; job: SealedJob }) => {
  try {
    const value = within(`thread ${job.job}`, () => runSealedJob(job));
    const transfer = 'bytes' in value ? [value.bytes.buffer as ArrayBuffer] : [];
    parentPort!.postMessage({ number, ok: true, value }, transfer);
  } catch (error) {
    const details = error instanceof PhotodockError ? error.details : {};
    // Node's own messages name paths, and names on a medium may name patients: only the code crosses.
    const message = error instanceof PhotodockError ? error.message : 'operating system error';
    parentPort!.postMessage({ number, ok: false, code: errorCode(error), message, details });
  }
});
