import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../support/server-process.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';

let station: TestStation;
beforeAll(async () => {
  // An archive that is not there: a station has to start without its hospital.
  const archive = { kind: 'dicomweb', name: 'VNA', baseUrl: `http://127.0.0.1:${await freePort()}/dicom-web` };
  station = await startTestStation({ config: { station: { name: 'DERM-1' }, archive } });
});
afterAll(() => station?.stop());

/** The login is that of whichever of the two becomes the first lead. */
const login = { login: '', password: 'first password' };

test('a new data folder has nobody; exactly one first lead can be made, even by two at once', async () => {
  expect(await station.call('session.current', {})).toMatchObject({
    store: 'empty',
    practice: false,
    practicePeople: [],
    person: null,
  });
  expect(await station.codeOf('session.signIn', login)).toBe('no-people');
  const names = ['lead', 'other'];
  const codes = await Promise.all(
    names.map((name) =>
      station.codeOf('session.firstLead', { login: name, displayName: 'N', password: login.password }),
    ),
  );
  expect(codes.toSorted()).toEqual(['not-empty', null].toSorted());
  login.login = names[codes.indexOf(null)]!;
  await station.signIn(login.login, login.password);
  expect(await station.call('session.current', {})).toMatchObject({
    store: 'open',
    person: { login: login.login, role: 'lead' },
  });
  expect((await station.call('people.list', {})).people).toHaveLength(1);
  expect(await station.codeOf('dock.practiceCard', {})).toBe('not-in-practice');
  expect(await station.codeOf('dock.folder', { path: station.dataDir })).toBe('own-data-folder');
  expect((await station.call('audit.verify', {})).ok).toBe(true);
});

test('after a restart the store is locked until somebody signs in, by the right password only', async () => {
  await station.restart();
  expect(await station.call('session.current', {})).toMatchObject({ store: 'locked' });
  expect(await station.codeOf('station.status', {})).toBe('not-signed-in');
  expect(await station.codeOf('session.signIn', { ...login, password: 'wrong' })).toBe('wrong-password');
  await station.signIn(login.login, login.password);
  await station.call('session.signOut', {});
  expect(await station.codeOf('station.status', {})).toBe('not-signed-in');
});

test('without keys.json nothing is made anew over an index that is there', async () => {
  await station.kill('SIGTERM');
  const keys = path.join(station.dataDir, 'keys.json');
  await fs.rename(keys, `${keys}.away`);
  await station.restart();
  for (const answer of [
    await station.codeOf('session.current', {}),
    await station.codeOf('session.signIn', login),
    await station.codeOf('session.firstLead', { ...login, displayName: 'N' }),
  ]) {
    expect(answer).toBe('keyring-missing');
  }
  await fs.writeFile(keys, '{ half a fi');
  expect(await station.codeOf('session.signIn', login)).toBe('keyring-damaged');
  await fs.rename(`${keys}.away`, keys);
  await station.signIn(login.login, login.password);
});

test('a second station on the same data folder is refused', async () => {
  const before = await station.pid();
  const second = await startTestStation({
    dataDir: station.dataDir,
    config: JSON.parse(await fs.readFile(station.configFile!, 'utf8')) as object,
  });
  expect(await second.pid()).toBe(before);
});
