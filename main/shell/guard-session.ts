import type { Session } from 'electron';
import { APP_SCHEME, IMAGE_SCHEME } from './addresses.ts';
import { CERTIFICATE_SCHEME } from './certificate-page.ts';

const OUR_SCHEMES: ReadonlySet<string> = new Set(
  [APP_SCHEME, IMAGE_SCHEME, CERTIFICATE_SCHEME, 'devtools', 'blob', 'data'].map((scheme) => `${scheme}:`),
);

/**
 * Nothing is permitted in any session: no camera, place, notification, clipboard reading, device or download, and no address
 * that is not ours. What a page needs comes through the relay, where the station decides. (The one exception is made later, for the one session
 * of our window: the camera of the Capture screen, `permit-camera.ts`.)
 */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !URL.canParse(details.url) || !OUR_SCHEMES.has(new URL(details.url).protocol) });
  });
}
