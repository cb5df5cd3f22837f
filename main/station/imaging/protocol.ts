import type { CannotReason, RenderSize } from './types.ts';

/**
 * How the station and the child talk: jobs over the child's stdin, answers over a pipe of their own (libraries print to stdout). All numbers are 32-bit big endian.
 * Job: length, JSON; then the bytes in chunks (length, bytes), ended by `END`, or by `GIVE_UP` when the source failed.
 * Answer: length, JSON; then the parts, whose lengths the JSON holds. The first answer, `ready`, comes unasked.
 */
export type Job = JobRequest & {
  /** Of all chunks together. */
  size: number;
};

export type JobRequest =
  | { task: 'inspect'; withPixels: boolean }
  | { task: 'quick-thumbnail' }
  | { task: 'render'; renderSize: RenderSize }
  | { task: 'record' };

export type Answer = { parts: number[] } & (
  { ok: true; value: unknown; isTired: boolean } | { ok: false; code: CannotReason | 'source-incomplete' }
);

export const ANSWER_DESCRIPTOR = 3;
export const END = 0;
export const GIVE_UP = 0xffffffff;

/** An answer's JSON is a few kB; a child that says otherwise is not ours any more. */
export const MOST_HEADER_BYTES = 256 * 1024;
export const MOST_PART_BYTES = 1024 * 1024 * 1024;

/** After this much processor time (s) a child says that it is tired, and is replaced by a fresh one between two jobs. */
export const TIRED_AFTER_SECONDS = 600;

export function frame(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value));
  const framed = Buffer.allocUnsafe(4 + json.length);
  framed.writeUInt32BE(json.length, 0);
  json.copy(framed, 4);
  return framed;
}
