import { z } from 'zod';
import { AUDIT_PROBLEMS, WITNESS_ANSWERS } from '../../shared/domain/audit.ts';
import { MEDIUM_KINDS } from '../../shared/domain/media.ts';
import { ROLES } from '../../shared/domain/people.ts';
import { KEEP_REASONS, REJECT_REASONS } from '../../shared/domain/reasons.ts';
import { CAPTURE_KINDS, CAPTURE_STAGES, DOCKING_STATES } from '../../shared/domain/stages.ts';

/**
 * What each command prints with `--json`: one document on standard output. `ok` is true when the exit code is 0; else
 * `code` and `message` say why, beside what was done. docs/cli.md shows an example of each.
 */
const Count = z.number().int().nonnegative();
const Code = z.string().min(1);
/** ISO 8601, UTC. */
const Moment = z.iso.datetime();

/** Laid under every shape: how it ended. */
const ending = { ok: z.boolean(), code: Code.optional(), message: z.string().optional() };

function shape<S extends z.ZodRawShape>(fields: S) {
  return z.object({ ...ending, ...fields }).strict();
}

export const FailureOutput = z
  .object({
    ok: z.literal(false),
    code: Code,
    message: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  })
  .strict();

export const DockingShape = z
  .object({
    id: z.string(),
    medium: z.object({ id: z.string(), kind: z.string(), label: z.string() }).strict(),
    state: z.enum(DOCKING_STATES),
    listed: Count,
    confirmed: Count,
    inDelivery: Count,
    unfiled: Count,
    rejected: Count,
    unreadable: Count,
    housekeeping: Count,
    held: Count,
    onMedium: z.object({ present: Count, absent: Count, kept: Count, eraseUnverified: Count }).strict(),
  })
  .strict();

const WaitingShape = z.object({ step: z.string(), code: Code, count: Count, nextAttemptAt: Moment }).strict();

const CaptureCounts = z
  .object({ unfiled: Count, filed: Count, delivered: Count, confirmed: Count, rejected: Count })
  .strict();

const PatientShape = z
  .object({
    name: z.string(),
    ideographicName: z.string().nullable(),
    phoneticName: z.string().nullable(),
    mrn: z.string(),
    issuer: z.string().nullable(),
    birthDate: z.string().nullable(),
    sex: z.string().nullable(),
  })
  .strict();

export const CaptureShape = z
  .object({
    id: z.string(),
    docking: z.string(),
    stage: z.enum(CAPTURE_STAGES),
    kind: z.enum(CAPTURE_KINDS),
    name: z.string(),
    items: Count,
    bytes: Count,
    capturedAt: z.string().nullable(),
    capturedOffset: z.string().nullable(),
    width: Count.nullable(),
    height: Count.nullable(),
    camera: z.string().nullable(),
    display: z.enum(['waiting', 'ok', 'cannot']),
    displayReason: z.string().nullable(),
    duplicateOf: z.string().nullable(),
    filing: z
      .object({
        worklistItem: z.string(),
        patient: PatientShape,
        accessionNumber: z.string().nullable(),
        region: z.string(),
        regionMeaning: z.string(),
        laterality: z.enum(['R', 'L', 'B', 'U']).nullable(),
        view: z.string().nullable(),
        burnedIn: z.boolean(),
        recognizable: z.boolean(),
        filedBy: z.string(),
        filedAt: Moment,
      })
      .strict()
      .nullable(),
    rejected: z
      .object({ reason: z.enum(REJECT_REASONS), by: z.string(), at: Moment })
      .strict()
      .nullable(),
    held: z.boolean(),
    /** When the sealed bytes of its picture were shredded. */
    shreddedAt: Moment.nullable(),
    stuck: z.object({ code: Code, attempts: Count, nextAttemptAt: Moment.nullable() }).strict().nullable(),
  })
  .strict();

export const WorklistShape = z
  .object({
    id: z.string(),
    patient: PatientShape,
    accessionNumber: z.string().nullable(),
    procedure: z.string().nullable(),
    step: z.string().nullable(),
    scheduledDate: z.string().nullable(),
    scheduledTime: z.string().nullable(),
    location: z.string().nullable(),
    incomplete: z.array(z.string()),
    fetchedAt: Moment,
    gone: z.boolean(),
  })
  .strict();

