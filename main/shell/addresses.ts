import type { PictureSize } from '../client/index.ts';

/** The only addresses the window knows: its own files, and pictures. Names of things never appear in them, only ids. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'station';
export const APP_START = `${APP_SCHEME}://${APP_HOST}/`;
export const IMAGE_SCHEME = 'image';
export const IMAGE_HOST = 'view';

/** True for an address of our own renderer files. (`URL.origin` is "null" for such schemes in Node: compare the parts.) */
export function isAppAddress(address: string): boolean {
  const url = parse(address);
  return url !== null && url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST;
}

export interface ImageAddress {
  readonly id: string;
  readonly size: PictureSize;
}

/** Reads `image://view/<id>/<thumb|screen|full>`; null for anything else. */
export function readImageAddress(address: string): ImageAddress | null {
  const url = parse(address);
  if (url === null || url.protocol !== `${IMAGE_SCHEME}:` || url.host !== IMAGE_HOST) return null;
  const match = /^\/([a-zA-Z0-9-]{8,64})\/(thumb|screen|full)$/.exec(url.pathname);
  const [, id, size] = match ?? [];
  return id === undefined || size === undefined ? null : { id, size: size as PictureSize };
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
