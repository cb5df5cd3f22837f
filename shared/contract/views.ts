import { z } from 'zod';
import { CUSTODY_STEPS } from '../domain/custody.ts';
import { ROLES } from '../domain/people.ts';
import { KEEP_REASONS, REJECT_REASONS } from '../domain/reasons.ts';
import { MEDIUM_KINDS } from '../domain/media.ts';
import { CAPTURE_KINDS, CAPTURE_STAGES, DOCKING_STATES, ITEM_STAGES, ON_MEDIUM } from '../domain/stages.ts';

/** View models: what a client is shown. No keys, no paths of the host, no DICOM bytes. Times are ms since the epoch. */

export const Id = z
  .string()
  .min(8)
  .max(64)
  .regex(/^[a-zA-Z0-9-]+$/);
const At = z.number().int().nonnegative();
const Count = z.number().int().nonnegative();
const Bytes = z.number().nonnegative();

export const PersonView = z.object({
  id: Id,
  login: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
  disabled: z.boolean(),
});

export const CustodyEquationView = z.object({
  listed: Count,
  confirmed: Count,
  inDelivery: Count,
  unfiled: Count,
  rejected: Count,
  unreadable: Count,
  housekeeping: Count,
});

export const HoldView = z.object({
  id: Id,
  dockingId: Id,
  /** Null when the whole docking is held. */
  captureId: Id.nullable(),
  /** Of the capture, or the medium's label. */
  name: z.string(),
  mediumLabel: z.string(),
  /** Items it was placed on; equal bytes elsewhere are held with them. */
  items: Count,
  reason: z.string(),
  placedBy: z.string(),
  placedAt: At,
  lifted: z.object({ at: At, by: z.string(), reason: z.string() }).nullable(),
});

export const OnMediumView = z.object({ present: Count, absent: Count, kept: Count, eraseUnverified: Count });

export const StripStepView = z.object({
  step: z.enum(CUSTODY_STEPS),
  state: z.enum(['done', 'doing', 'waiting', 'failed', 'not-offered']),
  /** How many items (of a docking) or 0/1 (of a capture) are through this step, of how many. */
  done: Count,
  total: Count,
  /** When the last of it was done. */
  at: At.nullable(),
  /** Stable code of the failure, for words in i18n. */
  code: z.string().nullable(),
});

export const ProgressView = z.object({
  phase: z.enum(['listing', 'reading', 're-reading', 'previews', 'delivering', 'erasing', 'checking']),
  itemsDone: Count,
  itemsTotal: Count,
  bytesDone: Bytes,
  bytesTotal: Bytes,
  /** Bytes per second over the last seconds; null until known. */
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  cancellable: z.boolean(),
});

export const MediumView = z.object({
  id: Id,
  kind: z.enum(MEDIUM_KINDS),
  label: z.string(),
  filesystem: z.string().nullable(),
  sizeBytes: Bytes.nullable(),
  readOnly: z.boolean(),
  maker: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  /** What people here call it, and whose it is. */
  name: z.string().nullable(),
  ownerUnit: z.string().nullable(),
  /** Of a phone: the department's own. */
  managed: z.boolean(),
});

/** How a camera is set; null where it does not say. */
export const ExposureView = z.object({
  fNumber: z.number().nullable(),
  exposureSeconds: z.number().nullable(),
  iso: z.number().nullable(),
  whiteBalance: z.string().nullable(),
  focalLengthMm: z.number().nullable(),
});
const EXPOSURE_FIELDS = ['fNumber', 'exposureSeconds', 'iso', 'whiteBalance', 'focalLengthMm'] as const;

/** A docked device that tells by itself what happens on it. */
export const LiveView = z.object({
  canCapture: z.boolean(),
  exposure: ExposureView.nullable(),
  /** What is set otherwise than it should be: than the site's protocol says, else than at the first picture of this docking. */
  exposureDiffers: z.array(z.enum(EXPOSURE_FIELDS)),
  exposureAgainst: z.enum(['protocol', 'first-picture']).nullable(),
  /** What it is compared with; null where nothing is demanded. */
  exposureWanted: ExposureView.nullable(),
  /** Device clock minus station clock, ms; null when the device does not tell its time. */
  clockOffsetMs: z.number().nullable(),
});

