import { contextBridge, ipcRenderer, webFrame } from 'electron';

/**
 * The bridge: everything the page can do outside itself. Plain values only; no Electron object, event or channel name gets
 * through. `call` takes the calls of shared/contract.ts; the others need a dialog of the shell and answer the code
 * `cancelled` when the person closes it.
 */
const call = (name: string, input: unknown): Promise<unknown> => ipcRenderer.invoke('photodock:call', name, input);

const bridge = {
  call,
  /** Asks for a folder in the system's dialog and docks it. */
  pickFolder: (): Promise<unknown> => call('shell.pickFolder', {}),
  /** Saves the printable certificate as PDF. */
  printCertificate: (dockingId: string): Promise<unknown> => call('shell.printCertificate', { dockingId }),
  /** Saves the signed certificate itself. */
  saveCertificate: (dockingId: string): Promise<unknown> => call('shell.saveCertificate', { dockingId }),
  /** Hands over a picture that was taken from a live camera. Only the answer `ok` means that it is saved. */
  sendFrame: (dockingId: string, facts: unknown, bytes: Uint8Array): Promise<unknown> =>
    ipcRenderer.invoke('photodock:frame', dockingId, facts, bytes),
  onEvent: (callback: (event: unknown) => void): (() => void) => {
    const listener = (_event: unknown, event: unknown): void => callback(event);
    ipcRenderer.on('photodock:event', listener);
    return () => {
      ipcRenderer.removeListener('photodock:event', listener);
    };
  },
  platform: process.platform,
  version: process.argv.find((word) => word.startsWith('--photodock-version='))?.split('=')[1] ?? '',
};

export type PhotodockBridge = typeof bridge;

contextBridge.exposeInMainWorld('photodock', bridge);

/**
 * Trusted Types are enforced: no text becomes HTML, script or script address. Only emptying an element (`innerHTML = ''`, as
 * the picture viewer does) is let through. It runs before the page's own scripts, so that none can make a laxer policy.
 */
void webFrame.executeJavaScript(`trustedTypes.createPolicy('default', {
  createHTML: (text) => (text === '' ? '' : null),
}); undefined`);
