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
    const content = JSON.parse(await fs.readFile(file, 'utf8')) as { people: { personId: string; check?: string }[] };
    content.people[0]!.personId = 'p3';
    delete content.people[0]!.check;
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
    salt: Buffer.alloc(16).toString('base64'),
    nonce: Buffer.alloc(12).toString('base64'),
    wrapped: Buffer.alloc(48).toString('base64'),
    N: 1 << 17,
    r: 8,
    p: 1,
  });
  const people = ['a', 'b', 'c', 'd'].map(person);
  await fs.writeFile(path.join(folder, 'keys.json'), JSON.stringify({ format: 'photodock-keyring/1', people }));
  const keyring = new Keyring(folder);
  await Promise.all([keyring.forget('a'), keyring.forget('b'), keyring.forget('c')]);
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((id) => keyring.knows(id)))).toEqual([false, false, false, true]);
});

test(
  'one damaged entry is told to whoever it may concern, kept as it is, and touches nobody else',
  { timeout: 60_000 },
  async () => {
    const folder = await tempFolder('keyring');
    const file = path.join(folder, 'keys.json');
    const keyring = new Keyring(folder);
    await keyring.wrap('p1', 'ann', 'first password', storeKey);
    await keyring.wrap('p2', 'bob', 'second password', storeKey);
    const sound = await fs.readFile(file, 'utf8');
    type Person = Record<string, string | number>;
    const damages: ((person: Person) => void)[] = [
      (person) => (person['wrapped'] = '?'),
      (person) => (person['wrapped'] = String(person['wrapped']).replace(/^./u, (one) => (one === 'A' ? 'B' : 'A'))),
      (person) => (person['salt'] = ''),
      (person) => (person['nonce'] = 'AAAA'),
      (person) => (person['N'] = 1 << 30),
      (person) => (person['N'] = 1 << 16),
      (person) => (person['personId'] = 'p9'),
      (person) => (person['login'] = 'anm'),
      (person) => delete person['login'],
    ];
    for (const damage of damages) {
      const content = JSON.parse(sound) as { people: Person[] };
      damage(content.people[0]!);
      await fs.writeFile(file, JSON.stringify(content));
      await expect(keyring.unwrap('ann', 'first password')).rejects.toMatchObject({ code: 'keyring-entry-damaged' });
      expect(await keyring.examine()).toEqual({ sound: 1, damaged: 1 });
      expect(await keyring.isEmpty()).toBe(false);
    }
    expect(await keyring.unwrap('bob', 'second password')).toEqual({ personId: 'p2', storeKey });
    // A change of somebody else leaves the damaged entry where it is: somebody may mend it yet.
    const damaged = (JSON.parse(await fs.readFile(file, 'utf8')) as { people: Person[] }).people[0];
    await keyring.wrap('p2', 'bob', 'third password', storeKey);
    expect((JSON.parse(await fs.readFile(file, 'utf8')) as { people: Person[] }).people).toContainEqual(damaged);
    // A new password mends it.
    await keyring.wrap('p1', 'ann', 'new password', storeKey);
    expect(await keyring.unwrap('ann', 'new password')).toEqual({ personId: 'p1', storeKey });
  },
);
