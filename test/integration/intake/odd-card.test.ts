import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testJpeg } from '../../support/jpeg.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';
import { tempFolder } from '../../support/temp.ts';
import { dockAndRead, fileAll, release, untilConfirmed } from '../../support/walk-card.ts';

let station: TestStation;
beforeAll(async () => {
  station = await startTestStation();
  await station.signIn();
});
afterAll(() => station?.stop());

const elements = async (dockingId: string) =>
  JSON.parse((await station.call('certificate.get', { dockingId })).text) as Record<string, unknown>[];

test('names that hurt are sealed, filed and erased like all others', async () => {
  const card = await tempFolder('odd');
  const deep = Array.from({ length: 40 }, (_, level) => `d${level}`).join('/');
  const names: (string | Buffer)[] = [
    'new\nline.JPG',
    '\u202Egpj.exe.JPG',
    ' leading and trailing .JPG ',
    '-rf.JPG',
    'it\'s; $(rm) `x` "y".JPG',
    '漢字 é.JPG',
    `${deep}/deep.JPG`,
    'back\\xff.JPG',
    Buffer.concat([Buffer.from('back'), Buffer.from([0xff]), Buffer.from('.JPG')]),
    Buffer.concat([Buffer.from([0xc3, 0x28]), Buffer.from('.JPG')]),
    `${'n'.repeat(250)}.JPG`,
  ];
  for (const [number, name] of names.entries()) {
    const file = Buffer.concat([Buffer.from(`${card}/`), Buffer.from(name)]);
    await fs.mkdir(file.subarray(0, file.lastIndexOf('/')), { recursive: true });
    await fs.writeFile(file, await testJpeg(100 + number));
  }
  const dockingId = await dockAndRead(station, card);
  expect((await station.call('dockings.get', { dockingId })).equation).toMatchObject({
    listed: names.length,
    unfiled: names.length,
  });
  await fileAll(station, dockingId);
  await untilConfirmed(station, dockingId);
  expect(await release(station, dockingId)).toBe(names.length);
  expect(await station.call('dockings.get', { dockingId })).toMatchObject({
    state: 'clear',
    onMedium: { absent: names.length },
  });
  expect((await fs.readdir(card, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())).toEqual(
    [],
  );
  expect(new Set((await elements(dockingId)).flatMap((line) => ('file' in line ? [line['file']] : []))).size).toBe(
    names.length,
  );
});

test('what is no file is never followed, is reported, and the medium is not clear while it is there', async () => {
  const card = await tempFolder('links');
  const outside = await tempFolder('outside');
  await fs.writeFile(path.join(outside, 'SECRET.JPG'), await testJpeg(200));
  await fs.writeFile(path.join(card, 'A.JPG'), await testJpeg(201));
  await fs.symlink(path.join(outside, 'SECRET.JPG'), path.join(card, 'LINK.JPG'));
  await fs.symlink(outside, path.join(card, 'FOLDER'));
  execFileSync('mkfifo', [path.join(card, 'FIFO.JPG')]);
  const socket = net.createServer().listen(path.join(card, 'SOCKET.JPG'));
  if (process.getuid?.() === 0) execFileSync('mknod', [path.join(card, 'NODE.JPG'), 'c', '1', '3']);
  const dockingId = await dockAndRead(station, card);
  const docking = await station.call('dockings.get', { dockingId });
  expect(docking.equation.listed).toBe(1);
  await fileAll(station, dockingId);
  await untilConfirmed(station, dockingId);
  await release(station, dockingId);
  expect(await station.call('dockings.get', { dockingId })).toMatchObject({ state: 'sealed', onMedium: { absent: 1 } });
  const reported = (await elements(dockingId)).flatMap((line) =>
    'notFollowed' in line ? [[line['notFollowed'], line['what']]] : [],
  );
  const node = process.getuid?.() === 0 ? [['NODE.JPG', 'device']] : [];
  expect(reported).toEqual([
    ['FIFO.JPG', 'fifo'],
    ['FOLDER', 'symlink'],
    ['LINK.JPG', 'symlink'],
    ...node,
    ['SOCKET.JPG', 'socket'],
  ]);
  socket.close();
  expect(await fs.readdir(outside)).toEqual(['SECRET.JPG']);
});

test('the same card docked again: already archived, and erased without a second delivery', async () => {
  const card = await tempFolder('again');
  for (const number of [301, 302]) await fs.writeFile(path.join(card, `IMG_${number}.JPG`), await testJpeg(number));
  // The same picture twice on one card.
  await fs.copyFile(path.join(card, 'IMG_301.JPG'), path.join(card, 'COPY.JPG'));
  const first = await dockAndRead(station, card);
  const captures = (await station.call('captures.list', { dockingId: first })).captures;
  expect(captures.filter((capture) => capture.duplicate !== null)).toHaveLength(1);
  await fileAll(station, first);
  await untilConfirmed(station, first);
  const delivered = async () =>
    (await station.call('audit.list', { limit: 500 })).lines.filter((line) => line.action === 'delivered').length;
  const before = await delivered();
  // The same pictures on another medium: nothing was erased on the first.
  const other = await tempFolder('again-2');
  await fs.cp(card, other, { recursive: true, preserveTimestamps: true });
  const second = await dockAndRead(station, other);
  for (const capture of (await station.call('captures.list', { dockingId: second })).captures) {
    expect(capture).toMatchObject({ stage: 'confirmed', duplicate: { stage: 'confirmed' } });
  }
  expect((await station.call('dockings.get', { dockingId: second })).equation).toMatchObject({
    listed: 3,
    confirmed: 3,
  });
  expect(await release(station, second)).toBe(3);
  expect(await fs.readdir(other)).toEqual([]);
  expect(await fs.readdir(card)).toHaveLength(3);
  expect(await delivered()).toBe(before);
});

test('as long as nothing changed the same certificate is given again; a change makes a new one', async () => {
  const card = await tempFolder('certificate');
  await fs.writeFile(path.join(card, 'A.JPG'), await testJpeg(401));
  const dockingId = await dockAndRead(station, card);
  const one = await station.call('certificate.get', { dockingId });
  await station.call('audit.verify', {});
  expect(await station.call('certificate.get', { dockingId })).toEqual(one);
  await fileAll(station, dockingId);
  expect((await station.call('certificate.get', { dockingId })).text).not.toBe(one.text);
});
