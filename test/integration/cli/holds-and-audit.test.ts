import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConnection } from '../../../main/station/store/driver.ts';
import { contentOf, makeFaultCard } from '../../support/fault-card.ts';
import { storeKeyOf } from '../../support/fault-store.ts';
import { freePort, removeFolder, tempFolder } from '../../support/server-process.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation, testLead } from '../../support/station.ts';
import { dockAndRead, release } from '../../support/walk-card.ts';
import type { CliOptions } from './support.ts';
import { ask, askFailing } from './support.ts';

// Holds, rejections and the audit trail by the command line, with the real station and a real card's folder.

let folder: string;
let station: TestStation;
let options: CliOptions;
let docking: string;
let captures: { id: string; name: string }[];
const card = () => path.join(folder, 'card');
const photographer = { login: 'pia', password: 'practice-pia' };

beforeAll(async () => {
  folder = await tempFolder('cli-holds');
  // Nothing is delivered here: a rejected picture is what may leave.
  const archive = { kind: 'dicomweb', name: 'Away', baseUrl: `http://127.0.0.1:${await freePort()}/dicom-web` };
  const config = { station: { name: 'DERM1' }, archive, intake: { mountRoots: [], watchFolders: [] } };
  station = await startTestStation({ config });
  await station.firstLead();
  await station.call('people.add', { ...photographer, displayName: 'Pia', role: 'photographer' });
  options = { data: station.dataDir, config: station.configFile!, user: testLead.login, password: testLead.password };
  await makeFaultCard(card(), 1, 3);
  docking = await dockAndRead(station, card());
  captures = (await station.call('captures.list', { dockingId: docking })).captures.filter(
    (one) => one.kind === 'photo',
  );
});
afterAll(async () => {
  await station?.stop();
  await removeFolder(folder);
});

test('a photographer places a hold and cannot lift it; a lead can', async () => {
  const asPhotographer = { ...options, user: photographer.login, password: photographer.password };
  const [held] = captures;
  const placed = await ask(asPhotographer, 'hold place', ['--capture', held!.id, '--reason', 'asked for by legal']);
  expect(placed.exit).toBe(0);
  const [hold] = placed.value.placed;
  expect((await ask(asPhotographer, 'hold list')).value.holds).toMatchObject([
    { id: hold, capture: held!.id, name: held!.name, reason: 'asked for by legal', placedBy: 'Pia', lifted: null },
  ]);
  const refused = await askFailing(asPhotographer, ['hold', 'lift', '--hold', hold!, '--reason', 'I want to']);
  expect(refused).toMatchObject({ exit: 3, value: { code: 'not-allowed' } });

  const rejected = await ask(options, 'reject', [
    ...captures.flatMap(({ id }) => ['--capture', id]),
    '--reason',
    'test-shot',
  ]);
  expect(rejected).toMatchObject({ exit: 4, value: { refused: [{ capture: held!.id, code: 'hold' }] } });
  expect(rejected.value.rejected).toHaveLength(2);
  expect((await ask(options, 'hold lift', ['--hold', hold!, '--reason', 'legal is done'])).value.lifted).toEqual([
    hold,
  ]);
  expect((await station.call('holds.list', {})).holds).toEqual([]);
  expect((await ask(options, 'hold list', ['--lifted'])).value.holds).toMatchObject([
    { lifted: { by: 'Test Lead', reason: 'legal is done' } },
  ]);
});

test('a hold on the docking keeps everything on the card; lifted, the rejected leave and can still be brought back', async () => {
  const before = await contentOf(card());
  const reason = 'asked for by the police';
  const { placed } = await station.call('holds.place', { subject: { dockingId: docking }, reason });
  expect(await release(station, docking)).toBe(0);
  expect(await contentOf(card())).toEqual(before);
  expect((await station.call('dockings.get', { dockingId: docking })).held).toBe(4);
  const { rows } = await station.call('review.list', {});
  expect(rows.filter(({ list }) => list === 'held')).toMatchObject([
    {
      dockingId: docking,
      captureId: null,
      hold: { reason, placedBy: 'Test Lead', items: 4 },
    },
  ]);
  await station.call('holds.lift', { holdIds: placed, reason: 'the police are done' });
  expect(await release(station, docking)).toBe(2);
  expect((await contentOf(card())).size).toBe(before.size - 2);

  const restored = await ask(
    options,
    'unreject',
    captures.flatMap(({ id }) => ['--capture', id]),
  );
  expect(restored).toMatchObject({ exit: 4, value: { refused: [{ capture: captures[0]!.id, code: 'not-rejected' }] } });
  expect(restored.value.restored).toHaveLength(2);
});

test('an index that was cut short is found by the head beside it, and without that by a certificate', async () => {
  const file = path.join(folder, 'certificate.json');
  await ask(options, 'certificate', ['--docking', docking, '--out', file]);
  const whole = await ask(options, 'audit verify', ['--certificate', file]);
  expect(whole).toMatchObject({ exit: 0, value: { certificates: [{ file, answer: 'agrees' }] } });
  // The end of the station signs the chain's head.
  await station.kill('SIGTERM');
  const key = await storeKeyOf(station.dataDir);
  const index = await openConnection(path.join(station.dataDir, 'index.db'), key);
  await index.exec('DROP TRIGGER audit_append_only_delete');
  await index.run('DELETE FROM audit WHERE line > 5');
  await index.close();
  await station.restart();
  await station.signIn();
  const cut = await ask(options, 'audit verify');
  expect(cut).toMatchObject({ exit: 4, value: { code: 'audit-broken', problem: 'cut-short', headFile: 'cut-short' } });
  const { checks } = await station.call('station.doctor', {});
  expect(checks.find(({ step }) => step === 'audit')).toMatchObject({ state: 'failed', code: 'audit-broken' });

  await removeFolder(path.join(station.dataDir, 'audit-head.json'));
  expect((await station.call('audit.verify', {})).ok).toBe(true);
  const witnessed = await ask(options, 'audit verify', ['--certificate', file]);
  expect(witnessed).toMatchObject({ exit: 4, value: { certificates: [{ file, answer: 'cut-short' }] } });
});
