import type { Session, WebContents } from 'electron';
import { mayUseCamera } from './camera-permission.ts';

export interface CameraPermit {
  /** Ids of the web contents that are windows of ours. */
  readonly windows: ReadonlySet<number>;
  readonly signedIn: () => boolean;
}

/** Lets the Capture screen of our own window use a camera. What `guardSession` refuses otherwise stays refused. */
export function permitCamera(session: Session, { windows, signedIn }: CameraPermit): void {
  const shownBy = (contents: WebContents | null): string | null =>
    contents !== null && windows.has(contents.id) ? contents.getURL() : null;
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    answer(
      mayUseCamera({
        permission,
        media,
        isMainFrame: details.isMainFrame,
        origin: details.requestingUrl,
        shown: shownBy(contents),
        signedIn: signedIn(),
      }),
    );
  });
  session.setPermissionCheckHandler((contents, permission, origin, details) =>
    mayUseCamera({
      permission,
      media: details.mediaType === undefined ? [] : [details.mediaType],
      isMainFrame: details.isMainFrame,
      origin,
      shown: shownBy(contents),
      signedIn: signedIn(),
    }),
  );
}
