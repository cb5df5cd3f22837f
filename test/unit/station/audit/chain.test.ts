import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { appendAudit, listAudit, verifyAudit } from '../../../../main/station/audit/index.ts';
import { openConnection } from '../../../../main/station/store/driver.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { tempFolder } from '../../../support/temp.ts';

let folder: string;
let key: Uint8Array;
let store: IndexStore;
beforeEach(async () => {
  folder = await tempFolder('audit');
  key = new Uint8Array(randomBytes(32));
  store = await IndexStore.open(folder, key);
  onTestFinished(() => store.close());
  for (let line = 1; line <= 6; line += 1) {
    await store.write((tx) =>
      appendAudit(tx, { person: line % 2 ? 'p' : null, action: 'sealed', subject: `item-${line}`, facts: { line } }),
    );
  }
});

/** Somebody who has the key and edits the file with a tool of their own. */
async function tamper(...statements: string[]): Promise<void> {
  const connection = await openConnection(path.join(folder, 'index.db'), key);
  await connection.exec('DROP TRIGGER audit_append_only_update; DROP TRIGGER audit_append_only_delete');
  for (const statement of statements) await connection.exec(statement);
  await connection.close();
}

test('an untouched chain verifies and says how long it is', async () => {
  expect(await verifyAudit(store.read)).toMatchObject({ ok: true, lines: 6, firstBadLine: null });
});

test.each([
  ['changed fact', ["UPDATE audit SET facts = '{}' WHERE line = 4"], 4],
  ['changed person', ["UPDATE audit SET person = 'q' WHERE line = 3"], 3],
  ['changed time', ['UPDATE audit SET at = at + 1 WHERE line = 1'], 1],
  ['changed action', ["UPDATE audit SET action = 'x' WHERE line = 6"], 6],
  ['changed subject', ["UPDATE audit SET subject = 'x' WHERE line = 2"], 2],
  ['changed hash', [`UPDATE audit SET hash = '${'0'.repeat(64)}' WHERE line = 5`], 5],
  ['removed line', ['DELETE FROM audit WHERE line = 3'], 3],
  [
    'removed line, the rest moved up',
    ['DELETE FROM audit WHERE line = 3', 'UPDATE audit SET line = line - 1 WHERE line = 4'],
    3,
  ],
  ['removed first line', ['DELETE FROM audit WHERE line = 1'], 1],
  [
    'two lines in the other order',
    [
      'UPDATE audit SET line = 99 WHERE line = 2',
      'UPDATE audit SET line = 2 WHERE line = 3',
      'UPDATE audit SET line = 3 WHERE line = 99',
    ],
    2,
  ],
  [
    'a line put in',
    ['INSERT INTO audit SELECT 7, at, person, action, subject, facts, previous_hash, hash FROM audit WHERE line = 6'],
    7,
  ],
])('a %s is named', async (_what, statements, line) => {
  await tamper(...statements);
  expect(await verifyAudit(store.read)).toMatchObject({ ok: false, firstBadLine: line, lines: line - 1 });
});

test('the store itself refuses to change or remove a line', async () => {
  await expect(store.write((tx) => tx.run("UPDATE audit SET action = 'x' WHERE line = 2"))).rejects.toMatchObject({
    code: 'store-statement',
  });
  await expect(store.write((tx) => tx.run('DELETE FROM audit WHERE line = 2'))).rejects.toMatchObject({
    code: 'store-statement',
  });
  expect(await verifyAudit(store.read)).toMatchObject({ ok: true, lines: 6 });
});

test('a step that throws leaves neither its work nor its line, and the chain goes on', async () => {
  const failing = store.write(async (tx) => {
    await tx.run("INSERT INTO setting (name, value) VALUES ('work', x'00')");
    await appendAudit(tx, { person: null, action: 'half', subject: 'x' });
    throw new Error('killed');
  });
  await expect(failing).rejects.toThrow('killed');
  await store.write((tx) => appendAudit(tx, { person: null, action: 'next', subject: 'x' }));
  expect(await store.read.all("SELECT name FROM setting WHERE name = 'work'")).toEqual([]);
  expect(await verifyAudit(store.read)).toMatchObject({ ok: true, lines: 7 });
});

test('steps at the same time make one chain', async () => {
  await Promise.all(
    Array.from({ length: 30 }, (_, turn) =>
      store.write((tx) => appendAudit(tx, { person: null, action: 'a', subject: String(turn) })),
    ),
  );
  expect(await verifyAudit(store.read)).toMatchObject({ ok: true, lines: 36 });
});

test('lines are read newest first, page by page', async () => {
  const first = await listAudit(store.read, undefined, 4);
  expect(first.map((line) => line.line)).toEqual([6, 5, 4, 3]);
  expect(first[0]).toMatchObject({ subject: 'item-6', facts: { line: 6 } });
  expect((await listAudit(store.read, 3, 4)).map((line) => line.line)).toEqual([2, 1]);
});