export const HoldShape = z
  .object({
    id: z.string(),
    docking: z.string(),
    /** Null when the whole docking is held. */
    capture: z.string().nullable(),
    name: z.string(),
    medium: z.string(),
    items: Count,
    reason: z.string(),
    placedBy: z.string(),
    placedAt: Moment,
    lifted: z.object({ by: z.string(), at: Moment, reason: z.string() }).strict().nullable(),
  })
  .strict();

export const LoanShape = z
  .object({
    id: z.string(),
    borrower: z.string(),
    lentAt: Moment,
    lentBy: z.string(),
    dueAt: Moment,
    /** By the station's clock. */
    overdue: z.boolean(),
  })
  .strict();

export const MediumShape = z
  .object({
    id: z.string(),
    kind: z.enum(MEDIUM_KINDS),
    label: z.string(),
    name: z.string().nullable(),
    maker: z.string().nullable(),
    model: z.string().nullable(),
    serial: z.string().nullable(),
    unit: z.string().nullable(),
    managed: z.boolean(),
    note: z.string().nullable(),
    /** Null: nobody has let it in. */
    approved: z.object({ at: Moment, by: z.string().nullable() }).strict().nullable(),
    retiredAt: Moment.nullable(),
    dockings: Count,
    firstDockedAt: Moment,
    firstDockedBy: z.string().nullable(),
    lastDockedAt: Moment.nullable(),
    lastDockedBy: z.string().nullable(),
    dockedNow: z.boolean(),
    /** What its last docking left on it; since `unknownSince` nobody knows. */
    left: z
      .object({
        present: Count,
        kept: Count,
        eraseUnverified: Count,
        unread: Count,
        clear: z.boolean(),
        unknownSince: Moment.nullable(),
      })
      .strict(),
    /** Device minus station at its last dockings, the newest first. */
    clock: z.array(z.object({ at: Moment, offsetMs: z.number().int() }).strict()),
    loan: LoanShape.nullable(),
  })
  .strict();

const RefusedShape = z.object({ capture: z.string(), code: Code }).strict();

export const StaysShape = z
  .object({
    file: z.string(),
    end: z.enum(['present', 'kept', 'erase-unverified', 'erasing', 'not-followed']),
    because: z.array(z.union([z.enum(KEEP_REASONS), Code])),
  })
  .strict();

