import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ITEM_KINDS, isHousekeeping, isPicture, isVideo } from '../../../../main/station/imaging/index.ts';

const LISTED = [
  'MISC/AUTPRINT.MRK',
  'DCIM/CANONMSC/M0100.CTG',
  'PRIVATE/SONY/SONYCARD.IND',
  'AVF_INFO/AVIN0001.BNP'.replace('BNP', 'INP'),
  'AVF_INFO/AVIN0001.BIN',
  'NIKON001.DSC',
  'DCIM/100NIKON/NC_FLLST.DAT',
  'System Volume Information/WPSettings.dat',
  '.Spotlight-V100/Store-V2/x/0.indexHead',
  '.fseventsd/0000000000123456',
  '.Trashes',
  'DCIM/100CANON/._IMG_0001.JPG',
  'DCIM/.DS_Store',
  'DCIM/100CANON/Thumbs.db',
  'desktop.ini',
  'LOST.DIR/123',
];

describe('isHousekeeping', () => {
  it.each(LISTED)('knows %s, in any case', (path) => {
    expect(isHousekeeping(path, 'unknown')).toBe(true);
    expect(isHousekeeping(path.toLowerCase(), 'unknown')).toBe(true);
  });

  it.each([
    'DCIM/100CANON/IMG_0001.XYZ',
    'notes.txt',
    'patient/desktop.ini.doc',
    'DCIM/100CANON/IMG_0001.DAT',
    'Documents/SONYCARD.IND',
    'x/System Volume Information/a',
  ])('leaves %s to a person', (path) => {
    expect(isHousekeeping(path, 'unknown')).toBe(false);
  });

  it('never passes over a picture or a video because of its name', () => {
    const pictures = ITEM_KINDS.filter((kind) => isPicture(kind) || isVideo(kind));
    fc.assert(
      fc.property(
        fc.constantFrom(...LISTED),
        fc.constantFrom(...pictures),
        (path, kind) => !isHousekeeping(path, kind),
      ),
    );
  });
});
