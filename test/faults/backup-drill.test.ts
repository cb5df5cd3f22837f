import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listGenerations } from '../../main/station/backup/folder.ts';
import { restore } from '../../main/station/backup/index.ts';
import { sealedEntries } from '../../main/station/backup/snapshot.ts';
import { openConnection, SealedStore, sealedFile } from '../../main/station/store/index.ts';
import type { FaultCard } from '../support/fault-card.ts';
import { makeFaultCard } from '../support/fault-card.ts';
import { custodyViolations } from '../support/fault-invariants.ts';
import { inSnapshot, openSealed, storeKeyOf } from '../support/fault-store.ts';
import type { OrthancServer } from '../support/orthanc.ts';
import { startOrthanc } from '../support/orthanc.ts';
import { removeFolder, tempFolder } from '../support/server-process.ts';
import type { TestStation } from '../support/station.ts';
import { startTestStation, testLead } from '../support/station.ts';
import { dockAndRead, fileAll, untilConfirmed } from '../support/walk-card.ts';

// The drill of docs/backup.md: a station at work is backed up, killed, its data folder deleted; what comes back from the backup
// loses nothing that was there when the backup was made, and ends its work by itself. And a backup that is killed at any of its
// durable points leaves the former generation as it was.

const execute = promisify(execFile);
const child = path.join(import.meta.dirname, '../support/backup-child.ts');
const nodePath = path.join(import.meta.dirname, '../../node_modules/.bin/node');

let folder: string;
let backup: string;
let orthanc: OrthancServer;
let station: TestStation;
const cards: FaultCard[] = [];

beforeAll(async () => {
  folder = await tempFolder('drill');
  backup = path.join(folder, 'backup');
  orthanc = await startOrthanc({
    stationAet: 'PHOTODOCK',
    stationHost: '127.0.0.1',
    stationPort: 1,
    worklist: [
      { patientName: 'Drill^Patient', patientId: 'MRN-DRILL', studyInstanceUid: '1.2.826.0.1.3680043.10.1.9' },
    ],
  });
  const config = {
    station: { name: 'DRILL', aet: 'PHOTODOCK' },
    archive: { kind: 'dicomweb', name: 'Orthanc', baseUrl: orthanc.dicomWebUrl },
    worklist: { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet },
    intake: { mountRoots: [], watchFolders: [] },
  };
  station = await startTestStation({ config });
  await station.firstLead();
  await station.until('worklist.list', {}, ({ items }) => items.length > 0);
});

afterAll(async () => {
  await station?.stop();
  await orthanc?.stop();
  await removeFolder(folder);
});

async function newCard(pictures: number): Promise<FaultCard> {
  const card = await makeFaultCard(path.join(folder, `card${cards.length}`), cards.length + 1, pictures);
  cards.push(card);
  return card;
}

const order = () => ({ folder: backup, keep: 2 });

async function backedUp(of: TestStation, input: Partial<{ verify: boolean }> = {}) {
  await of.call('backup.start', { ...order(), ...input });
  const { backup: view } = await of.until('backup.state', {}, (value) => value.backup?.state !== 'running');
  expect(view).toMatchObject({ state: 'done', code: null });
  return view!.result!;
}

