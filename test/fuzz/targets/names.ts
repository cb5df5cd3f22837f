import { groupCaptures, ITEM_KINDS, isHousekeeping } from '../../../main/station/imaging/index.ts';
import { groupKeyOf } from '../../../main/station/intake/group-step.ts';
import { showName } from '../../../main/station/intake/volume/list-volume.ts';
import { check, type FuzzTarget } from '../target.ts';

/** Names of files as a card gives them, apart by slashes: no two are shown alike, and every item ends in exactly one capture. */
export const names: FuzzTarget = {
  name: 'names',
  covers: [
    '/intake/volume/list-volume.ts',
    '/intake/group-step.ts',
    '/imaging/group-captures.ts',
    '/imaging/housekeeping.ts',
  ],
  seeds: () =>
    [
      'IMG_1.JPG/IMG_1.CR2/IMG_1.XMP',
      'IMG_0001.HEIC/IMG_0001.MOV/IMG_E0001.HEIC/IMG_0001.AAE',
      'a\\xff/\\/\\\\x61',
      'e\u0301.jpg/\u00e9.jpg',
      '\u202egpj.a/\n/ .',
    ].map((text) => Buffer.from(text)),
  dictionary: [
    'IMG_',
    'IMG_E',
    '.JPG',
    '.CR2',
    '.HEIC',
    '.MOV',
    '.AAE',
    '.XMP',
    '.THM',
    '.MP4',
    'DCIM',
    'Thumbs.db',
    '.DS_Store',
    '\\x',
    '\xff',
    '\xe2\x80\xae',
    '/',
    '._',
    'CTG',
    '.',
  ],
  run(bytes) {
    const given = new Map<string, Buffer>();
    let rest = bytes;
    for (let at = 0; at !== -1 && given.size < 40;) {
      at = rest.indexOf(0x2f);
      const name = at === -1 ? rest : rest.subarray(0, at);
      if (name.length > 0 && !name.includes(0)) given.set(name.toString('hex'), name);
      rest = rest.subarray(at + 1);
    }
    const shown = new Map<string, string>();
    for (const [hex, name] of given) {
      const { text, exact } = showName(name);
      check(!shown.has(text), 'no two names are shown alike');
      if (exact) check(Buffer.from(text).equals(name), 'a name called exact is the very bytes');
      shown.set(text, hex);
    }
    const items = [...shown.keys()].map((path, index) => ({
      itemId: `item-${index}`,
      path: `DCIM/${path}`,
      kind: ITEM_KINDS[path.length % ITEM_KINDS.length]!,
      capturedAtLocal: null,
      cameraSerial: null,
    }));
    for (const { path } of items) {
      groupKeyOf(path);
      isHousekeeping(path, 'unknown');
    }
    const grouped = groupCaptures(items).flatMap((group) => [...group.itemIds]);
    check(grouped.length === items.length && new Set(grouped).size === items.length, 'every item is in one capture');
  },
};
