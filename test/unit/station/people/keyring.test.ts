import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Keyring } from '../../../../main/station/people/index.ts';
import { tempFolder } from '../../../support/temp.ts';

const storeKey = new Uint8Array(randomBytes(32));

test(
  'each person opens the same store key by their own password, and nobody by another',
  { timeout: 60_000 },
  async () => {
    const folder = await tempFolder('keyring');
    const keyring = new Keyring(folder);
    expect(await keyring.isEmpty()).toBe(true);
    // At once, as an import would: neither may be lost.
    await Promise.all([
      keyring.wrap('p1', 'ann', 'first password', storeKey),
      keyring.wrap('p2', 'bob', 'pässwörd', storeKey),
    ]);
    expect(await keyring.unwrap('ann', 'first password')).toEqual({ personId: 'p1', storeKey });
    // The same characters typed on another keyboard, composed otherwise.
    expect(await keyring.unwrap('bob', 'pässwörd'.normalize('NFD'))).toEqual({ personId: 'p2', storeKey });
    expect(await keyring.unwrap('ann', 'pässwörd')).toBeNull();
    expect(await keyring.unwrap('nobody', 'first password')).toBeNull();

    const file = path.join(folder, 'keys.json');
    const text = await fs.readFile(file, 'utf8');
    for (const secret of [
      'first password',
      Buffer.from(storeKey).toString('base64'),
      Buffer.from(storeKey).toString('hex'),
    ]) {
      expect(text).not.toContain(secret);
    }
    expect((await fs.stat(file)).mode & 0o777).toBe(0o600);

    await keyring.wrap('p1', 'ann', 'second password', storeKey);
    expect(await keyring.unwrap('ann', 'first password')).toBeNull();
    expect(await keyring.unwrap('ann', 'second password')).toEqual({ personId: 'p1', storeKey });
    await keyring.forget('p1');
    expect(await keyring.knows('p1')).toBe(false);
    expect(await keyring.knows('p2')).toBe(true);

    // A wrapped key put under another person's name does not open.
    const content = JSON.parse(await fs.readFile(file, 'utf8')) as { people: { personId: string }[] };
    content.people[0]!.personId = 'p3';
    await fs.writeFile(file, JSON.stringify(content));
    expect(await keyring.unwrap('bob', 'pässwörd')).toBeNull();
  },
);

test.each([
  '',
  '{',
  '{}',
  '{"format":"photodock-keyring/2","people":[]}',
  '{"format":"photodock-keyring/1","people":[{}]}',
])('a damaged keys.json is said and never overwritten: %s', async (text) => {
  const folder = await tempFolder('keyring');
  const file = path.join(folder, 'keys.json');
  await fs.writeFile(file, text);
  const keyring = new Keyring(folder);
  await expect(keyring.isEmpty()).rejects.toMatchObject({ code: 'keyring-damaged' });
  await expect(keyring.unwrap('ann', 'x')).rejects.toMatchObject({ code: 'keyring-damaged' });
  await expect(keyring.wrap('p', 'ann', 'x', storeKey)).rejects.toMatchObject({ code: 'keyring-damaged' });
  expect(await fs.readFile(file, 'utf8')).toBe(text);
});

test('changes at the same time lose nobody', async () => {
  const folder = await tempFolder('keyring');
  const person = (personId: string) => ({
    personId,
    login: personId,
    salt: '',
    nonce: '',
    wrapped: '',
    N: 1,
    r: 1,
    p: 1,
  });
  const people = ['a', 'b', 'c', 'd'].map(person);
  await fs.writeFile(path.join(folder, 'keys.json'), JSON.stringify({ format: 'photodock-keyring/1', people }));
  const keyring = new Keyring(folder);
  await Promise.all([keyring.forget('a'), keyring.forget('b'), keyring.forget('c')]);
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((id) => keyring.knows(id)))).toEqual([false, false, false, true]);
});