describe('the drill', () => {
  test('backup while a card is being read and others are delivered', async () => {
    // Confirmed; filed while the archive is away; not filed; and one that is being read while the backup runs.
    const confirmed = await dockAndRead(station, (await newCard(2)).root);
    await fileAll(station, confirmed);
    await untilConfirmed(station, confirmed);
    await orthanc.halt();
    const unfiled = await dockAndRead(station, (await newCard(2)).root);
    const filed = await dockAndRead(station, (await newCard(2)).root);
    await fileAll(station, filed);
    expect((await station.call('dockings.get', { dockingId: unfiled })).equation.unfiled).toBe(3);
    await station.call('dock.folder', { path: (await newCard(12)).root });

    const first = await backedUp(station);
    expect(first.unsound).toEqual([]);
    expect(first.copied).toBe(first.files);
    await station.until('station.status', {}, ({ dockings }) => dockings.every(({ state }) => state === 'sealed'));
    const second = await backedUp(station, { verify: true });
    expect(second).toMatchObject({ unsound: [], mended: 0, generations: 2, verified: second.files });
    // 2 + 2 + 2 + 12 pictures and a note per card; two objects were built of the confirmed, two of the filed.
    expect(second.files).toBe(22 + 4);
    expect(second.copied).toBe(second.files - first.files);
  });

  test('nothing in it can be read without a password', async () => {
    const untouched = cards.at(-1)!;
    const picture = await readFile(path.join(untouched.root, untouched.pictures[0]!));
    const pictureStart = picture.subarray(0, 12).toString('latin1');
    expect(pictureStart).toMatch(/^\xff\xd8\xff/);
    for (const name of await readdir(backup, { recursive: true })) {
      const bytes = await readFile(path.join(backup, name)).catch(() => Buffer.alloc(0));
      const text = bytes.toString('latin1');
      // Words long enough not to stand in sealed bytes by chance: three bytes are found once in 17 MB of them.
      for (const word of [
        'Drill',
        'MRN-DRILL',
        'IMG_10',
        '100FAULT',
        pictureStart,
        'photographer',
        'SQLite format',
        'dicom-web',
      ]) {
        // The station's name is no patient's, and stands in the mark.
        if (word === 'Drill' ? /Drill\^|Patient/.test(text) : text.includes(word)) expect(`${name}: ${word}`).toBe('');
      }
    }
  });

  test('killed, deleted, restored: nothing that was there is lost, and everything ends by itself', async () => {
    const { dataDir } = station;
    const config = await readFile(station.configFile!, 'utf8');
    await station.kill('SIGKILL');
    await rm(dataDir, { recursive: true });
    const report = await restore({
      backup,
      dataFolder: dataDir,
      generation: null,
      ...testLead,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(report).toMatchObject({ unsound: [], firstBadLine: null, stationName: 'DRILL', hasConfig: true });
    expect(await readFile(path.join(dataDir, 'station.json'), 'utf8')).toBe(config);

    // With the old password, on the restored configuration.
    await orthanc.resume();
    await station.restart();
    await station.signIn();
    expect(await station.call('audit.verify', {})).toMatchObject({ ok: true });
    expect((await station.call('audit.list', {})).lines.map(({ action }) => action)).toContain('restored-from-backup');
    const key = await storeKeyOf(dataDir);
    const items = await inSnapshot(dataDir, key, (index) =>
      index.all<{ id: string; root: string; path: string; sealed_name: string; sealed_key: Uint8Array }>(
        'SELECT i.id, d.root, i.path, i.sealed_name, i.sealed_key FROM item i JOIN docking d ON d.id = i.docking_id',
      ),
    );
    expect(items).toHaveLength(22);
    for (const item of items) {
      const original = cards.find(({ root }) => root === item.root)!.original.get(item.path);
      expect(openSealed(dataDir, item.id, item.sealed_name, item.sealed_key)?.sha256).toBe(original);
    }
    // What was still to be looked at when the backup was made is looked at now; until then there is nothing to file.
    await station.until('station.status', {}, ({ idle }) => idle);
    for (const { id } of (await station.call('dockings.list', {})).dockings)
      await fileAll(station, id).catch(() => null);
    await station.until('station.status', {}, ({ captures: c, idle }) => idle && c.filed === 0 && c.delivered === 0);
    expect((await station.call('station.status', {})).captures).toMatchObject({ confirmed: 18, unfiled: 4 });
    expect(await orthanc.instances()).toHaveLength(18);
    const memory = { objects: new Map<string, string>() };
    expect(
      await custodyViolations({ station, key, cards, archive: orthanc, commitmentOffered: false, memory }),
    ).toEqual([]);
    // A card that is docked again is known again: nothing of it is filed twice.
    const again = await dockAndRead(station, cards[0]!.root);
    const { captures } = await station.call('captures.list', { dockingId: again });
    expect(captures.filter(({ duplicate }) => duplicate !== null)).toHaveLength(3);
  });
});

describe('a backup that is killed', () => {
  test('at each of its durable points: the former generation stays whole, and the next backup is one', async () => {
    const data = station.dataDir;
    await station.kill('SIGTERM');
    const key = await storeKeyOf(data);
    const faults = path.join(folder, 'faults');
    await mkdir(faults);
    const run = async () =>
      execute(nodePath, ['--conditions=photodock-faults', child, data, backup], {
        env: { ...process.env, PHOTODOCK_FAULT_FOLDER: faults, PHOTODOCK_STORE_KEY: Buffer.from(key).toString('hex') },
      }).then(
        () => 'done',
        (error: { signal?: string; stderr?: string }) => error.signal ?? error.stderr ?? 'failed',
      );
    /** Something new to back up: one sealed file goes from the backup, so that it has to be copied again. */
    const removeOne = async () => {
      const { sealed } = (await listGenerations(backup, key))[0]!.manifest!;
      await rm(sealedFile(backup, sealed[0]![0]));
    };
    const whole = async () => {
      const [newest] = await listGenerations(backup, key);
      const index = await openConnection(path.join(newest!.folder, 'index.db'), key);
      const entries = await sealedEntries(index);
      await index.close();
      const names = new Set(
        (await readdir(path.join(backup, 'sealed'), { recursive: true })).map((name) => path.basename(name)),
      );
      return { number: newest!.number, missing: entries.filter(({ name }) => !names.has(name)).length };
    };

    await removeOne();
    expect(await run()).toBe('done');
    const points = (await readFile(path.join(faults, 'points'), 'utf8')).trim().split('\n');
    expect(points).toEqual(
      expect.arrayContaining(['thread copy: durable', 'station: before manifest.jsonl', 'station: generation done']),
    );
    expect(points.length).toBeGreaterThan(15);
    let before = (await whole()).number;
    for (const point of points) {
      if (point.startsWith('thread copy')) await removeOne();
      await writeFile(path.join(faults, 'kill'), JSON.stringify({ point, passing: 1 }));
      expect(await run(), point).toBe('SIGKILL');
      if (point.startsWith('thread copy')) expect(await run(), point).toBe('done');
      const now = await whole();
      expect(now, point).toMatchObject({ missing: 0 });
      expect(now.number - before, point).toBeLessThanOrEqual(1);
      before = now.number;
    }
    expect(await run()).toBe('done');
    expect((await readdir(path.join(backup, 'generations'))).length).toBe(2);
    const check = new SealedStore(backup, 1);
    const index = await openConnection(path.join((await listGenerations(backup, key))[0]!.folder, 'index.db'), key);
    for (const entry of await sealedEntries(index)) expect((await check.unseal(entry)).sha256).toBe(entry.sha256);
    await index.close();
    await check.close();
  });
});
