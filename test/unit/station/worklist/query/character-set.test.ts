import { describe, expect, it } from 'vitest';
import { characterSetsOf, decodeText } from '../../../../../main/station/worklist/query/character-set.ts';
import { personName } from '../../../../../main/station/worklist/query/person-name.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const raw = (text: string): Buffer => Buffer.from(text, 'latin1');
const decode = (set: string | null, bytes: Buffer, vr = 'PN') => decodeText(bytes, characterSetsOf(set), vr);

describe('a name in each character set of the standard', () => {
  const names: [set: string | null, bytes: Buffer, name: string][] = [
    [null, raw('Smith^John'), 'Smith^John'],
    ['ISO_IR 6', raw('Smith^John'), 'Smith^John'],
    ['ISO_IR 100', hex('4dfc6c6c65725e4afc7267656e'), 'Müller^Jürgen'],
    ['ISO_IR 101', hex('5761b3ea73615ea3756b61737a'), 'Wałęsa^Łukasz'],
    ['ISO_IR 109', hex('d8757374615ea66f726f'), 'Ĝusta^Ĥoro'],
    ['ISO_IR 110', hex('42ba727a69f1b95e4ae06e6973'), 'Bērziņš^Jānis'],
    ['ISO_IR 144', hex('b8d2d0ddded25eb8d2d0dd'), 'Иванов^Иван'],
    ['ISO_IR 127', hex('e2c8c7e6ea5ee4e6d2c7d1'), 'قباني^لنزار'],
    ['ISO_IR 126', hex('c4e9efedf5f3e9eff25ec1'), 'Διονυσιος^Α'],
    ['ISO_IR 138', hex('f9f8e5ef5ee3e1e5f8e4'), 'שרון^דבורה'],
    ['ISO_IR 148', hex('c7617675fe6ff06c755e49fefd6c'), 'Çavuşoğlu^Işıl'],
    ['ISO_IR 166', hex('cac1aad2c25ee3a8b4d5'), 'สมชาย^ใจดี'],
    ['ISO_IR 13', hex('d4cfc0de5ec0dbb3'), 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
    ['ISO_IR 192', Buffer.from('Wang^XiaoDong=王^小東'), 'Wang^XiaoDong=王^小東'],
    ['GB18030', hex('57616e675e5869616f446f6e673dcdf55ed0a1b6ab'), 'Wang^XiaoDong=王^小东'],
    ['GBK', hex('57616e675e5869616f446f6e673dcdf55ed0a1b6ab'), 'Wang^XiaoDong=王^小东'],
    // PS3.5 H.3.1
    [
      '\\ISO 2022 IR 87',
      raw('Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B'),
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    // PS3.5 H.3.2
    [
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      raw('\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J'),
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    ],
    ['\\ISO 2022 IR 159', hex('55656e6f3d1b24284430211b2842'), 'Ueno=丂'],
    // PS3.5 I.2
    [
      '\\ISO 2022 IR 149',
      raw('Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf'),
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    // PS3.5 K.2
    ['\\ISO 2022 IR 58', raw('Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab='), 'Zhang^XiaoDong=张^小东='],
    // a Latin name with a Cyrillic group
    ['ISO 2022 IR 100\\ISO 2022 IR 144', raw('M\xfcller=\x1b-L\xb8\xd2\xd0\xdd'), 'Müller=Иван'],
  ];
  it.each(names)('%s', (set, bytes, name) => {
    expect(decode(set, bytes)).toEqual({ text: name });
  });

  it('ignores the padding space', () => {
    expect(decode('ISO_IR 100', raw('M\xfcller '))).toEqual({ text: 'Müller' });
  });
});

describe('refuses rather than shows a mangled name', () => {
  const wrong: [why: string, set: string | null, bytes: Buffer][] = [
    ['high bytes without a declared set', null, raw('M\xfcller')],
    ['UTF-8 without a declared set', null, Buffer.from('Müller')],
    ['UTF-8 declared as Latin-1', 'ISO_IR 100', Buffer.from('Müller^Jürgen')],
    ['Latin-1 declared as UTF-8', 'ISO_IR 192', raw('M\xfcller')],
    ['Windows-1252 quotes declared as Latin-1', 'ISO_IR 100', raw('O\x92Brien')],
    ['UTF-8 Cyrillic declared as ISO_IR 144', 'ISO_IR 144', Buffer.from('Иванов')],
    ['escape sequences under a single set', 'ISO_IR 192', raw('Yamada=\x1b$B;3ED\x1b(B')],
    ['escape sequences without ISO 2022', null, raw('Yamada=\x1b$B;3ED\x1b(B')],
    ['an escape sequence of an undeclared set', '\\ISO 2022 IR 87', raw('Hong=\x1b$)C\xfb\xf3')],
    ['Korean bytes without their designation', '\\ISO 2022 IR 149', raw('Hong=\xfb\xf3')],
    ['Korean whose designation a separator ended', '\\ISO 2022 IR 149', raw('Hong=\x1b$)C\xfb\xf3^\xd1\xce')],
    ['kanji cut in the middle', '\\ISO 2022 IR 87', raw('Yamada=\x1b$B;3E')],
    ['kanji that never returns to ASCII', '\\ISO 2022 IR 87', raw('Yamada=\x1b$B;3ED^Taro')],
    ['shift-JIS under ISO_IR 13', 'ISO_IR 13', hex('8e5293635ee0')],
    ['half a GB18030 character', 'GB18030', raw('Wang=\xcd')],
    ['Arabic bytes the set leaves open', 'ISO_IR 127', raw('\xc1\xb0')],
    ['a control character', 'ISO_IR 192', Buffer.from('Mü\u0007ller')],
    ['a replacement character some gateway left', 'ISO_IR 192', Buffer.from('M\ufffdller')],
  ];
  it.each(wrong)('%s', (_why, set, bytes) => {
    expect(decode(set, bytes)).toEqual({ failure: 'not-decodable' });
  });

  it('names an unknown set, even for plain letters', () => {
    expect(decode('ISO_IR 999', raw('Smith'))).toEqual({ failure: 'unknown-character-set' });
  });
});

describe('the parts of a name', () => {
  it('splits groups and drops what carries nothing', () => {
    expect(personName('Yamada^Tarou^^^=山田^太郎=')).toEqual({
      alphabetic: 'Yamada^Tarou',
      ideographic: '山田^太郎',
      phonetic: null,
    });
  });
});
