import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, loadHeaders, parseConfig } from '../../../../main/station/config/index.ts';
import { tempFolder } from '../../../support/temp.ts';

const dimse = {
  station: { name: 'DERM-1', listen: { host: '0.0.0.0', port: 11113 } },
  archive: { kind: 'dimse', name: 'PACS', host: 'pacs.example', port: 104, calledAet: 'PACS' },
};
const web = {
  station: { name: 'DERM-1' },
  archive: { kind: 'dicomweb', name: 'VNA', baseUrl: 'https://vna.example/dicom-web' },
};

test('the least that is needed is enough, and the rest is the careful choice', () => {
  const config = parseConfig(dimse);
  expect(config.archive).toMatchObject({ commitment: true, readBack: { kind: 'move' } });
  expect(config.policy).toMatchObject({
    heicMayLeave: true,
    rawMayLeave: false,
    motionMayLeave: false,
    lockAfterMinutes: 10,
  });
  expect(config.station.aet).toBe('PHOTODOCK');
  expect(parseConfig(web).intake.mountRoots).toEqual(['/media', '/run/media']);
});

describe('what is wrong is said with its place in the file', () => {
  const cases: [
    string,
    (config: ReturnType<typeof structuredClone<typeof dimse & Record<string, unknown>>>) => void,
    RegExp,
  ][] = [
    ['no archive', (c) => Reflect.deleteProperty(c, 'archive'), /archive: /],
    ['unknown kind of archive', (c) => Object.assign(c.archive, { kind: 'ftp' }), /archive\.kind: /],
    ['port out of range', (c) => Object.assign(c.archive, { port: 70_000 }), /archive\.port: /],
    [
      'AE title too long',
      (c) => Object.assign(c.archive, { calledAet: 'A'.repeat(17) }),
      /archive\.calledAet: an AE title/,
    ],
    ['AE title with a backslash', (c) => Object.assign(c.archive, { calledAet: 'A\\B' }), /archive\.calledAet: /],
    ['misspelt key', (c) => Object.assign(c.archive, { comitment: true }), /archive: .*comitment/],
    ['misspelt policy', (c) => Object.assign(c, { policy: { rawMayLeve: true } }), /policy: .*rawMayLeve/],
    ['a yes that is a word', (c) => Object.assign(c, { policy: { rawMayLeave: 'yes' } }), /policy\.rawMayLeave: /],
    ['relative mount root', (c) => Object.assign(c, { intake: { mountRoots: ['media'] } }), /intake\.mountRoots\.0: /],
    [
      'commitment without a listener',
      (c) => Reflect.deleteProperty(c.station, 'listen'),
      /station\.listen: storage commitment/,
    ],
    ['no name', (c) => Object.assign(c.station, { name: '' }), /station\.name: /],
  ];
  test.each(cases)('%s', (_what, spoil, message) => {
    const config = structuredClone<typeof dimse & Record<string, unknown>>(dimse);
    spoil(config);
    expect(() => parseConfig(config)).toThrow(message);
  });
  test('nothing, a list, a text', () => {
    for (const value of [null, [], 'x', 1]) expect(() => parseConfig(value)).toThrow(/station\.json: \(top\): /);
  });
});

test('no listener is needed where nothing comes back to it', () => {
  const archive = { ...dimse.archive, commitment: false, readBack: { kind: 'get' } };
  expect(parseConfig({ station: { name: 'DERM-1' }, archive }).station.listen).toBeUndefined();
});

test('a file that is missing or no JSON is named', async () => {
  const folder = await tempFolder('config');
  const file = path.join(folder, 'station.json');
  await expect(loadConfig(file)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringMatching(/station\.json: cannot be read \(ENOENT\)/) as string,
  });
  await fs.writeFile(file, '{"station": }');
  await expect(loadConfig(file)).rejects.toThrow(/no valid JSON/);
  await fs.writeFile(file, JSON.stringify(web));
  expect((await loadConfig(file)).archive.kind).toBe('dicomweb');
});

test('extra headers come from a file of their own', async () => {
  const file = path.join(await tempFolder('config'), 'headers.json');
  expect(await loadHeaders(undefined)).toEqual({});
  await fs.writeFile(file, '{"Authorization":"Bearer x"}');
  expect(await loadHeaders(file)).toEqual({ Authorization: 'Bearer x' });
  for (const text of ['{"Authorization":1}', '{', '']) {
    await fs.writeFile(file, text);
    await expect(loadHeaders(file)).rejects.toMatchObject({ code: 'config' });
  }
});
