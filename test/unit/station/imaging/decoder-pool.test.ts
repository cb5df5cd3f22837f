import { expect, test } from 'vitest';
import { DecoderPool } from '../../../../main/station/imaging/decoder-pool.ts';

const limits = { timeLimit: 5000, memoryLimitMegabytes: 256 };
const job = { task: 'inspect' as const, size: 1, kind: 'jpeg' as const, async *read() {} };

test.each([1, 2, 3])('an imaging process that cannot start is said, with %i at a time', async (processes) => {
  const pool = new DecoderPool({ command: 'false', arguments: [], environment: {} }, limits, processes, undefined);
  // Twice: what waits now, and whoever asks later.
  for (let asked = 0; asked < 2; asked++) {
    const run = pool.run(job as unknown as Parameters<DecoderPool['run']>[0], 'background', undefined);
    await expect(run).rejects.toMatchObject({ code: 'decoder-unavailable' });
  }
  await pool.close();
});
