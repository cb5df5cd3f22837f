import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StationNotStarted } from '../../../main/client/index.ts';
import { generationsIn, recover, restore } from '../../../main/station/backup/index.ts';
import { openConnection, sealedFile } from '../../../main/station/store/index.ts';
import { errorCode } from '../../../shared/domain/errors.ts';
import type { FaultCard } from '../../support/fault-card.ts';
import { makeFaultCard } from '../../support/fault-card.ts';
import { storeKeyOf } from '../../support/fault-store.ts';
import { freePort, removeFolder, tempFolder } from '../../support/server-process.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation, testLead } from '../../support/station.ts';
import { dockAndRead } from '../../support/walk-card.ts';

// What a person asks of backup, restore and recover, on copies of one data folder that a real station filled.

let folder: string;
let station: TestStation;
let card: FaultCard;
let key: Uint8Array;
let backup: string;
/** The data folder of the ended station: two pictures and a note that the backup knows, two pictures and a note that it does not. */
let data: string;
let config: object;
let copies = 0;
const told: Record<string, string | null> = {};

beforeAll(async () => {
  folder = await tempFolder('backup');
  backup = path.join(folder, 'backup');
  data = path.join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  config = {
    station: { name: 'SAFE', aet: 'PHOTODOCK' },
    archive: { kind: 'dicomweb', name: 'Nobody', baseUrl: `http://127.0.0.1:${await freePort()}/dicom-web` },
    intake: { mountRoots: [], watchFolders: [] },
  };
  station = await startTestStation({ config, dataDir: data });
  await station.firstLead();
  key = await storeKeyOf(data);
  card = await makeFaultCard(path.join(folder, 'card'), 1, 2);
  await dockAndRead(station, card.root);
  const codeOf = (place: string, more: object = {}) => station.codeOf('backup.start', { folder: place, ...more });
  const other = path.join(folder, 'other');
  await mkdir(other);
  await writeFile(path.join(other, 'thesis.txt'), 'mine');
  told['not empty'] = await codeOf(other);
  told['inside the data folder'] = await codeOf(path.join(data, 'backup'));
  told['around the data folder'] = await codeOf(folder);
  told['on the card'] = await codeOf(path.join(card.root, 'backup'));
  told['in no folder'] = await codeOf(path.join(folder, 'none', 'backup'));
  told['good'] = await codeOf(backup);
  told['twice at once'] = await codeOf(backup);
  await ended();
  await rename(backup, `${backup}-away`);
  await mkdir(backup);
  told['not mounted'] = await codeOf(backup);
  await rm(backup, { recursive: true });
  await rename(`${backup}-away`, backup);
  const mark = path.join(backup, 'photodock-backup.json');
  const text = await readFile(mark, 'utf8');
  await writeFile(mark, text.replace(/"storeId": "./, '"storeId": "x'));
  told['of another station'] = await codeOf(backup);
  await writeFile(mark, text);
  await dockAndRead(station, (await makeFaultCard(path.join(folder, 'card2'), 2, 2)).root);
  await station.kill('SIGTERM');
});

afterAll(async () => {
  await station?.stop();
  await removeFolder(folder);
});

async function ended() {
  const { backup: view } = await station.until('backup.state', {}, (value) => value.backup?.state !== 'running');
  return view!;
}

/** A copy of the ended station's data folder, to be damaged. */
async function copyOfData(): Promise<string> {
  const copy = path.join(folder, `copy${(copies += 1)}`);
  await cp(data, copy, { recursive: true });
  return copy;
}

async function copyOfBackup(): Promise<string> {
  const copy = path.join(folder, `backup-copy${(copies += 1)}`);
  await cp(backup, copy, { recursive: true });
  return copy;
}

const quiet = { ...testLead, signal: new AbortController().signal, onProgress: () => undefined };
const recovering = (dataFolder: string, from: string | null = null) => recover({ ...quiet, dataFolder, backup: from });
const restoring = (from: string, dataFolder: string) =>
  restore({ ...quiet, backup: from, dataFolder, generation: null });

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  await writeFile(file, bytes);
}

async function contentOf(place: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    // What SQLite lays beside an index that is only looked at says nothing.
    if (!entry.isFile() || file.includes(`${path.sep}run${path.sep}`) || /-(wal|shm)$/.test(file)) continue;
    found[path.relative(place, file)] = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  }
  return found;
}

async function inIndex<T>(dataFolder: string, sql: string): Promise<T[]> {
  const index = await openConnection(path.join(dataFolder, 'index.db'), key);
  try {
    return await index.all<T>(sql);
  } finally {
    await index.close();
  }
}

