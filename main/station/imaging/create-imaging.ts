import type { z } from 'zod';

import type { Received } from './answer-reader.ts';
import { InspectionSchema, RecordSchema, ThumbnailSchema } from './answers.ts';
import { DecoderPool, type Logger, type Priority } from './decoder-pool.ts';
import { ImagingFailedError } from './errors.ts';
import { isPicture } from './item-kind.ts';
import { CHILD_MAIN, launchOf } from './launch.ts';
import { NOTHING_KNOWN } from './nothing-known.ts';
import type { JobRequest } from './protocol.ts';
import { type CannotReason, type ImageSource, type Imaging, type Inspection, CANNOT_REASONS } from './types.ts';

export type ImagingOptions = {
  /** Children decoding side by side, at most. */
  processes?: number;
  /** Of one job, ms. */
  timeLimit?: number;
  /** Resident memory of one child. */
  memoryLimitMegabytes?: number;
  /** Node 26. */
  nodePath?: string;
  logger?: Logger;
};

/** The largest picture file that is looked into. */
const MOST_FILE_BYTES = 512 * 1024 * 1024;
/** A camera's thumbnail is in the first 64 kB segment. */
const QUICK_BYTES = 256 * 1024;

/** Answers by imaging processes, which start when they are needed. Nothing but these processes ever parses a picture's bytes. */
export function createImaging(options: ImagingOptions = {}): Imaging & { processIds(): number[] } {
  const {
    processes = 2,
    timeLimit = 20_000,
    memoryLimitMegabytes = 1536,
    nodePath = process.execPath,
    logger,
  } = options;
  const launch = launchOf(CHILD_MAIN, nodePath, timeLimit, memoryLimitMegabytes);
  const pool = new DecoderPool(launch, { timeLimit, memoryLimitMegabytes }, processes, logger);

  async function perform<Schema extends z.ZodType>(
    source: ImageSource,
    request: JobRequest,
    schema: Schema,
    priority: Priority,
    signal: AbortSignal | undefined,
  ): Promise<{ value: z.infer<Schema>; parts: Buffer[] }> {
    const refusal = refusalOf(source);
    if (refusal !== null) throw new ImagingFailedError(refusal, 'not a picture that can be decoded');
    const read = () => source.read();
    return open(await pool.run({ ...request, size: source.size, read }, priority, signal), schema);
  }

  async function inspect(source: ImageSource, signal?: AbortSignal): Promise<Inspection> {
    const look = async (withPixels: boolean): Promise<Inspection> => {
      const answer = await perform(source, { task: 'inspect', withPixels }, InspectionSchema, 'background', signal);
      const { thumbnail } = answer.value;
      const bytes = answer.parts[0];
      if (thumbnail === null || bytes === undefined) return { ...answer.value, thumbnail: null };
      return { ...answer.value, thumbnail: { mediaType: 'image/jpeg', bytes: jpegOnly(bytes), ...thumbnail } };
    };
    try {
      return await look(true);
    } catch (error) {
      const reason = cannotReason(error);
      if (reason === null) throw error;
      if (refusalOf(source) !== null) return { ...NOTHING_KNOWN, reason };
      // The pixels brought the decoder down; time and camera may still be read, and a capture needs them.
      const known = await look(false).catch((second: unknown) => {
        if (cannotReason(second) === null) throw second;
        return NOTHING_KNOWN;
      });
      return { ...known, display: 'cannot', reason };
    }
  }

  return {
    inspect,
    async quickThumbnail(source, signal) {
      if (source.kind !== 'jpeg' || source.size === 0) return null;
      const size = Math.min(source.size, QUICK_BYTES);
      const input = { task: 'quick-thumbnail', size, read: () => firstBytes(source.read(), size) } as const;
      try {
        const { value, parts } = open(await pool.run(input, 'view', signal), ThumbnailSchema.nullable());
        return value === null ? null : { ...value, bytes: jpegOnly(parts[0]) };
      } catch (error) {
        if (cannotReason(error) === null) throw error;
        return null;
      }
    },
    async render(source, size, signal) {
      const request = { task: 'render', renderSize: size } as const;
      const { value, parts } = await perform(source, request, ThumbnailSchema, 'view', signal);
      return { ...value, bytes: jpegOnly(parts[0]) };
    },
    async prepareRecord(source, signal) {
      const { value, parts } = await perform(source, { task: 'record' }, RecordSchema, 'record', signal);
      const { hasIccProfile, ...record } = value;
      return { ...record, jpeg: jpegOnly(parts[0]), iccProfile: hasIccProfile ? (parts[1] ?? null) : null };
    },
    close: () => pool.close(),
    processIds: () => pool.processIds,
  };
}

/** Why there is no need to ask a child. */
function refusalOf({ kind, size }: ImageSource): CannotReason | null {
  if (!isPicture(kind)) return 'unsupported';
  if (size === 0) return 'malformed';
  return size > MOST_FILE_BYTES ? 'too-large' : null;
}

function open<Schema extends z.ZodType>(
  { header, parts }: Received,
  schema: Schema,
): { value: z.infer<Schema>; parts: Buffer[] } {
  if (!header.ok) throw new ImagingFailedError(header.code, 'the picture cannot be decoded');
  const parsed = schema.safeParse(header.value);
  if (!parsed.success) throw new ImagingFailedError('decoder-crashed', 'the imaging process answered nonsense');
  return { value: parsed.data, parts };
}

function jpegOnly(bytes: Buffer | undefined): Buffer {
  if (bytes === undefined || bytes[0] !== 0xff || bytes[1] !== 0xd8) {
    throw new ImagingFailedError('decoder-crashed', 'the imaging process answered nonsense');
  }
  return bytes;
}

/** The reason when a failure is the picture's own fault; `null` when it is the source's or the station's. */
function cannotReason(error: unknown): CannotReason | null {
  if (!(error instanceof ImagingFailedError)) return null;
  return CANNOT_REASONS.find((reason) => reason === error.code) ?? null;
}

async function* firstBytes(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let left = most;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
