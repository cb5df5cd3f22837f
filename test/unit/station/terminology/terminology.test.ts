import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTerminology } from '../../../../main/station/terminology/index.ts';

const terminology = createTerminology();
const keys = (query: string, options = {}) => terminology.find(query, options).map(({ region }) => region.key);

const hand = 'SCT:33712006';
const backOfHand = 'SCT:281642007';
const palm = 'SCT:70887009';

describe('the shipped list', () => {
  test('is CID 4029 of DICOM 2024c: 148 SCT, 24 DCM and 35 FMA codes, each scheme with its code', () => {
    const regions = terminology.regions();
    const count = (scheme: string) => regions.filter((region) => region.scheme === scheme).length;
    expect([regions.length, count('SCT'), count('DCM'), count('FMA')]).toEqual([207, 148, 24, 35]);
    expect(new Set(regions.map(({ key }) => key)).size).toBe(207);
    const text = regions.map(({ key, meaning }) => `${key}\t${meaning}\n`).join('');
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      'aa50ffbf36352a3d3a7bae15df45c2e3665db55990e65c6f06aced4a79ee058a',
    );
  });

  test('fits the DICOM code sequence: SH 16 and LO 64', () => {
    for (const { code, scheme, meaning } of terminology.regions()) {
      expect(code.length).toBeLessThanOrEqual(16);
      expect(scheme.length).toBeLessThanOrEqual(16);
      expect(meaning.length).toBeLessThanOrEqual(64);
    }
  });

  test('the authored data speaks of the same regions, and of no others', () => {
    const file = join(import.meta.dirname, '../../../../resources/terminology/regions-authored.json');
    const authored = JSON.parse(readFileSync(file, 'utf8')) as { regions: Record<string, { meaning: string }> };
    for (const [key, { meaning }] of Object.entries(authored.regions)) {
      const [scheme, code] = key.split(':') as [string, string];
      expect(terminology.byCode(scheme, code)?.meaning, key).toBe(meaning);
    }
    expect(Object.keys(authored.regions)).toHaveLength(208);
  });
});

describe('older codes', () => {
  test('are read as what replaced them, and are not offered', () => {
    const region = terminology.byCode('SCT', '38790000'); // Nail of great toe
    expect(region).toMatchObject({ key: 'SCT:770822006', meaning: 'Nail unit of great toe', replaces: 'SCT:38790000' });
    expect(terminology.byCode('SCT', '699891005')?.key).toBe('SCT:76261009'); // Skin of axilla
    expect(keys('SCT:38790000')).toEqual([]);
  });

  test('one without successor keeps its own meaning', () => {
    expect(terminology.byCode('SCT', '48670002')).toMatchObject({
      meaning: 'Skin of supraorbital area',
      retired: true,
    });
    expect(terminology.regions().some(({ code }) => code === '48670002')).toBe(false);
  });

  test('a code of another scheme is another code', () => {
    expect(terminology.byCode('FMA', '33712006')).toBeNull();
    expect(terminology.byCode('SCT', '33712006')?.meaning).toBe('Skin of hand');
  });
});

