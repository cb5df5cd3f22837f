import { expect, test } from 'vitest';
import { isAppAddress, readImageAddress } from '../../../main/shell/addresses.ts';

test.each(['app://station/', 'app://station/assets/index.js'])('%s is ours', (address) => {
  expect(isAppAddress(address)).toBe(true);
});

test.each([
  'app://station.evil/',
  'app://evil/',
  'app://station:1/',
  'https://station/',
  'file:///app://station/',
  'app://station@evil/',
  'about:blank',
  '',
])('%s is not ours', (address) => {
  expect(isAppAddress(address)).toBe(false);
});

test('an image address is an id and a size', () => {
  expect(readImageAddress('image://view/0197f3a0-capture/thumb')).toEqual({ id: '0197f3a0-capture', size: 'thumb' });
});

test.each([
  'image://view/0197f3a0-capture/huge',
  'image://view/0197f3a0-capture/thumb/x',
  'image://view/../../etc/passwd/thumb',
  'image://view/0197f3a0%2F..%2Fx/thumb',
  'image://other/0197f3a0-capture/thumb',
  'app://view/0197f3a0-capture/thumb',
])('%s is no image address', (address) => {
  expect(readImageAddress(address)).toBeNull();
});