const namesIn = (dataFolder: string, order: 'ASC' | 'DESC') =>
  inIndex<{ id: string; name: string }>(
    dataFolder,
    `SELECT i.id, i.sealed_name AS name FROM item i JOIN docking d ON d.id = i.docking_id ORDER BY d.started_at ${order}, i.position`,
  );

describe('a backup goes', () => {
  test.each([
    ['not empty', 'not-a-backup'],
    ['inside the data folder', 'own-data-folder'],
    ['around the data folder', 'own-data-folder'],
    ['on the card', 'backup-on-medium'],
    ['in no folder', 'no-such-folder'],
    ['not mounted', 'backup-gone'],
    ['of another station', 'other-store-backup'],
    ['twice at once', 'backup-running'],
    ['good', null],
  ])('not where it must not: %s', (place, code) => expect(told[place]).toBe(code));

  test('with the right size of every file, and a mark of the audit', async () => {
    const [newest] = await generationsIn(backup);
    expect(newest!.manifest!.sealed).toHaveLength(3);
    const lines = await inIndex<{ action: string }>(data, "SELECT action FROM audit WHERE action = 'backed-up'");
    expect(lines).toHaveLength(1);
  });
});

describe('restore', () => {
  test('never into a folder with anything in it, and not for the wrong password', async () => {
    const before = await contentOf(data);
    await expect(restoring(backup, data)).rejects.toMatchObject({ code: 'data-folder-not-empty' });
    expect(await contentOf(data)).toEqual(before);
    const wrong = restore({
      ...quiet,
      password: 'guess',
      backup,
      dataFolder: path.join(folder, 'new0'),
      generation: null,
    });
    await expect(wrong).rejects.toMatchObject({ code: 'wrong-password' });
  });

  test.each(['index.db', 'keys.json', 'manifest.jsonl', 'station.json.sealed', 'certificate-key.pem'])(
    'a changed %s is found, and nothing is restored',
    async (file) => {
      const copy = await copyOfBackup();
      const [newest] = await generationsIn(copy);
      await flip(path.join(newest!.folder, file), 20);
      const target = path.join(folder, `new-${file}`);
      await expect(restoring(copy, target)).rejects.toMatchObject({ code: 'backup-damaged' });
      expect(await readdir(target)).toEqual([]);
    },
  );

  test('a damaged sealed file is named, everything else comes back', async () => {
    const copy = await copyOfBackup();
    const [first] = await namesIn(data, 'ASC');
    await flip(sealedFile(copy, first!.name), -1);
    const target = path.join(folder, 'new1');
    const report = await restoring(copy, target);
    expect(report.unsound).toEqual([{ ...first, code: 'seal-broken' }]);
    expect(report).toMatchObject({ sealedFiles: 2, firstBadLine: null });
  });

  test('one that was killed is no data folder for any station, and is run again', async () => {
    const target = path.join(folder, 'new2');
    const half = new AbortController();
    const onProgress = () => half.abort();
    await restore({ ...quiet, backup, dataFolder: target, generation: null, signal: half.signal, onProgress }).catch(
      () => null,
    );
    const refused = await startTestStation({ config, dataDir: target }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StationNotStarted);
    expect(errorCode(refused)).toBe('restore-unfinished');
    expect(await restoring(backup, target)).toMatchObject({ sealedFiles: 3, unsound: [] });
    expect(await readdir(target)).not.toContain('unfinished.json');
  });
});

