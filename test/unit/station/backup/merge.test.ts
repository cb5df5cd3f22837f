import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { layRows, mendReferences } from '../../../../main/station/backup/merge.ts';
import { salvage } from '../../../../main/station/backup/salvage.ts';
import { openConnection } from '../../../../main/station/store/driver.ts';
import { migrate } from '../../../../main/station/store/migrations/index.ts';
import { tempFolder } from '../../../support/temp.ts';

async function emptyIndex() {
  const connection = await openConnection(
    path.join(await tempFolder('merge'), 'index.db'),
    new Uint8Array(randomBytes(32)),
  );
  onTestFinished(() => connection.close());
  await migrate(connection);
  return connection;
}

test('what people wrote of media, their loans and taught buttons comes over into a new index', async () => {
  const old = await emptyIndex();
  await old.exec(`
    INSERT INTO person (id, login, display_name, role, created_at) VALUES ('p', 'ann', 'Ann', 'lead', 0);
    INSERT INTO medium (id, identity, kind, label, first_docked_at, name, owner_unit, managed, approved_at, approved_by, note, retired_at)
      VALUES ('m', 'm', 'phone', 'Phone', 1, 'Ward phone', 'Burns', 1, 2, 'p', 'scratched', 9);
    INSERT INTO docking (id, medium_id, root, read_only, started_at, clock_offset_ms, awaits_approval) VALUES ('d', 'm', '/', 0, 1, 5, 1);
    INSERT INTO loan (id, medium_id, borrower, lent_at, lent_by, due_at, returned_at) VALUES ('l1', 'm', 'Ward 3', 3, 'p', 4, 5);
    INSERT INTO loan (id, medium_id, borrower, lent_at, lent_by, due_at) VALUES ('l2', 'm', 'Ward 4', 6, 'p', 7);
    INSERT INTO button (id, label, source, mapping, action, taught_at, taught_by) VALUES ('b', 'Pedal', 'hid', '{}', 'shutter', 8, 'p')`);
  const index = await emptyIndex();
  await layRows(index, await salvage(old), true);
  expect(await mendReferences(index)).toEqual({});
  for (const table of ['medium', 'docking', 'loan', 'button']) {
    expect(await index.all(`SELECT * FROM ${table}`), table).toEqual(await old.all(`SELECT * FROM ${table}`));
  }
});

test('a loan stays on record when the rows of its medium and its people are lost', async () => {
  const index = await emptyIndex();
  await index.exec(`
    PRAGMA foreign_keys = OFF;
    INSERT INTO loan (id, medium_id, borrower, lent_at, lent_by, due_at) VALUES ('l', 'gone-medium', 'Ward 3', 3, 'gone-person', 4)`);
  expect(await mendReferences(index)).toEqual({});
  expect(await index.all('SELECT id, borrower FROM loan')).toEqual([{ id: 'l', borrower: 'Ward 3' }]);
  expect(await index.all('PRAGMA foreign_key_check')).toEqual([]);
});
