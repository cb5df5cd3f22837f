import { expect, test } from 'vitest';
import { mayUseCamera } from '../../../main/shell/camera-permission.ts';
import type { PermissionAsked } from '../../../main/shell/camera-permission.ts';

const asked: PermissionAsked = {
  permission: 'media',
  media: ['video'],
  isMainFrame: true,
  origin: 'app://station/',
  shown: 'app://station/#/capture',
  signedIn: true,
};

test('the Capture screen of our window may use a camera while somebody is signed in', () => {
  expect(mayUseCamera(asked)).toBe(true);
  expect(mayUseCamera({ ...asked, origin: 'app://station', shown: 'app://station/#/capture?docking=x' })).toBe(true);
});

test.each<[string, Partial<PermissionAsked>]>([
  ['a microphone', { media: ['audio'] }],
  ['a microphone beside the camera', { media: ['video', 'audio'] }],
  ['an unknown kind of media', { media: [] }],
  ['another permission', { permission: 'display-capture' }],
  ['a clipboard', { permission: 'clipboard-read', media: [] }],
  ['a frame inside the page', { isMainFrame: false }],
  ['another origin', { origin: 'https://station/' }],
  ['an origin that begins like ours', { origin: 'app://station.evil.example' }],
  ['a window that is not ours', { shown: null }],
  ['another screen', { shown: 'app://station/#/file' }],
  ['a screen that is called alike', { shown: 'app://station/#/captures' }],
  ['another page that is called alike', { shown: 'https://station/#/capture' }],
  ['a locked window', { signedIn: false }],
])('%s is refused', (_what, differs) => {
  expect(mayUseCamera({ ...asked, ...differs })).toBe(false);
});
