import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { isAppAddress } from './addresses.ts';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Answers `app://station/...`. */
export type AppHandler = (request: { readonly method: string; readonly url: string }) => Promise<Response>;

/**
 * Serves the window's own files. What may be served is listed once, now: a request can pick from that list and no more, so
 * no address, however it is spelled, reaches another file.
 */
export async function createAppHandler(rendererDir: string): Promise<AppHandler> {
  const files = await listFiles(rendererDir);
  return async ({ method, url }) => {
    if (method !== 'GET' || !isAppAddress(url)) return refuse(403);
    const { pathname } = new URL(url);
    const file = files.get(pathname === '/' ? '/index.html' : pathname);
    if (file === undefined) return refuse(404);
    const bytes = await readFile(file.path);
    return new Response(new Uint8Array(bytes), { headers: { ...HEADERS, 'content-type': file.contentType } });
  };
}

async function listFiles(dir: string): Promise<Map<string, { path: string; contentType: string }>> {
  const files = new Map<string, { path: string; contentType: string }>();
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    files.set(`/${relative(dir, path).split(sep).map(encodeURIComponent).join('/')}`, { path, contentType });
  }
  return files;
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}
