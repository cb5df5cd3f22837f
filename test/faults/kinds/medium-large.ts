import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MediumScenario } from './medium-table.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Memory of a process as the kernel counts it, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

/** Cards that are merely large. */
export const largeMediumScenarios: readonly MediumScenario[] = [
  {
    name: 'more-than-4-gib',
    does: 'a file of 4 GiB and 1 MiB lies beside a picture',
    ends: 'it streams through hash, seal and both second reads; the station’s memory stays below 700 MiB; it is sealed and undecided',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      await writeFile(path.join(card.truth, 'LONG.MP4'), Buffer.from('\0\0\0\x18ftypmp42'));
      await truncate(path.join(card.truth, 'LONG.MP4'), 4 * GIB + MIB);
      await card.remember();
      const pid = await bench.station.pid();
      const { dockingId } = await bench.station.call('dock.folder', { path: card.root });
      let most = 0;
      await bench.station.until(
        'dockings.get',
        { dockingId },
        ({ state }) => {
          void memoryOf(pid).then((now) => (most = Math.max(most, now)));
          return !['listing', 'reading'].includes(state);
        },
        900_000,
      );
      await bench.station.until('station.status', {}, ({ idle }) => idle, 120_000);
      await bench.shows(dockingId, { state: 'sealed', equation: 'unfiled 2', onMedium: 'present 2' });
      assert.ok(most < 700 * MIB, `the station used ${Math.round(most / MIB)} MiB`);
      return 'sealed';
    },
  },
  {
    name: 'ten-thousand',
    does: '10,000 files in one folder',
    ends: 'all are listed, sealed and proven; the equation adds up',
    async run(bench) {
      const root = await mkdtemp(path.join(bench.folder, 'many-'));
      await mkdir(path.join(root, 'DCIM'));
      for (let at = 0; at < 10_000; at += 1) {
        await writeFile(path.join(root, 'DCIM', `NOTE${String(at).padStart(5, '0')}.TXT`), `note ${at}\n`);
      }
      const card = await bench.adopt(root, async () => undefined);
      const { dockingId } = await bench.station.call('dock.folder', { path: card.root });
      const done = await bench.station.until(
        'dockings.get',
        { dockingId },
        ({ state, equation }) => state === 'sealed' && equation.unfiled === 10_000,
        900_000,
      );
      assert.equal(done.equation.listed, 10_000);
      assert.equal((await card.names()).length, 10_000);
      return 'sealed';
    },
  },
];
