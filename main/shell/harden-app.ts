import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, protocol } from 'electron';
import type { Session, WebContents } from 'electron';
import { APP_SCHEME, IMAGE_SCHEME, isAppAddress } from './addresses.ts';
import { CERTIFICATE_SCHEME } from './certificate-page.ts';
import { guardSession } from './guard-session.ts';

/** Chromium's own habits that would leave traces on the disk or talk to the network. */
const SWITCHES = [
  'disable-http-cache',
  'disable-gpu-shader-disk-cache',
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-breakpad',
  'no-pings',
] as const;

/**
 * Everything that must be settled before Electron is ready: the sandbox for every process, a profile folder inside the data
 * folder (one per station, so two data folders may be open at once), our schemes, and the locks on every page and session.
 */
export function hardenApp(dataDir: string): void {
  // A machine without user namespaces can run a checkout unsandboxed, on its own word; a shipped app never.
  if (app.isPackaged || !app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  const profile = join(dataDir, 'window');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', profile);
  app.setPath('sessionData', profile);
  app.setPath('crashDumps', join(profile, 'crashes'));
  for (const name of SWITCHES) app.commandLine.appendSwitch(name);
  if (app.isPackaged) {
    for (const name of ['remote-debugging-port', 'remote-debugging-pipe']) app.commandLine.removeSwitch(name);
  }
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges },
    { scheme: IMAGE_SCHEME, privileges: { ...privileges, stream: true, corsEnabled: true } },
    { scheme: CERTIFICATE_SCHEME, privileges: { standard: true, secure: true } },
  ]);
  app.on('session-created', (session: Session) => guardSession(session));
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents));
  app.on('select-client-certificate', (event) => event.preventDefault());
}

/** A page stays what it is: no other address, no frame elsewhere, no new window, no webview. */
function lockNavigation(contents: WebContents): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isAppAddress(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
