import { randomBytes } from 'node:crypto';
import { BrowserWindow, session } from 'electron';
import { CERTIFICATE_POLICY } from './content-security-policy.ts';
import { windowPreferences } from './window-preferences.ts';

export const CERTIFICATE_SCHEME = 'certificate';
const ADDRESS = `${CERTIFICATE_SCHEME}://page/`;

/**
 * Turns the station's printable certificate into a PDF. The page is shown to nobody, runs no scripts, loads nothing, and its
 * session exists for this one page only. Its text never becomes part of an address.
 */
export async function printToPdf(html: string): Promise<Buffer> {
  const own = session.fromPartition(`certificate-${randomBytes(8).toString('hex')}`, { cache: false });
  own.protocol.handle(CERTIFICATE_SCHEME, () => {
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CERTIFICATE_POLICY,
      'cache-control': 'no-store',
    };
    return new Response(html, { headers });
  });
  const window = new BrowserWindow({
    show: false,
    title: 'Photodock',
    webPreferences: { ...windowPreferences(own), javascript: false },
  });
  try {
    await window.loadURL(ADDRESS);
    return await window.webContents.printToPDF({ pageSize: 'A4', printBackground: true, preferCSSPageSize: true });
  } finally {
    window.destroy();
    own.protocol.unhandle(CERTIFICATE_SCHEME);
  }
}