export const outputs = {
  init: shape({
    dataDir: z.string(),
    config: z.string(),
    stationName: z.string(),
    person: z.object({ login: z.string(), displayName: z.string(), role: z.enum(ROLES) }).strict(),
  }),
  doctor: shape({
    checks: z.array(
      z
        .object({
          number: Count,
          step: z.string(),
          state: z.enum(['ok', 'warning', 'failed', 'skipped']),
          code: Code.nullable(),
          facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
        })
        .strict(),
    ),
  }),
  dock: shape({
    docking: DockingShape,
    notFollowed: Count,
    notListed: Count,
    undecided: Count,
    /** Captures that nobody decided about yet, and that can be filed. */
    captures: Count,
  }),
  status: shape({
    captures: CaptureCounts,
    dockings: z.array(DockingShape),
    problems: z.array(z.object({ docking: z.string(), code: Code }).strict()),
    idle: z.boolean(),
    waiting: z.array(WaitingShape),
  }),
  captures: shape({ captures: z.array(CaptureShape) }),
  worklist: shape({
    items: z.array(WorklistShape),
    configured: z.boolean(),
    fetchedAt: Moment.nullable(),
    /** Answers of the last query that could not be shown. */
    skipped: Count,
  }),
  file: shape({
    filed: z.array(z.string()),
    refused: z.array(z.object({ capture: z.string(), name: z.string().nullable(), code: Code }).strict()),
  }),
  deliver: shape({
    captures: CaptureCounts,
    /** Captures confirmed while this command ran. */
    confirmed: Count,
    stuck: z.array(WaitingShape),
  }),
  reject: shape({ rejected: z.array(z.string()), refused: z.array(RefusedShape) }),
  unreject: shape({ restored: z.array(z.string()), refused: z.array(RefusedShape) }),
  'hold place': shape({ placed: z.array(z.string()) }),
  'hold lift': shape({ lifted: z.array(z.string()) }),
  'hold list': shape({ holds: z.array(HoldShape) }),
  media: shape({ media: z.array(MediumShape) }),
  'media lend': shape({ loan: LoanShape }),
  'media return': shape({ medium: z.string() }),
  'media approve': shape({ medium: z.string() }),
  'media set': shape({ medium: MediumShape }),
  release: shape({
    docking: DockingShape,
    erased: Count,
    stays: z.array(StaysShape),
  }),
  certificate: shape({
    docking: z.string(),
    issuedAt: Moment,
    file: z.string(),
    html: z.string().nullable(),
    sha256: z.string(),
    listed: Count,
    erased: Count,
    clear: z.boolean(),
  }),
  'verify-certificate': shape({
    file: z.string(),
    docking: z.string().nullable(),
    issuedAt: Moment.nullable(),
    items: Count,
    clear: z.boolean().nullable(),
    /** Whose key signed it; `not-checked` when no key of a station was at hand. */
    signedBy: z.enum(['this-station', 'another-station', 'not-checked']),
    publicKey: z.string().nullable(),
    /** First physical line that is not as it was signed, from 1. */
    alteredLine: Count.nullable(),
    alteredWhat: z.string().nullable(),
  }),
  'audit verify': shape({
    problem: z.enum(AUDIT_PROBLEMS).nullable(),
    lines: Count,
    firstBadLine: Count.nullable(),
    headHash: z.string(),
    /** The last line that a signature in the chain vouches for. */
    signedLine: Count.nullable(),
    headFile: z.enum(WITNESS_ANSWERS),
    certificates: z.array(z.object({ file: z.string(), line: Count, answer: z.enum(WITNESS_ANSWERS) }).strict()),
  }),
  backup: shape({
    folder: z.string(),
    generation: z.string(),
    /** Sealed files of this generation, and how many of them were not in the backup before. */
    files: Count,
    bytes: Count,
    copied: Count,
    copiedBytes: Count,
    /** Read again where they lie in the backup, and those of them that were damaged and were copied again. */
    verified: Count,
    mended: Count,
    unsound: z.array(z.object({ id: z.string(), code: Code }).strict()),
    generations: Count,
    damagedGenerations: z.array(z.string()),
    sameDisk: z.boolean(),
  }),
  restore: shape({
    backup: z.string(),
    dataDir: z.string(),
    generation: z.string(),
    madeAt: Moment,
    stationName: z.string(),
    practice: z.boolean(),
    /** station.json of that time was put into the data folder. */
    hasConfig: z.boolean(),
    dockings: Count,
    items: Count,
    objects: Count,
    people: Count,
    certificates: Count,
    captures: CaptureCounts,
    sealedFiles: Count,
    sealedBytes: Count,
    auditLines: Count,
    firstBadLine: Count.nullable(),
    unsound: z.array(z.object({ id: z.string(), code: Code }).strict()),
  }),
  recover: shape({
    dataDir: z.string(),
    /** What was wrong with the index; null: it was sound and was not touched. */
    problem: Code.nullable(),
    rebuilt: z
      .object({
        keptAside: z.string(),
        rowsRead: Count.nullable(),
        unreadable: z.record(z.string(), Count),
        gone: z.record(z.string(), Count),
        fromGeneration: z.string().nullable(),
        knowsUntil: Moment,
      })
      .strict()
      .nullable(),
    keysFromBackup: z.boolean(),
    stationRuns: z.boolean(),
    sealedFiles: Count,
    broughtBack: Count,
    unsound: z.array(z.object({ id: z.string(), code: Code }).strict()),
    orphans: z.array(z.object({ name: z.string(), bytes: Count }).strict()),
    auditLines: Count,
    firstBadLine: Count.nullable(),
  }),
  'backup list': shape({
    backup: z.string(),
    generations: z.array(
      z
        .object({
          name: z.string(),
          damaged: z.boolean(),
          madeAt: Moment.nullable(),
          files: Count,
          bytes: Count,
          stationName: z.string().nullable(),
        })
        .strict(),
    ),
  }),
  serve: shape({ dataDir: z.string(), startedHere: z.boolean(), startedAt: Moment, endedAt: Moment, restarts: Count }),
} as const;

export type OutputName = keyof typeof outputs;
/** What a command fills in; `ok`, `code` and `message` are added from its exit code. */
export type Output<N extends OutputName> = Omit<z.output<(typeof outputs)[N]>, 'ok' | 'code' | 'message'>;