/** Something that was announced by a device, on its way to become a picture. */
export const ArrivingView = z.object({
  itemId: Id,
  name: z.string(),
  bytes: Bytes,
  stage: z.enum(ITEM_STAGES),
  arrivedAt: At,
  code: z.string().nullable(),
  /** The device's own small picture is there: `image://` by the item's id. */
  hasPicture: z.boolean(),
});

export const DockingView = z.object({
  id: Id,
  medium: MediumView,
  startedAt: At,
  endedAt: At.nullable(),
  /** The medium is plugged in right now. */
  connected: z.boolean(),
  state: z.enum(DOCKING_STATES),
  progress: ProgressView.nullable(),
  equation: CustodyEquationView,
  onMedium: OnMediumView,
  /** Things on the medium that are never followed (symlinks, device nodes, sockets...). They block "clear". */
  notFollowed: Count,
  /** Things on the medium that are not in the list: unreadable folders and entries, and what came later. They block "clear". */
  notListed: Count,
  /** Items of unknown kind about which nobody decided yet. They block "clear". */
  undecided: Count,
  totalBytes: Bytes,
  captureCount: Count,
  previewsDone: Count,
  strip: z.array(StripStepView),
  /** How many items are under a hold. */
  held: Count,
  /** How many items the gate would let go right now. */
  releasable: Count,
  /** Why nothing may be erased from this medium at all; null when it may. */
  keptWhole: z.enum(['medium-read-only', 'personal-phone']).nullable(),
  /** An unknown medium: nothing of it is read until a lead says so. */
  awaitsApproval: z.boolean(),
  live: LiveView.nullable(),
  hasCertificate: z.boolean(),
  /** Stable code of what is wrong, else null. */
  problem: z.string().nullable(),
  /** Of `device-held`: the program that has the device open, as the system names it; null when it cannot be told. */
  problemHolder: z.string().nullable(),
});

export const RegionView = z.object({ scheme: z.string(), code: z.string(), meaning: z.string() });
export const Laterality = z.enum(['R', 'L', 'B', 'U']);

export const PatientView = z.object({
  /** Name as people read it: family, given. Ideographic and phonetic forms where the worklist has them. */
  name: z.object({ display: z.string(), ideographic: z.string().nullable(), phonetic: z.string().nullable() }),
  mrn: z.string(),
  issuer: z.string().nullable(),
  birthDate: z.string().nullable(),
  sex: z.string().nullable(),
});

export const WorklistItemView = z.object({
  id: Id,
  patient: PatientView,
  accessionNumber: z.string().nullable(),
  procedure: z.string().nullable(),
  step: z.string().nullable(),
  scheduledDate: z.string().nullable(),
  scheduledTime: z.string().nullable(),
  location: z.string().nullable(),
  /** Keys the worklist did not send and filing needs; not empty means it cannot be filed to. */
  incomplete: z.array(z.string()),
  fetchedAt: At,
  /** No longer in the newest answer of the worklist; still usable, with its age shown. */
  gone: z.boolean(),
});

export const FilingView = z.object({
  worklistItemId: Id,
  patient: PatientView,
  accessionNumber: z.string().nullable(),
  region: RegionView,
  laterality: Laterality.nullable(),
  view: z.string().nullable(),
  burnedIn: z.boolean(),
  recognizable: z.boolean(),
  filedBy: z.string(),
  filedAt: At,
});

export const CaptureView = z.object({
  id: Id,
  dockingId: Id,
  stage: z.enum(CAPTURE_STAGES),
  kind: z.enum(CAPTURE_KINDS),
  /** File name of the primary item as on the medium (no folders). */
  name: z.string(),
  itemCount: Count,
  bytes: Bytes,
  /** Session number within the docking, split by time gaps, from 1. */
  session: Count,
  capturedAt: z.string().nullable(),
  capturedOffset: z.string().nullable(),
  width: Count.nullable(),
  height: Count.nullable(),
  camera: z.string().nullable(),
  /** waiting = preview not made yet; cannot = sealed, but cannot be displayed (reason code). */
  display: z.enum(['waiting', 'ok', 'cannot']),
  displayReason: z.string().nullable(),
  blurred: z.boolean(),
  /** The same content was docked before. */
  duplicate: z.object({ captureId: Id, stage: z.enum(CAPTURE_STAGES) }).nullable(),
  filing: FilingView.nullable(),
  rejected: z.object({ reason: z.enum(REJECT_REASONS), by: z.string(), at: At }).nullable(),
  /** When the sealed bytes of its picture were erased for good, at the end of their retention. */
  shreddedAt: At.nullable(),
  /** A forensic hold covers it: no rejection, no erasure. */
  held: z.boolean(),
  /** Why it is stuck (stable code), when a step failed and waits for its next try. */
  stuck: z.object({ code: z.string(), attempts: Count, nextAttemptAt: At.nullable() }).nullable(),
  strip: z.array(StripStepView),
});

