import { parentPort } from 'node:worker_threads';
import { within } from '#durable';
import { errorCode, PhotodockError } from '../../../../shared/domain/errors.ts';

/** The loop of one thread of the sealed store: a job in, a result or a coded error out. */
export function serveJobs(run: (job: never) => unknown): void {
  parentPort!.on('message', ({ number, job }: { number: number; job: { readonly job: string } }) => {
    try {
      const value = within(`thread ${job.job}`, () => run(job as never));
      const bytes = typeof value === 'object' && value !== null && 'bytes' in value ? value.bytes : null;
      const transfer = bytes instanceof Uint8Array ? [bytes.buffer as ArrayBuffer] : [];
      parentPort!.postMessage({ number, ok: true, value }, transfer);
    } catch (error) {
      const details = error instanceof PhotodockError ? error.details : {};
      // Node's own messages name paths, and names on a medium may name patients: only the code crosses.
      const message = error instanceof PhotodockError ? error.message : 'operating system error';
      parentPort!.postMessage({ number, ok: false, code: errorCode(error), message, details });
    }
  });
}
