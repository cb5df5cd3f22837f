import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  groupCaptures,
  ITEM_KINDS,
  type GroupableItem,
  type ItemKind,
} from '../../../../main/station/imaging/index.ts';

function item(
  path: string,
  kind: ItemKind,
  time: string | null = null,
  cameraSerial: string | null = null,
): GroupableItem {
  return { itemId: path, path, kind, capturedAtLocal: time === null ? null : `2026-03-04T${time}`, cameraSerial };
}

function groups(...items: GroupableItem[]): [kind: string, primary: string, ...others: string[]][] {
  return groupCaptures(items).map(({ kind, primaryItemId, itemIds }) => [
    kind,
    primaryItemId,
    ...itemIds.filter((id) => id !== primaryItemId),
  ]);
}

describe('groupCaptures', () => {
  it('joins RAW and JPEG of one shot with their sidecars; the JPEG stands for them', () => {
    expect(
      groups(
        item('DCIM/100/IMG_1.CR2', 'cr2', '10:00:00', 'A'),
        item('DCIM/100/img_1.jpg', 'jpeg', '10:00:01.500', 'A'),
        item('DCIM/100/IMG_1.WAV', 'wav'),
        item('DCIM/100/IMG_1.xmp', 'xmp'),
      ),
    ).toEqual([['raw+jpeg', 'DCIM/100/img_1.jpg', 'DCIM/100/IMG_1.CR2', 'DCIM/100/IMG_1.WAV', 'DCIM/100/IMG_1.xmp']]);
  });

  it('keeps pictures apart that only share a name: other time, other camera, other folder, same format', () => {
    expect(groups(item('a/1.CR2', 'cr2', '10:00:00'), item('a/1.JPG', 'jpeg', '10:00:03'))).toHaveLength(2);
    expect(groups(item('a/1.CR2', 'cr2', null, 'A'), item('a/1.JPG', 'jpeg', null, 'B'))).toHaveLength(2);
    expect(groups(item('a/1.JPG', 'jpeg'), item('b/1.JPG', 'jpeg'))).toHaveLength(2);
    expect(groups(item('a/1.JPG', 'jpeg'), item('a/1.JPEG', 'jpeg'))).toHaveLength(2);
    expect(groups(item('a/1.CR2', 'cr2'), item('b/1.JPG', 'jpeg'))).toHaveLength(2);
  });

  it('makes a Live Photo of HEIC, MOV and AAE; the edited picture is a capture of its own', () => {
    expect(
      groups(
        item('202602_a/IMG_1234.HEIC', 'heic', '10:00:00'),
        item('202602_a/IMG_1234.MOV', 'mov'),
        item('202602_a/IMG_1234.AAE', 'aae'),
        item('202602_a/IMG_O1234.AAE', 'aae'),
        item('202602_a/IMG_E1234.HEIC', 'heic', '10:00:00'),
        item('202602_a/IMG_E1234.MOV', 'mov'),
      ),
    ).toEqual([
      [
        'live-photo',
        '202602_a/IMG_1234.HEIC',
        '202602_a/IMG_1234.AAE',
        '202602_a/IMG_1234.MOV',
        '202602_a/IMG_O1234.AAE',
      ],
      ['live-photo', '202602_a/IMG_E1234.HEIC', '202602_a/IMG_E1234.MOV'],
    ]);
  });

  it('gives a video its thumbnail, and a sidecar to the file it names', () => {
    expect(groups(item('a/MVI_1.AVI', 'avi'), item('a/MVI_1.THM', 'jpeg'))).toEqual([
      ['video', 'a/MVI_1.AVI', 'a/MVI_1.THM'],
    ]);
    expect(groups(item('a/1.CR2', 'cr2'), item('a/1.CR2.xmp', 'xmp'))).toEqual([['raw', 'a/1.CR2', 'a/1.CR2.xmp']]);
    expect(groups(item('a/1.MP4', 'mp4'), item('a/1.JPG', 'jpeg'))).toHaveLength(2);
    expect(groups(item('a/1.THM', 'jpeg'))).toEqual([['photo', 'a/1.THM']]);
  });

  it('joins RAW and JPEG of two folders only when name, time and serial are known and agree', () => {
    const raw = item('DCIM/RAW/1.NEF', 'nef', '10:00:00', 'A');
    expect(groups(raw, item('DCIM/JPG/1.JPG', 'jpeg', '10:00:00', 'A'))).toHaveLength(1);
    expect(groups(raw, item('DCIM/JPG/1.JPG', 'jpeg', '10:00:00', null))).toHaveLength(2);
    expect(groups(raw, item('DCIM/JPG/1.JPG', 'jpeg', null, 'A'))).toHaveLength(2);
    expect(groups(raw, item('OTHER/JPG/1.JPG', 'jpeg', '10:00:00', 'A'))).toHaveLength(2);
    const twice = [item('DCIM/A/1.JPG', 'jpeg', '10:00:00', 'A'), item('DCIM/B/1.JPG', 'jpeg', '10:00:00', 'A')];
    expect(groups(raw, ...twice)).toHaveLength(3);
  });

  it('leaves what nobody knows alone', () => {
    expect(groups(item('a/1.JPG', 'jpeg'), item('a/1.XYZ', 'unknown'))).toEqual([
      ['photo', 'a/1.JPG'],
      ['other', 'a/1.XYZ'],
    ]);
  });

  const anyItems = fc
    .array(
      fc.record({
        path: fc
          .tuple(
            fc.constantFrom('', 'DCIM/100A/', 'DCIM/101A/', 'dcim/100a/'),
            fc.constantFrom('IMG_1', 'img_1', 'IMG_E1', 'IMG_O1', 'IMG_1.CR2', '.x', ''),
            fc.constantFrom('.JPG', '.CR2', '.MOV', '.AAE', '.THM', '.xmp', ''),
          )
          .map((parts) => parts.join('')),
        kind: fc.constantFrom(...ITEM_KINDS),
        capturedAtLocal: fc.constantFrom(
          null,
          '2026-03-04T10:00:00',
          '2026-03-04T10:00:02.000',
          '2026-03-04T11:00:00',
          'no',
        ),
        cameraSerial: fc.constantFrom(null, 'A', 'B'),
      }),
      { maxLength: 24 },
    )
    .map((items) => items.map((each, index) => ({ ...each, itemId: `item-${index}` })));

  it('puts every item into exactly one group, led by one of its own, whatever their order', () => {
    fc.assert(
      fc.property(anyItems, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (items, order) => {
        const result = groupCaptures(items);
        expect(result.flatMap(({ itemIds }) => itemIds).toSorted()).toEqual(
          items.map(({ itemId }) => itemId).toSorted(),
        );
        expect(result.every(({ itemIds, primaryItemId }) => itemIds.includes(primaryItemId))).toBe(true);
        const shuffled = items
          .map((each) => ({ each, key: order.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each);
        expect(groupCaptures(shuffled)).toEqual(result);
      }),
    );
  });

  it('never joins pictures taken more than two seconds apart, or by two cameras', () => {
    fc.assert(
      fc.property(anyItems, (items) => {
        const byId = new Map(items.map((each) => [each.itemId, each]));
        const pictures = new Set<ItemKind>(['jpeg', 'heic', 'png', 'tiff', 'cr2', 'dng', 'nef']);
        for (const { itemIds } of groupCaptures(items)) {
          const shots = itemIds
            .map((id) => byId.get(id)!)
            .filter(({ kind, path }) => pictures.has(kind) && !path.toLowerCase().endsWith('.thm'));
          const times = shots
            .map(({ capturedAtLocal }) => Date.parse(`${capturedAtLocal}Z`))
            .filter((at) => !Number.isNaN(at));
          if (times.length > 0) expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(2000);
          expect(
            new Set(shots.map(({ cameraSerial }) => cameraSerial).filter((serial) => serial !== null)).size,
          ).toBeLessThan(2);
        }
      }),
    );
  });
});