export const EvidenceView = z.object({
  kind: z.string(),
  at: At,
  ok: z.boolean(),
  /** Item or instance it is about, in a form a person can compare (short hash, UID). */
  subject: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const ItemView = z.object({
  id: Id,
  name: z.string(),
  kind: z.string(),
  bytes: Bytes,
  stage: z.enum(ITEM_STAGES),
  onMedium: z.enum(ON_MEDIUM),
  keptBecause: z.array(z.enum(KEEP_REASONS)),
  sha256: z.string().nullable(),
  code: z.string().nullable(),
});

export const CaptureDetail = CaptureView.extend({
  items: z.array(ItemView),
  holds: z.array(HoldView),
  evidence: z.array(EvidenceView),
  sopInstanceUid: z.string().nullable(),
  seriesInstanceUid: z.string().nullable(),
  studyInstanceUid: z.string().nullable(),
});

export const PeerHealth = z.object({
  state: z.enum(['ok', 'unreachable', 'unknown', 'not-configured']),
  name: z.string(),
  kind: z.enum(['dimse', 'dicomweb', 'mwl', 'none']),
  checkedAt: At.nullable(),
  code: z.string().nullable(),
});

export const WorklistState = z.object({
  fetchedAt: At.nullable(),
  count: Count,
  skipped: Count,
  lastTryAt: At.nullable(),
  /** Code of the last failed refresh, null when the last one worked. */
  code: z.string().nullable(),
});

export const ReviewRow = z.object({
  captureId: Id.nullable(),
  dockingId: Id,
  itemId: Id.nullable(),
  list: z.enum([
    'damaged',
    'unfiled',
    'stuck',
    'held',
    'rejected',
    'not-erased',
    'unreadable',
    'undecided',
    'not-returned',
    'needs-approval',
  ]),
  name: z.string(),
  mediumLabel: z.string(),
  since: At,
  /** Reason code in words by i18n. */
  code: z.string().nullable(),
  attempts: Count,
  nextAttemptAt: At.nullable(),
  dockedBy: z.string().nullable(),
  patient: PatientView.nullable(),
  /** Of the list `held`: one row for each hold. */
  hold: HoldView.nullable(),
  /** Of the lists `not-returned` and `needs-approval`: the medium itself. */
  medium: z
    .object({ id: Id, ownerUnit: z.string().nullable(), borrower: z.string().nullable(), dueAt: At.nullable() })
    .nullable(),
});

export const KeptView = z.object({ itemId: Id, name: z.string(), because: z.array(z.enum(KEEP_REASONS)) });

export const CheckView = z.object({
  step: z.string(),
  state: z.enum(['ok', 'warning', 'failed', 'skipped']),
  code: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** A backup that runs, or the last one since the station started. */
export const BackupView = z.object({
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  phase: z.enum(['index', 'files', 'verifying', 'finishing']),
  filesDone: Count,
  filesTotal: Count,
  bytesDone: Bytes,
  bytesTotal: Bytes,
  startedAt: At,
  endedAt: At.nullable(),
  /** Why it failed: stable code, and facts that are safe to show. */
  code: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  result: z
    .object({
      generation: z.string(),
      files: Count,
      bytes: Bytes,
      copied: Count,
      copiedBytes: Bytes,
      verified: Count,
      mended: Count,
      /** Sealed files of which no sound copy exists: id of the item or object, and why. */
      unsound: z.array(z.object({ id: z.string(), code: z.string() })),
      generations: Count,
      damagedGenerations: z.array(z.string()),
      prunedFiles: Count,
      /** The backup lies on the same disk as the data. */
      sameDisk: z.boolean(),
    })
    .nullable(),
});
