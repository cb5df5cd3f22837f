import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { readCustody } from '../../../../main/station/release/custody.ts';
import { roleOf } from '../../../../main/station/release/custody-row.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { custodyRows } from '../../../support/custody-rows.ts';
import { tempFolder } from '../../../support/temp.ts';

test('a duplicate is to the record what its content is to it, not what it is to its own docking', async () => {
  const store = await IndexStore.open(await tempFolder('custody'), new Uint8Array(randomBytes(32)));
  onTestFinished(() => store.close());
  const rows = await custodyRows(store);
  for (const docking of ['first', 'second', 'third']) await rows.docking(docking);
  // The record was made of the camera's picture; the edited one lies beside it.
  await rows.capture('c1', { docking: 'first', stage: 'confirmed', items: { 'A.JPG': 'camera', 'E.JPG': 'edited' } });
  await rows.capture('c2', { docking: 'second', stage: 'confirmed', duplicateOf: 'c1', items: { 'E.JPG': 'edited' } });
  await rows.capture('c3', { docking: 'third', stage: 'confirmed', duplicateOf: 'c1', items: { 'B.JPG': 'camera' } });
  const rolesIn = async (docking: string) => (await readCustody(store.read, docking)).map(roleOf);
  expect(await rolesIn('first')).toEqual(['record', 'derived-original']);
  expect(await rolesIn('second')).toEqual(['derived-original']);
  expect(await rolesIn('third')).toEqual(['record']);
});
