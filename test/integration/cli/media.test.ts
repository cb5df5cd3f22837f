import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFaultCard } from '../../support/fault-card.ts';
import { freePort, removeFolder, tempFolder } from '../../support/server-process.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation, testLead } from '../../support/station.ts';
import type { CliOptions } from './support.ts';
import { ask } from './support.ts';

// The register of media by the command line, with the real station where unknown media wait for a lead.

let folder: string;
let station: TestStation;
let options: CliOptions;
const nurse = { login: 'nia', password: 'practice-nia' };

beforeAll(async () => {
  folder = await tempFolder('cli-media');
  const config = {
    station: { name: 'DERM1' },
    archive: { kind: 'dicomweb', name: 'Away', baseUrl: `http://127.0.0.1:${await freePort()}/dicom-web` },
    intake: { mountRoots: [], watchFolders: [] },
    policy: { unknownMediaNeedApproval: true },
  };
  station = await startTestStation({ config });
  await station.firstLead();
  await station.call('people.add', { ...nurse, displayName: 'Nia', role: 'staff' });
  options = { data: station.dataDir, config: station.configFile!, user: testLead.login, password: testLead.password };
  await makeFaultCard(path.join(folder, 'card'), 1, 3);
});
afterAll(async () => {
  await station?.stop();
  await removeFolder(folder);
});

test('an unknown folder waits, is let in and read; then it is lent by staff, and back', async () => {
  const asStaff = { ...options, user: nurse.login, password: nurse.password };
  const docked = await ask(options, 'dock', [path.join(folder, 'card')]);
  expect(docked).toMatchObject({ exit: 4, value: { code: 'needs-approval', docking: { listed: 0 } } });
  const id = docked.value.docking.medium.id;
  expect((await ask(asStaff, 'media')).value.media).toMatchObject([
    { id, kind: 'folder', approved: null, dockedNow: true, firstDockedBy: 'Test Lead', left: { clear: false } },
  ]);
  expect((await ask(options, 'media approve', ['--medium', id])).exit).toBe(0);
  const dockingId = docked.value.docking.id;
  const sealed = await station.until('dockings.get', { dockingId }, ({ state }) => state === 'sealed');
  expect(sealed).toMatchObject({ awaitsApproval: false });
  expect(sealed.equation.listed).toBeGreaterThan(0);

  const due = new Date(Date.now() + 7 * 86_400_000).toISOString();
  const lent = await ask(asStaff, 'media lend', ['--medium', id, '--to', 'Ward 3', '--due', due]);
  expect(lent.value.loan).toMatchObject({ borrower: 'Ward 3', lentBy: 'Nia', dueAt: due, overdue: false });
  expect((await ask(asStaff, 'media return', ['--medium', id])).exit).toBe(0);
  const set = await ask(options, 'media set', ['--medium', id, '--name', 'Folder 7', '--retired', 'yes']);
  expect(set.value.medium).toMatchObject({ name: 'Folder 7', loan: null, approved: { by: 'Test Lead' } });
  expect((await ask(options, 'media', ['--retired'])).value.media).toMatchObject([{ id, name: 'Folder 7' }]);
});
