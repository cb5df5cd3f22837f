import { describe, expect, it } from 'vitest';
import type { ArrivingView, CaptureView, LiveView } from '../../shared/contract.ts';
import { deviceText, mediumFacts, mediumName } from '../../renderer/components/medium-name.ts';
import {
  arrivingTiles,
  keptInPlace,
  notYetThere,
  stripOrder,
} from '../../renderer/components/tether/arriving-tiles.ts';
import { clockText, exposureParts, timeText } from '../../renderer/components/tether/exposure-words.ts';
import { newCaptures } from '../../renderer/screens/file/new-captures.ts';

const exposure = { fNumber: 8, exposureSeconds: 0.008, iso: 800, whiteBalance: 'daylight', focalLengthMm: 60 };
const live: LiveView = {
  canCapture: true,
  exposure,
  exposureDiffers: [],
  exposureAgainst: 'first-picture',
  exposureWanted: { ...exposure, iso: 200 },
  clockOffsetMs: 0,
};

describe('how a camera is set', () => {
  it('is read as photographers read it', () => {
    expect(exposureParts(live).map(({ text }) => text)).toEqual(['f/8', '1/125 s', 'ISO 800', 'daylight', '60 mm']);
    expect([0.0166, 0.5, 1 / 3, 2, 30, 1 / 4000].map(timeText)).toEqual([
      '1/60 s',
      '0.5 s',
      '0.3 s',
      '2 s',
      '30 s',
      '1/4000 s',
    ]);
  });

  it('says what differs and from what, and nothing of what is as it should be', () => {
    const differs: LiveView = { ...live, exposureDiffers: ['iso'] };
    const told = (one: LiveView) => exposureParts(one).flatMap(({ should }) => should ?? []);
    expect(told(live)).toEqual([]);
    expect(told(differs)).toEqual(['was ISO 200']);
    expect(told({ ...differs, exposureAgainst: 'protocol' })).toEqual(['protocol says ISO 200']);
  });

  it('leaves out what the camera does not tell, and gives makers’ own settings by their number', () => {
    const little = {
      ...exposure,
      fNumber: null,
      exposureSeconds: null,
      focalLengthMm: null,
      whiteBalance: 'vendor-8010',
    };
    expect(exposureParts({ ...live, exposure: little }).map(({ text }) => text)).toEqual([
      'ISO 800',
      'white balance 8010',
    ]);
    expect(exposureParts({ ...live, exposure: null })).toEqual([]);
  });

  it('warns of a clock that is more than a minute off, and keeps quiet below', () => {
    expect([null, 0, 59_000, -60_000].map(clockText)).toEqual([null, null, null, null]);
    expect(clockText(180_000)).toBe('Camera clock 3 min fast');
    expect(clockText(-3_600_000 * 3)).toBe('Camera clock 3 h slow');
    expect(clockText(86_400_000 * 366)).toBe('Camera clock 366 days fast');
  });
});

describe('a device’s name', () => {
  const camera = {
    kind: 'camera' as const,
    label: 'Canon EOS 5D',
    maker: 'Canon Inc.',
    model: 'Canon EOS 5D',
    serial: '1234',
    name: null,
    ownerUnit: null,
  };

  it('is what stands on it, with its serial number', () => {
    expect(mediumName(camera)).toBe('Canon EOS 5D');
    expect(mediumFacts(camera)).toEqual(['SN 1234']);
    expect(deviceText({ maker: 'NIKON CORPORATION', model: 'D750' })).toBe('NIKON D750');
    expect(deviceText({ maker: 'Apple Inc.', model: 'iPhone' })).toBe('Apple iPhone');
    expect(deviceText({ maker: null, model: null })).toBeNull();
  });

  it('is what people call it, when they gave it a name', () => {
    const named = { ...camera, name: 'Burns camera 2', ownerUnit: 'Burns unit' };
    expect(mediumName(named)).toBe('Burns camera 2');
    expect(mediumFacts(named)).toEqual(['Canon EOS 5D', 'SN 1234', 'of Burns unit']);
  });
});

function item(name: string, change: Partial<ArrivingView> = {}): ArrivingView {
  return {
    itemId: `item-${name}`,
    name,
    bytes: 1,
    stage: 'listed',
    arrivedAt: 1,
    code: null,
    hasPicture: false,
    ...change,
  };
}

describe('what arrives', () => {
  it('is one tile for each release of the shutter, the newest last, as far as its slowest file', () => {
    const tiles = arrivingTiles([
      item('IMG_2.JPG', { arrivedAt: 9 }),
      item('IMG_1.CR2', { stage: 'sealed', hasPicture: true }),
      item('IMG_1.JPG', { stage: 'proven' }),
    ]);
    expect(tiles).toEqual([
      { id: 'item-IMG_1.JPG', name: 'IMG_1.JPG', arrivedAt: 1, stage: 'sealed', pictureOf: 'item-IMG_1.CR2' },
      { id: 'item-IMG_2.JPG', name: 'IMG_2.JPG', arrivedAt: 9, stage: 'listed', pictureOf: null },
    ]);
  });

  it('stands in the strip with what was just taken first, then in the order of reading', () => {
    const tiles = arrivingTiles([
      item('NEW-1.JPG', { arrivedAt: 7 }),
      item('NEW-2.JPG', { arrivedAt: 8 }),
      item('A.JPG', { stage: 'sealed' }),
      item('B.JPG'),
    ]);
    expect(stripOrder(tiles, 1).map(({ name }) => name)).toEqual(['NEW-2.JPG', 'NEW-1.JPG', 'A.JPG', 'B.JPG']);
  });

  it('never takes the same name of two folders for one picture', () => {
    expect(arrivingTiles([item('IMG_1.JPG'), item('IMG_1.JPG', { itemId: 'item-other' })])).toHaveLength(2);
  });

  it('stays in its place until it is a capture, and is not there twice', () => {
    const [first, second] = arrivingTiles([item('A.JPG', { stage: 'proven' }), item('B.JPG', { arrivedAt: 2 })]);
    expect(keptInPlace([first!], [second!])).toEqual([first, second]);
    expect(keptInPlace([first!, second!], [first!, second!])).toEqual([first, second]);
    expect(notYetThere([first!, second!], [{ name: 'A.JPG' }, { name: 'B.JPG' }])).toEqual([second]);
  });
});

describe('a tethered session', () => {
  it('takes up what is new and can be filed, and nothing else', () => {
    const capture = (id: string, change: Partial<CaptureView> = {}) =>
      ({ id, stage: 'unfiled', kind: 'photo', ...change }) as CaptureView;
    const now = [
      capture('old'),
      capture('new'),
      capture('filed', { stage: 'filed' }),
      capture('odd', { kind: 'other' }),
    ];
    expect(newCaptures(new Set(['old']), now).map(({ id }) => id)).toEqual(['new']);
  });
});
