import { missingCase } from '../../../../shared/domain/errors.ts';
import { frame, TIRED_AFTER_SECONDS, type Answer, type Job } from '../protocol.ts';
import { DecodeError } from './decode-error.ts';
import { inspect } from './inspect.ts';
import { readJob, writeAll } from './pipe.ts';
import { prepareRecord } from './prepare-record.ts';
import { quickThumbnail } from './quick-thumbnail.ts';
import { render } from './render.ts';

/**
 * The imaging process: one job at a time, nothing else. It has no files, no network, no key, no names; it ends when its parent
 * does. What libraries print goes nowhere.
 */
type Done = { value: unknown; parts: Uint8Array[] };

function perform(job: Job, bytes: Uint8Array): Promise<Done> {
  switch (job.task) {
    case 'inspect':
      return inspect(bytes, job.withPixels);
    case 'quick-thumbnail':
      return quickThumbnail(bytes);
    case 'render':
      return render(bytes, job.renderSize);
    case 'record':
      return prepareRecord(bytes);
    default:
      return missingCase(job);
  }
}

function isTired(): boolean {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 > TIRED_AFTER_SECONDS;
}

async function answerTo(job: Job, bytes: Uint8Array | null): Promise<{ answer: Answer; parts: Uint8Array[] }> {
  if (bytes === null) return { answer: { ok: false, code: 'source-incomplete', parts: [] }, parts: [] };
  try {
    const { value, parts } = await perform(job, bytes);
    return { answer: { ok: true, value, isTired: isTired(), parts: parts.map(({ length }) => length) }, parts };
  } catch (error) {
    return {
      answer: { ok: false, code: error instanceof DecodeError ? error.code : 'malformed', parts: [] },
      parts: [],
    };
  }
}

writeAll(frame({ ok: true, value: 'ready', isTired: false, parts: [] } satisfies Answer));
for (;;) {
  const next = readJob();
  if (next === null) process.exit(0);
  const { answer, parts } = await answerTo(next.job, next.bytes);
  writeAll(frame(answer));
  for (const part of parts) writeAll(part);
}
