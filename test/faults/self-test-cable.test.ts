import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BreakName } from '../support/broken-build.ts';
import { breakBuild } from '../support/broken-build.ts';
import { faultRandom } from '../support/fault-random.ts';
import { removeFolder, tempFolder } from '../support/server-process.ts';
import { CableBench } from './kinds/cable-bench.ts';
import { unavailable } from './kinds/cable-here.ts';

// Does the bench of devices see anything at all? The station is built wrongly, and the invariants must see it after the very fault that the
// station as it is withstands (kinds/cable-*.ts).

let folder: string;
beforeAll(async () => void (folder = await tempFolder('self-test-cable')));
afterAll(() => removeFolder(folder));

/** What the invariants say of a station with this fault, after `work`. */
async function seen(name: BreakName, work: (bench: CableBench) => Promise<unknown>): Promise<string> {
  const why = await unavailable();
  if (why !== null) {
    process.stdout.write(`NOT DONE HERE: ${name}: ${why}\n`);
    return why;
  }
  const bench = await CableBench.open(faultRandom(1), { build: await breakBuild(name, folder) });
  try {
    await work(bench);
    return (await bench.violations()).join('\n');
  } finally {
    await bench.close();
  }
}

/** A picture that is delivered and ordered to be erased. */
async function erased(bench: CableBench, card: Awaited<ReturnType<CableBench['plug']>>): Promise<void> {
  const dockingId = await bench.read(card);
  await bench.deliver(dockingId);
  await bench.erase(dockingId);
}

test('a station that reads a device once', async () => {
  const told = await seen('device-read-once', async (bench) => {
    const picture = await bench.picture('A.JPG');
    const size = Buffer.from(picture.base64!, 'base64').length;
    await bench.read(await bench.plug([picture], { faults: [{ name: 'transcoding', size, seed: 'other', times: 1 }] }));
  });
  expect(told).toMatch(/^a: the sealed copy of .*A\.JPG \(proven\) is other bytes/m);
});

test('a station that looks for what it erased in the same session', async () => {
  const told = await seen('absence-in-the-same-session', async (bench) => {
    const card = await bench.plug(['A.JPG'], { faults: [{ name: 'returns-after-delete' }] });
    await erased(bench, card);
    await bench.readAgain(card);
  });
  expect(told).toMatch(/^b: .*A\.JPG is called absent and is on its device/m);
});

test('a station that believes a device its deletions', async () => {
  const told = await seen('deletion-as-absence', async (bench) =>
    erased(bench, await bench.plug(['A.JPG'], { faults: [{ name: 'lying-delete' }] })),
  );
  expect(told).toMatch(/^b: .*A\.JPG is called absent/m);
});

test('a station that erases by name', async () => {
  const told = await seen('erased-by-its-name', async (bench) => {
    const card = await bench.plug(['A.JPG', 'A.JPG']);
    const dockingId = await bench.read(card);
    const { captures } = await bench.station.call('captures.list', { dockingId });
    await bench.fileOne(captures[0]!.id);
    await bench.station.until('dockings.get', { dockingId }, ({ equation }) => equation.confirmed === 1);
    await bench.erase(dockingId);
  });
  expect(told).toMatch(/^b: [^:]*A\.JPG[^:]* is gone and its evidence is/m);
});
