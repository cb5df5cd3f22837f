import { Readable } from 'node:stream';
import type { Picture, PictureSize } from '../client/index.ts';
import { APP_HOST, APP_SCHEME, readImageAddress } from './addresses.ts';

const CONTENT_TYPES = new Set(['image/jpeg', 'image/webp', 'image/png']);

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'",
  // The viewer draws pictures on a canvas; only our own page may.
  'access-control-allow-origin': `${APP_SCHEME}://${APP_HOST}`,
};

export interface ImageSource {
  /** Session token of the signed-in person; null while locked, and then nothing is served. */
  readonly session: () => string | null;
  readonly picture: (
    id: string,
    size: PictureSize,
    options: { session: string; signal: AbortSignal },
  ) => Promise<Picture>;
}

/** Answers `image://view/<id>/<size>`: the bytes go from the station to the page and are kept nowhere on the way. */
export function createImageHandler(source: ImageSource): (request: Request) => Promise<Response> {
  return async (request) => {
    const address = request.method === 'GET' ? readImageAddress(request.url) : null;
    if (address === null) return refuse(400);
    const session = source.session();
    if (session === null) return refuse(423);
    try {
      const picture = await source.picture(address.id, address.size, { session, signal: request.signal });
      const sendable = picture.status === 200 && CONTENT_TYPES.has(picture.contentType ?? '');
      if (!sendable || source.session() !== session) {
        picture.body.destroy();
        return refuse(picture.status === 200 ? (sendable ? 423 : 415) : picture.status);
      }
      return new Response(toWeb(picture.body), {
        headers: {
          ...HEADERS,
          'content-type': picture.contentType ?? '',
          ...(picture.contentLength === null ? {} : { 'content-length': String(picture.contentLength) }),
        },
      });
    } catch {
      return refuse(503);
    }
  };
}

function toWeb(body: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(body) as ReadableStream<Uint8Array>;
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}
