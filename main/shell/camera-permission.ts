import { APP_START, isAppAddress } from './addresses.ts';

/** The place of the window that shows a camera live. */
const CAPTURE_PLACE = '#/capture';

/** What Chromium asks, by whichever of its two ways (Electron: permission request and permission check). */
export interface PermissionAsked {
  readonly permission: string;
  /** Of a request: everything that is wanted. Of a check: the one kind; empty where Chromium does not say. */
  readonly media: readonly string[];
  /** Which page asks: its main frame, and where from. */
  readonly isMainFrame: boolean;
  readonly origin: string;
  /** The address that the window shows now; null when the asking page is no window of ours. */
  readonly shown: string | null;
  /** Somebody is signed in at this window. */
  readonly signedIn: boolean;
}

/**
 * The one thing that is permitted to a page of ours: the camera, without sound, while the Capture screen is shown to somebody who is signed in.
 * Everything else is refused, to everybody, always.
 */
export function mayUseCamera(asked: PermissionAsked): boolean {
  const { permission, media, isMainFrame, origin, shown, signedIn } = asked;
  if (permission !== 'media' || media.length === 0 || media.some((kind) => kind !== 'video')) return false;
  if (!isMainFrame || !signedIn || shown === null || !isOurs(origin) || !isAppAddress(shown)) return false;
  const place = shown.slice(APP_START.length);
  return place === CAPTURE_PLACE || place.startsWith(`${CAPTURE_PLACE}?`);
}

/** Origins come with and without the slash at their end. */
function isOurs(origin: string): boolean {
  return isAppAddress(origin.endsWith('/') ? origin : `${origin}/`);
}