describe('recover', () => {
  test('leaves a sound data folder as it is', async () => {
    const copy = await copyOfData();
    const before = await contentOf(copy);
    expect(await recovering(copy)).toMatchObject({
      problem: null,
      rebuilt: null,
      sealedFiles: 6,
      unsound: [],
      orphans: [],
    });
    expect(await contentOf(copy)).toEqual(before);
  });

  test('reads an index around a damaged page, and keeps the damaged one', async () => {
    const copy = await copyOfData();
    const file = path.join(copy, 'index.db');
    // A page of the worklist or of evidence: some leaf beyond the schema.
    const [{ page }] = (await inIndex<{ page: number }>(
      copy,
      "SELECT rootpage AS page FROM sqlite_master WHERE name = 'evidence'",
    )) as [{ page: number }];
    const evidence = (await inIndex(copy, 'SELECT * FROM evidence')).length;
    await flip(file, (page - 1) * 4096 + 100);
    const damaged = await contentOf(copy);
    const report = await recovering(copy);
    expect(report.problem).toBe('store-damaged');
    expect(report).toMatchObject({ sealedFiles: 6, unsound: [], orphans: [], firstBadLine: null });
    expect(Object.keys(report.rebuilt!.unreadable)).toEqual(['evidence']);
    expect(report.rebuilt!.unreadable['evidence']).toBeGreaterThanOrEqual(evidence);
    expect((await contentOf(report.rebuilt!.keptAside))['index.db']).toBe(damaged['index.db']);
    expect(await inIndex(copy, "SELECT * FROM item WHERE stage = 'proven'")).toHaveLength(6);
    // With the backup the first docking's evidence is there again.
    await cp(path.join(report.rebuilt!.keptAside, 'index.db'), file);
    await rm(path.join(copy, 'index.head'));
    const again = await recovering(copy, backup);
    expect(again.rebuilt!.fromGeneration).not.toBe(null);
    const [first] = await namesIn(copy, 'ASC');
    expect(await inIndex(copy, `SELECT * FROM evidence WHERE item_id = '${first!.id}'`)).toHaveLength(3);
    expect(again.firstBadLine).toBe(null);
  });

  test('without anything readable and without a backup changes nothing', async () => {
    const copy = await copyOfData();
    await writeFile(path.join(copy, 'index.db'), Buffer.alloc(8192, 7));
    const before = await contentOf(copy);
    await expect(recovering(copy)).rejects.toMatchObject({ code: 'nothing-to-recover' });
    expect(await contentOf(copy)).toEqual(before);
  });

  test('an index that is gone comes from the backup; what that does not know is kept and listed', async () => {
    const copy = await copyOfData();
    const since = (await namesIn(copy, 'DESC')).slice(0, 3).map(({ name }) => name);
    for (const end of ['', '-wal', '-shm']) await rm(path.join(copy, `index.db${end}`), { force: true });
    const report = await recovering(copy, backup);
    expect(report).toMatchObject({ problem: 'store-missing', sealedFiles: 3, unsound: [] });
    expect(report.orphans.map(({ name }) => name).toSorted()).toEqual(since.toSorted());
    expect((await readdir(path.join(copy, 'orphans'))).toSorted()).toEqual(since.toSorted());
    // A station works with it, by the old password, and reads the card again that was lost.
    const revived = await startTestStation({ config, dataDir: copy });
    try {
      await revived.signIn();
      const dockingId = await dockAndRead(revived, path.join(folder, 'card2'));
      expect(await revived.call('dockings.get', { dockingId })).toMatchObject({
        state: 'sealed',
        equation: { unfiled: 3 },
      });
      expect(await revived.call('audit.verify', {})).toMatchObject({ ok: true });
    } finally {
      await revived.stop();
    }
  });

  test('sealed files that are missing or damaged come from the backup, and the damaged one is kept', async () => {
    const copy = await copyOfData();
    const [missing, damaged] = await namesIn(copy, 'ASC');
    const [onlyHere] = await namesIn(copy, 'DESC');
    await rm(sealedFile(copy, missing!.name));
    await flip(sealedFile(copy, damaged!.name), -1);
    await rm(sealedFile(copy, onlyHere!.name));
    expect((await recovering(copy)).unsound).toHaveLength(3);
    const report = await recovering(copy, backup);
    expect(report).toMatchObject({ broughtBack: 2, unsound: [{ id: onlyHere!.id, code: 'sealed-missing' }] });
    const aside = (await readdir(copy)).find((name) => name.startsWith('damaged-'))!;
    expect((await readdir(path.join(copy, aside))).some((name) => name.startsWith(damaged!.name))).toBe(true);
  });

  test('keys.json that is gone comes from the backup', async () => {
    const copy = await copyOfData();
    await rm(path.join(copy, 'keys.json'));
    await expect(recovering(copy)).rejects.toMatchObject({ code: 'keyring-missing' });
    expect(await recovering(copy, backup)).toMatchObject({ keysFromBackup: true, problem: null, sealedFiles: 6 });
    expect(await storeKeyOf(copy)).toEqual(key);
  });

  test('one that was killed in the middle of the change is finished by the next', async () => {
    const copy = await copyOfData();
    const file = path.join(copy, 'index.db');
    await flip(file, 200);
    await recovering(copy, backup);
    // As a kill between the two halves leaves it: the new index not yet in its place.
    const work = path.join(copy, 'recovering');
    await mkdir(work);
    await rename(file, path.join(work, 'index.db'));
    const aside = path.join(
      copy,
      (await readdir(copy)).find((name) => name.startsWith('damaged-'))!,
    );
    await writeFile(path.join(copy, 'unfinished.json'), JSON.stringify({ what: 'recover', aside, put: true }));
    const refused = await startTestStation({ config, dataDir: copy }).catch((error: unknown) => error);
    expect(errorCode(refused)).toBe('recover-unfinished');
    expect(await recovering(copy)).toMatchObject({ problem: null, rebuilt: null, unsound: [] });
    expect((await readdir(copy)).filter((name) => name === 'recovering' || name === 'unfinished.json')).toEqual([]);
  });
});
