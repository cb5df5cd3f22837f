import { expect, test } from 'vitest';
import { BundleError, readBundle, writeBundle } from '../../../../main/station/buttons/bundle.ts';
import { isSameButton } from '../../../../main/station/buttons/mapping.ts';
import type { Mapping } from '../../../../main/station/buttons/mapping.ts';

const hid: Mapping = {
  source: 'hid',
  vendorId: 0x05f3,
  productId: 0x00ff,
  usagePage: 0x0c,
  usage: 3,
  interface: 0,
  mask: '01ff',
  value: '0100',
  deviceName: 'Footpedal',
};
const evdev: Mapping = { source: 'evdev', vendorId: 1, productId: 2, code: 212, deviceName: '' };
const bundle = (mapping: object) =>
  JSON.stringify({ photodockButtons: 1, buttons: [{ label: 'Left pedal', action: 'capture', mapping }] });

function refusal(text: string): [string, unknown] {
  try {
    readBundle(text);
  } catch (error) {
    if (error instanceof BundleError) return [error.code, error.details['where']];
  }
  throw new Error('taken');
}

test('what was written is read', () => {
  const buttons = [hid, evdev].map((mapping) => ({ label: 'Pedal', action: 'capture' as const, mapping }));
  expect(readBundle(writeBundle(buttons))).toEqual(buttons);
});

test.each([
  ['no JSON', '{', '(no JSON)'],
  ['something else', '{"name": "x"}', 'photodockButtons'],
  ['nothing', 'null', '(top)'],
  ['an unknown key', bundle({ ...hid, extra: 1 }), 'buttons.0.mapping'],
  ['a mask of nothing', bundle({ ...hid, mask: '0000', value: '0000' }), 'buttons.0.mapping'],
  ['a mask that does not fit', bundle({ ...hid, mask: '01' }), 'buttons.0.mapping'],
  ['a value outside its mask', bundle({ ...hid, value: '0300' }), 'buttons.0.mapping'],
  ['a key that is no camera’s', bundle({ ...evdev, code: 30 }), 'buttons.0.mapping'],
  ['an endless mask', bundle({ ...hid, mask: 'ff'.repeat(5000), value: 'ff'.repeat(5000) }), 'buttons.0.mapping'],
])('%s is refused, and told where', (_name, text, where) => {
  const [code, place] = refusal(text);
  expect(code).toBe('buttons-file-invalid');
  expect(String(place).startsWith(where)).toBe(true);
});

test('a file of a newer station is told as that', () => {
  expect(refusal('{"photodockButtons": 2, "buttons": []}')[0]).toBe('buttons-file-newer');
});

test('the same button is known again whatever its device calls itself', () => {
  expect(isSameButton(hid, { ...hid, deviceName: 'other' })).toBe(true);
  expect(isSameButton(hid, { ...hid, mask: '02ff', value: '0200' })).toBe(false);
  expect(isSameButton(hid, evdev)).toBe(false);
});
