import fs from 'node:fs/promises';
import { z } from 'zod';
import { PhotodockError } from '../../../shared/domain/errors.ts';

const AeTitle = z
  .string()
  .regex(/^[\x21-\x5b\x5d-\x7e][\x20-\x5b\x5d-\x7e]{0,15}$/, 'an AE title: 1 to 16 printable characters, no backslash');
const Port = z.number().int().min(1).max(65535);
const Host = z.string().min(1);

const Tls = z
  .object({
    ca: z.string().optional().describe('PEM file of the authority that signed the peer'),
    cert: z.string().optional().describe('PEM file of our certificate (mutual TLS)'),
    key: z.string().optional().describe('PEM file of our private key (mutual TLS)'),
  })
  .strict();

/** How patient the station is with an archive: without a byte, and for a whole answer however slowly it trickles in. */
const Patience = {
  silenceSeconds: z.number().min(1).max(3600).default(60),
  answerSeconds: z.number().min(1).max(86_400).default(600),
};

const DimsePeer = { host: Host, port: Port, calledAet: AeTitle, tls: Tls.optional() };

const DimseArchive = z
  .object({
    kind: z.literal('dimse'),
    name: z.string().min(1).max(40),
    ...DimsePeer,
    commitment: z.boolean().default(true),
    commitmentTimeoutSeconds: z.number().min(1).max(86_400).default(120),
    ...Patience,
    readBack: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('move') }).strict(),
        z.object({ kind: z.literal('get') }).strict(),
        z.object({ kind: z.literal('dicomweb'), baseUrl: z.url(), headersFile: z.string().optional() }).strict(),
      ])
      .default({ kind: 'move' }),
  })
  .strict();

const DicomWebArchive = z
  .object({
    kind: z.literal('dicomweb'),
    name: z.string().min(1).max(40),
    baseUrl: z.url(),
    /** JSON file of extra request headers (Authorization): secrets stay out of station.json. */
    headersFile: z.string().optional(),
    tls: Tls.optional(),
    /** PS3.18 chapter 13; few archives offer it. */
    commitment: z.boolean().default(false),
    commitmentTimeoutSeconds: z.number().min(1).max(86_400).default(120),
    ...Patience,
  })
  .strict();

/** Schema of station.json. Every key is described in docs/configuration.md. */
export const StationConfigSchema = z
  .object({
    station: z
      .object({
        name: z.string().min(1).max(16),
        department: z.string().max(64).default(''),
        institution: z.string().max(64).default(''),
        aet: AeTitle.default('PHOTODOCK'),
        listen: z.object({ host: Host, port: Port }).strict().optional(),
      })
      .strict(),
    archive: z.discriminatedUnion('kind', [DimseArchive, DicomWebArchive]),
    worklist: z
      .object({
        ...DimsePeer,
        stationAet: AeTitle.optional(),
        modality: z.string().max(16).optional(),
        /** For servers that use more than ASCII and do not say which character set, a defined term such as ISO_IR 100. */
        assumedCharacterSet: z.string().max(40).optional(),
        daysBack: z.number().int().min(0).max(366).default(1),
        daysAhead: z.number().int().min(0).max(366).default(1),
        refreshSeconds: z.number().min(5).max(86_400).default(60),
      })
      .strict()
      .optional(),
    intake: z
      .object({
        mountRoots: z.array(z.string().startsWith('/')).default(['/media', '/run/media']),
        watchFolders: z.array(z.string().startsWith('/')).default([]),
      })
      .strict()
      .default({ mountRoots: ['/media', '/run/media'], watchFolders: [] }),
    devices: z
      .object({
        /** Cameras and phones on a cable are docked. */
        usb: z.boolean().default(true),
        /** Pedals, buttons and scanners are listened to. */
        buttons: z.boolean().default(true),
        /** A device that the desktop has opened first (gvfs) is taken from it. */
        takeFromDesktop: z.boolean().default(false),
        /** What starts the processes that touch devices, before their own command: a sandbox of the site. */
        launch: z.array(z.string().min(1)).default([]),
      })
      .strict()
      .prefault({}),
    /** How cameras are to be set here; what differs is warned about. */
    exposureProtocol: z
      .object({
        fNumber: z.number().positive().optional(),
        exposureSeconds: z.number().positive().optional(),
        iso: z.number().int().positive().optional(),
        whiteBalance: z.string().max(20).optional(),
        focalLengthMm: z.number().positive().optional(),
      })
      .strict()
      .optional(),
    policy: z
      .object({
        heicMayLeave: z.boolean().default(true),
        rawMayLeave: z.boolean().default(false),
        motionMayLeave: z.boolean().default(false),
        derivedMayLeave: z.boolean().default(true),
        rejectedMayLeave: z.boolean().default(true),
        originalsMayBeShredded: z.boolean().default(false),
        rejectedMayBeShredded: z.boolean().default(false),
        retentionDays: z.number().int().min(1).max(3650).default(30),
        phonesMayBeErased: z.enum(['never', 'managed']).default('managed'),
        unknownMediaNeedApproval: z.boolean().default(false),
        lockAfterMinutes: z.number().min(1).max(1440).default(10),
        sessionGapMinutes: z.number().min(1).max(1440).default(10),
      })
      .strict()
      .prefault({}),
  })
  .strict()
  .superRefine((config, context) => {
    const needsListener =
      config.archive.kind === 'dimse' && (config.archive.commitment || config.archive.readBack.kind === 'move');
    if (needsListener && !config.station.listen) {
      context.addIssue({
        code: 'custom',
        path: ['station', 'listen'],
        message:
          'storage commitment and read-back by C-MOVE come back to the station: give it a host and port to listen on',
      });
    }
  });

export type StationConfig = z.output<typeof StationConfigSchema>;
export type Policy = StationConfig['policy'];

/** station.json cannot be used; `problems` name the JSON path and what to do. */
export class ConfigError extends PhotodockError {
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super('config', `${file}: ${problems.join('; ')}`, { file });
    this.problems = problems;
  }
}

/** Checks an already parsed configuration. @throws ConfigError */
export function parseConfig(value: unknown, file = 'station.json'): StationConfig {
  const result = StationConfigSchema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(
    file,
    result.error.issues.map((issue) => `${issue.path.length > 0 ? issue.path.join('.') : '(top)'}: ${issue.message}`),
  );
}

/** Reads and checks station.json. @throws ConfigError when it is missing, no JSON, or wrong */
export async function loadConfig(file: string): Promise<StationConfig> {
  const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(file, [`cannot be read (${error.code ?? 'unknown'})`]);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(file, [`no valid JSON: ${error instanceof Error ? error.message : 'unknown'}`]);
  }
  return parseConfig(value, file);
}

/** Extra HTTP headers of a DICOMweb peer, from a file that only the station may read. @throws ConfigError */
export async function loadHeaders(file: string | undefined): Promise<Record<string, string>> {
  if (!file) return {};
  const text = await fs.readFile(file, 'utf8').catch(() => 'null');
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Not told apart and never quoted: the file holds a secret.
  }
  const parsed = z.record(z.string(), z.string()).safeParse(value);
  if (!parsed.success) throw new ConfigError(file, ['must be a JSON object of header names and values']);
  return parsed.data;
}
