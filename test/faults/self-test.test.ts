import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BreakName } from '../support/broken-build.ts';
import { breakBuild } from '../support/broken-build.ts';
import { makeFaultCard, sha256 } from '../support/fault-card.ts';
import { custodyViolations } from '../support/fault-invariants.ts';
import { faultRandom } from '../support/fault-random.ts';
import { storeKeyOf } from '../support/fault-store.ts';
import { mountFuseCard } from '../support/fuse-card.ts';
import type { HostileScenarioName } from '../support/hostile-archive.ts';
import { startHostileArchive } from '../support/hostile-archive.ts';
import { testJpeg } from '../support/jpeg.ts';
import { freePort, removeFolder, tempFolder } from '../support/server-process.ts';
import { startTestStation } from '../support/station.ts';
import { dockAndRead, fileAll, release } from '../support/walk-card.ts';
import { killKind } from './kinds/kill.ts';

// A bench that finds nothing proves nothing. Here the station is built wrongly in five ways, and the invariants that the bench looks at
// after every round must see each of them; the same fault against the station as it is must leave them whole.

let folder: string;
beforeAll(async () => void (folder = await tempFolder('self-test')));
afterAll(() => removeFolder(folder));

/** Null is the station as it is. */
const buildOf = async (name: BreakName | null) => (name === null ? {} : { build: await breakBuild(name, folder) });

/** A station with an archive of our own, and what the invariants say after `work`. */
async function violationsAfter(
  name: BreakName | null,
  archiveIs: HostileScenarioName,
  makeCard: (root: string) => Promise<{
    root: string;
    original: ReadonlyMap<string, string>;
    faulty?: ReadonlySet<string>;
    done?: () => Promise<void>;
  }>,
  work: (station: Awaited<ReturnType<typeof startTestStation>>, root: string) => Promise<void>,
): Promise<readonly string[]> {
  const stationPort = await freePort();
  const archive = await startHostileArchive({ scenario: archiveIs, stationAet: 'PHOTODOCK', stationPort });
  const peer = { host: '127.0.0.1', port: archive.dicomPort, calledAet: archive.aet };
  const station = await startTestStation({
    ...(await buildOf(name)),
    config: {
      station: { name: 'SELF', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
      archive: { kind: 'dimse', name: 'Archive', ...peer, commitmentTimeoutSeconds: 2, readBack: { kind: 'move' } },
      worklist: peer,
      intake: { mountRoots: [], watchFolders: [] },
    },
  });
  const card = await makeCard(path.join(folder, `card-${archiveIs}-${name ?? 'sound'}-${stationPort}`));
  try {
    await station.firstLead();
    await station.until('worklist.list', {}, ({ items }) => items.length > 0);
    await work(station, card.root);
    return await custodyViolations({
      station,
      key: await storeKeyOf(station.dataDir),
      cards: [{ ...card, pictures: [], faulty: card.faulty ?? new Set() }],
      archive,
      commitmentOffered: true,
      memory: { objects: new Map() },
    });
  } finally {
    await station.stop();
    await archive.stop();
    await card.done?.();
  }
}

describe('a bench that notices', () => {
  const lyingCard = async () => {
    const bytes = await testJpeg(1, 320);
    const card = await mountFuseCard({ 'DCIM/A.JPG': bytes }, { 'first-other': ['/DCIM/A.JPG'] });
    return {
      root: card.root,
      original: new Map([['DCIM/A.JPG', sha256(bytes)]]),
      faulty: new Set(['DCIM/A.JPG']),
      done: () => card.remove(),
    };
  };
  const read = async (station: Awaited<ReturnType<typeof startTestStation>>, root: string) =>
    void (await dockAndRead(station, root));

  test('a station that does not read twice', async () => {
    const seen = await violationsAfter('second-read-skipped', 'honest', lyingCard, read);
    expect(seen.join('\n')).toMatch(/^a: the sealed copy of DCIM\/A.JPG \(proven\) is other bytes/m);
  });

  test('and none that does', async () => {
    expect(await violationsAfter(null, 'honest', lyingCard, read)).toEqual([]);
  });

  const plainCard = (root: string) => makeFaultCard(root, 1, 1);
  const deliver = async (station: Awaited<ReturnType<typeof startTestStation>>, root: string) => {
    const dockingId = await dockAndRead(station, root);
    await fileAll(station, dockingId);
    await station.until('captures.list', { dockingId }, ({ captures }) =>
      captures.some((one) => one.stage === 'confirmed'),
    );
  };

  test('a station that takes a commitment for the bytes', async () => {
    const seen = await violationsAfter('commitment-as-proof', 'keeps-other-pixels', plainCard, deliver);
    expect(seen.join('\n')).toMatch(/is called confirmed and the archive does not hold its pixels/);
  });

  /** A picture with a sidecar; the sidecar is changed on the card before the erasing is ordered. */
  const pair = async (root: string) => {
    const card = await makeFaultCard(root, 2, 1);
    const sidecar = 'DCIM/100FAULT/IMG_1000.XMP';
    await writeFile(path.join(root, sidecar), '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
    return {
      ...card,
      original: new Map([...card.original, [sidecar, sha256(Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'))]]),
    };
  };
  const eraseChanged = async (station: Awaited<ReturnType<typeof startTestStation>>, root: string) => {
    const dockingId = await dockAndRead(station, root);
    await fileAll(station, dockingId);
    await station.until(
      'dockings.get',
      { dockingId },
      ({ equation }) => equation.confirmed >= 1 && equation.inDelivery === 0,
    );
    await appendFile(path.join(root, 'DCIM/100FAULT/IMG_1000.XMP'), '<!-- changed -->');
    await release(station, dockingId);
  };

  test('a gate that ignores the group', async () => {
    const seen = await violationsAfter('gate-ignores-group', 'honest', pair, eraseChanged);
    expect(seen.join('\n')).toMatch(/^b: .*IMG_1000\.JPG was erased and .*IMG_1000\.XMP of its group was not/m);
  });

  test('and none that asks it', async () => {
    const seen = await violationsAfter(null, 'honest', pair, eraseChanged);
    // The sidecar was changed on the card by us; nothing was erased.
    expect(seen).toEqual(['b: DCIM/100FAULT/IMG_1000.XMP was changed on its medium']);
  });

  test.each([
    ['evidence-after-commit', false, 'prove: committed, not told', /^b: .* is called proven and its evidence is/m],
    ['fsync-removed', true, 'erase: committed, not told', /^a: the bytes of .* exist nowhere/m],
  ] as const)('a station with %s', async (name, powerCut, point, expected) => {
    const kind = killKind('self-test', 1, { protocol: 'dicomweb', powerCut, ...(await buildOf(name)) });
    const why = await kind.unavailable();
    if (why !== null) {
      process.stdout.write(`NOT DONE HERE: ${name}: ${why}\n`);
      return;
    }
    const place = await tempFolder('self-test-kill');
    const world = await kind.open(faultRandom(1), place);
    try {
      expect(await world.run(point, faultRandom(3))).toBe(powerCut ? 'power cut' : 'killed');
      expect((await world.violations()).join('\n')).toMatch(expected);
    } finally {
      await world.close();
      await removeFolder(place);
    }
  });
});
