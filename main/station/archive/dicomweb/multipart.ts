import { ArchiveAnswerError } from './errors.ts';

export interface MultipartPart {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** A view into the body, not a copy. */
  readonly body: Buffer;
}

const largestHeaderBytes = 8 * 1024;
const mostHeaders = 32;
const mostParts = 1024;

/**
 * Splits a `multipart/related` body (RFC 2046 5.1) strictly: the boundary comes from the content type, every part ends
 * with a delimiter, the closing delimiter is there, and a part's own Content-Length, when given, is true.
 * @throws ArchiveAnswerError `peer-answer-unreadable` for anything else
 */
export function parseMultipart(contentType: string, body: Buffer): MultipartPart[] {
  const boundary = mediaParameter(contentType, 'boundary');
  if (boundary === null || !/^[0-9A-Za-z'()+_,\-./:=? ]{1,70}$/.test(boundary) || boundary.endsWith(' ')) {
    throw unreadable('multipart answer without a valid boundary');
  }
  let delimiter = firstDelimiter(body, boundary);
  const parts: MultipartPart[] = [];
  while (!delimiter.closes) {
    if (parts.length === mostParts) throw unreadable('multipart answer with too many parts');
    const next = findDelimiter(body, Buffer.from(`\r\n--${boundary}`, 'latin1'), delimiter.end);
    if (next === null) throw unreadable('multipart answer ends in the middle of a part');
    parts.push(parsePart(body.subarray(delimiter.end, next.start)));
    delimiter = next;
  }
  return parts;
}

/** The media type of a header value, lower case, without parameters; '' when absent. */
export function mediaTypeOf(header: string | undefined): string {
  const [type = ''] = (header ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

/** A parameter of a media type or header value, quotes and escapes undone; null when absent. Names match in any case. */
export function mediaParameter(header: string, name: string): string | null {
  const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/gy;
  parameter.lastIndex = header.indexOf(';') === -1 ? header.length : header.indexOf(';');
  for (let match = parameter.exec(header); match !== null; match = parameter.exec(header)) {
    const [, found = '', quoted, plain = ''] = match;
    if (found.toLowerCase() === name) return quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    while (/\s/.test(header.charAt(parameter.lastIndex))) parameter.lastIndex += 1;
  }
  return null;
}

interface Delimiter {
  readonly start: number;
  readonly end: number;
  readonly closes: boolean;
}

function firstDelimiter(body: Buffer, boundary: string): Delimiter {
  const atStart = delimiterAt(body, 0, Buffer.from(`--${boundary}`, 'latin1'));
  const found = atStart ?? findDelimiter(body, Buffer.from(`\r\n--${boundary}`, 'latin1'), 0);
  if (found === null) throw unreadable('multipart answer without its boundary');
  return found;
}

function findDelimiter(body: Buffer, marker: Buffer, from: number): Delimiter | null {
  for (let at = body.indexOf(marker, from); at !== -1; at = body.indexOf(marker, at + 1)) {
    const delimiter = delimiterAt(body, at, marker);
    if (delimiter !== null) return delimiter;
  }
  return null;
}

/** The delimiter at `start`, unless what follows shows that the bytes only begin like one. */
function delimiterAt(body: Buffer, start: number, marker: Buffer): Delimiter | null {
  if (body.compare(marker, 0, marker.length, start, Math.min(start + marker.length, body.length)) !== 0) return null;
  let end = start + marker.length;
  if (body[end] === 0x2d && body[end + 1] === 0x2d) return { start, end: end + 2, closes: true };
  while (body[end] === 0x20 || body[end] === 0x09) end += 1;
  return body[end] === 0x0d && body[end + 1] === 0x0a ? { start, end: end + 2, closes: false } : null;
}

function parsePart(part: Buffer): MultipartPart {
  const headers = new Map<string, string>();
  let at = 0;
  for (;;) {
    const lineEnd = part.indexOf('\r\n', at, 'latin1');
    if (lineEnd === -1 || lineEnd > largestHeaderBytes)
      throw unreadable('multipart part without an end of its headers');
    if (lineEnd === at) break;
    const line = part.toString('latin1', at, lineEnd);
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon < 1 || !/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) throw unreadable('multipart part with a broken header');
    if (headers.has(name) || headers.size === mostHeaders)
      throw unreadable('multipart part with repeated or too many headers');
    headers.set(name, line.slice(colon + 1).trim());
    at = lineEnd + 2;
  }
  const body = part.subarray(at + 2);
  const announced = headers.get('content-length');
  if (announced !== undefined && announced !== String(body.length)) {
    throw unreadable('multipart part is not as long as it says');
  }
  return { headers, body };
}

function unreadable(message: string): ArchiveAnswerError {
  return new ArchiveAnswerError('peer-answer-unreadable', message);
}