describe('typing', () => {
  test.each([
    ['dorsum hand', backOfHand],
    ['back of hand', backOfHand],
    ['hand back', backOfHand],
    ['Skin of hand', hand],
    ['hand', hand],
    ['palm', palm],
    ['shin', 'SCT:25763004'],
    ['calf', 'SCT:47224004'],
    ['armpit', 'SCT:76261009'],
    ['belly', 'SCT:75093004'],
    ['bottom', 'SCT:22180002'],
    ['big toe', 'SCT:52034004'],
    ['big toenail', 'SCT:770822006'],
    ['fingernail', 'SCT:770809003'],
    ['crook of arm', 'SCT:17957002'],
    ['back of knee', 'SCT:84507004'],
    ['sole forefoot', 'DCM:130317'],
    ['SCT:33712006', hand],
    ['33712006', hand],
  ])('"%s" finds %s first', (query, key) => {
    expect(keys(query)[0]).toBe(key);
  });

  test.each([
    ['DÓRSUM  Hand', backOfHand],
    ['dors han', backOfHand],
    ['forarm', 'SCT:70559009'],
    ['amrpit', 'SCT:76261009'],
    ['axila', 'SCT:76261009'],
    ['umbillicus', 'SCT:315003'],
  ])('"%s" is understood', (query, key) => {
    expect(keys(query)).toContain(key);
  });

  test('a slip is forgiven only when nothing fits as typed', () => {
    expect(keys('shin')).toEqual(['SCT:25763004']); // not chin, not skin
  });

  test('a whole word comes before a beginning', () => {
    const found = keys('breast');
    expect(found.indexOf('SCT:54468004')).toBeLessThan(found.indexOf('SCT:244107007')); // nipple before breastbone
  });

  test('nonsense finds nothing', () => {
    for (const query of ['xyzzy', '!!', 'hand zebra']) expect(keys(query)).toEqual([]);
  });

  test('favourites, then recent ones, come first among equally good hits, and never before a better one', () => {
    expect(keys('hand', { favourites: [backOfHand], recent: [palm] }).slice(0, 3)).toEqual([hand, backOfHand, palm]);
    expect(keys('', { favourites: [palm], recent: [hand], limit: 2 })).toEqual([palm, hand]);
    expect(keys('', { limit: 500 })).toHaveLength(207);
  });

  test('no query breaks it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (query) => {
        expect(terminology.find(query, { limit: 5 }).length).toBeLessThanOrEqual(5);
      }),
    );
  });

  test('every region is found by its own meaning, first', () => {
    for (const { key, meaning } of terminology.regions()) expect(keys(meaning, { limit: 1 }), meaning).toEqual([key]);
  });

  test('every synonym finds its region', () => {
    for (const { key, synonyms } of terminology.regions()) {
      for (const synonym of synonyms) expect(keys(synonym, { limit: 10 }), synonym).toContain(key);
    }
  });
});

describe('sides', () => {
  test.each([
    ['l hand', 'L'],
    ['left hand', 'L'],
    ['hand rt', 'R'],
    ['hand right', 'R'],
    ['both hand', 'B'],
    ['skin of left hand', 'L'],
    ['hand', null],
  ] as const)('"%s" hints %s', (query, side) => {
    expect(terminology.find(query)[0]).toMatchObject({ region: { key: hand }, lateralityHint: side });
  });

  test('a side is found in the middle of the words, one letter only at an end', () => {
    expect(terminology.find('back of left hand')[0]).toMatchObject({
      region: terminology.find('back of hand')[0]!.region,
      lateralityHint: 'L',
    });
    expect(terminology.find('hand r back').every((hit) => hit.lateralityHint === null)).toBe(true);
  });

  test('no side is hinted where the region has none', () => {
    const [hit] = terminology.find('left nose');
    expect(hit).toMatchObject({ region: { meaning: 'Skin of nose' }, lateralityHint: null });
  });

  test('a region whose name states a side has that side only', () => {
    const region = terminology.byCode('FMA', '61439')!;
    expect(terminology.lateralityAllowed(region)).toEqual(['L']);
    expect(keys('left breast', { limit: 50 })).toContain(region.key);
    expect(keys('right breast', { limit: 50 })).not.toContain(region.key);
  });

  test('paired regions ask for a side, unpaired ones do not', () => {
    expect(terminology.lateralityAllowed(terminology.byCode('SCT', '33712006')!)).toEqual(['R', 'L', 'B']);
    expect(terminology.lateralityAllowed(terminology.byCode('SCT', '113179006')!)).toEqual(['U']);
  });

  test('the codes are those of CID 244', () => {
    expect(terminology.lateralityCode('R')).toEqual({ scheme: 'SCT', code: '24028007', meaning: 'Right' });
    expect(terminology.lateralityCode('L')).toEqual({ scheme: 'SCT', code: '7771000', meaning: 'Left' });
    expect(terminology.lateralityCode('B')).toEqual({ scheme: 'SCT', code: '51440002', meaning: 'Bilateral' });
    expect(terminology.lateralityCode('U')).toBeNull();
  });
});

test('intimate regions are marked', () => {
  const sensitive = (query: string) => terminology.find(query)[0]!.region.sensitive;
  for (const query of ['nipple', 'penis', 'anus', 'labia', 'scrotum', 'perineum'])
    expect(sensitive(query), query).toBe(true);
  for (const query of ['hand', 'chest', 'umbilicus']) expect(sensitive(query), query).toBe(false);
});
