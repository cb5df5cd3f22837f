import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openConnection } from '../../../../main/station/store/driver.ts';
import { migrate } from '../../../../main/station/store/migrations/index.ts';
import { tempFolder } from '../../../support/temp.ts';

async function storeOf(version: number) {
  const connection = await openConnection(
    path.join(await tempFolder('migration'), 'index.db'),
    new Uint8Array(randomBytes(32)),
  );
  onTestFinished(() => connection.close());
  await migrate(connection, version);
  return connection;
}

test('0020 keeps holds that were placed before reasons were recorded, and they still hold', async () => {
  const connection = await storeOf(10);
  await connection.exec(`
    INSERT INTO person (id, login, display_name, role, created_at) VALUES ('p', 'ann', 'Ann', 'lead', 0);
    INSERT INTO medium (id, identity, kind, label, first_docked_at) VALUES ('m', 'm', 'card', 'CARD', 0);
    INSERT INTO docking (id, medium_id, root, read_only, started_at) VALUES ('d', 'm', '/card', 0, 0);
    INSERT INTO capture (id, docking_id, stage, kind, primary_item_id, created_at, display)
      VALUES ('c', 'd', 'confirmed', 'photo', 'i', 0, 'ok');
    INSERT INTO hold (capture_id, placed_at, placed_by) VALUES ('c', 7, 'p')`);
  await migrate(connection);
  expect(await connection.all('SELECT capture_id, docking_id, placed_at, placed_by, lifted_at FROM hold')).toEqual([
    { capture_id: 'c', docking_id: null, placed_at: 7, placed_by: 'p', lifted_at: null },
  ]);
  expect(await connection.all('SELECT retention_day, shredded_at FROM capture')).toEqual([
    { retention_day: null, shredded_at: null },
  ]);
});

test('0030 takes media that were docked before approval was known as approved, and their items as of the manifest', async () => {
  const connection = await storeOf(20);
  await connection.exec(`
    INSERT INTO medium (id, identity, kind, label, first_docked_at) VALUES ('m', 'm', 'card', 'CARD', 5);
    INSERT INTO docking (id, medium_id, root, read_only, started_at) VALUES ('d', 'm', '/card', 0, 5);
    INSERT INTO item (id, docking_id, position, path, size, modified_at, stage, on_medium, group_key)
      VALUES ('i', 'd', 0, 'DCIM/A.JPG', 1, 0, 'listed', 'present', 'a')`);
  await migrate(connection);
  expect(await connection.all('SELECT approved_at, managed FROM medium')).toEqual([{ approved_at: 5, managed: 0 }]);
  expect(await connection.all('SELECT awaits_approval FROM docking')).toEqual([{ awaits_approval: 0 }]);
  expect(await connection.all('SELECT live, arrived_at FROM item')).toEqual([{ live: 0, arrived_at: null }]);
});

test('0040 replaces the index of what was not looked at yet', async () => {
  const connection = await storeOf(30);
  await migrate(connection);
  const indexes = await connection.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'item' AND name LIKE '%inspect%'",
  );
  expect(indexes).toEqual([{ name: 'item_to_inspect' }]);
});
