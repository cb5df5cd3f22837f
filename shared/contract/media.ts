import { z } from 'zod';
import { MEDIUM_KINDS } from '../domain/media.ts';
import { call } from './call.ts';
import { Id } from './views.ts';

const At = z.number().int().nonnegative();
const Count = z.number().int().nonnegative();
const Nothing = z.object({}).strict();
const Done = z.object({});
const Line = z.string().trim().max(80);

/** How far a device's clock was ahead of the station's when it was docked, ms. */
export const ClockReading = z.object({ at: At, offsetMs: z.number().int() });

/** Somebody has taken a medium along. */
export const LoanView = z.object({
  id: Id,
  borrower: z.string(),
  lentAt: At,
  lentBy: z.string(),
  dueAt: At,
  returnedAt: At.nullable(),
  /** Who took it back; null while it is out, and when it came back by being docked. */
  returnedBy: z.string().nullable(),
  /** By the station's clock. */
  overdue: z.boolean(),
});

/** What the last docking left on a medium. Since it left nobody knows. */
export const LeftOnMedium = z.object({
  present: Count,
  kept: Count,
  eraseUnverified: Count,
  /** Not read, or not even listed: pictures may be there that nobody has. */
  unread: Count,
  /** Nothing was on it any more when the station last looked. */
  clear: z.boolean(),
  /** When it was unplugged; null while it is docked. */
  unknownSince: At.nullable(),
});

/** One medium of the register. */
export const MediumRecordView = z.object({
  id: Id,
  kind: z.enum(MEDIUM_KINDS),
  /** What it calls itself; `name` is what people here call it. */
  label: z.string(),
  name: z.string().nullable(),
  maker: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  ownerUnit: z.string().nullable(),
  managed: z.boolean(),
  note: z.string().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
  /** Null: nobody has let it in. `by` is null when it was let in by being docked where that is enough. */
  approved: z.object({ at: At, by: z.string().nullable() }).nullable(),
  /** The docking that waits for a lead; null when none does. */
  awaitingDockingId: Id.nullable(),
  retiredAt: At.nullable(),
  dockings: Count,
  firstDockedAt: At,
  /** Null: by the station itself, when it was plugged in. */
  firstDockedBy: z.string().nullable(),
  lastDockedAt: At.nullable(),
  lastDockedBy: z.string().nullable(),
  dockedNow: z.boolean(),
  left: LeftOnMedium,
  /** The newest first, ten at most. */
  clock: z.array(ClockReading).max(10),
  loan: LoanView.nullable(),
});

export const MediumDockingView = z.object({
  id: Id,
  startedAt: At,
  endedAt: At.nullable(),
  by: z.string().nullable(),
  items: Count,
  left: LeftOnMedium,
  clockOffsetMs: z.number().int().nullable(),
});

export const MediumStoryView = z.object({
  medium: MediumRecordView,
  /** The newest first. */
  dockings: z.array(MediumDockingView),
  loans: z.array(LoanView),
});

export type ClockReading = z.output<typeof ClockReading>;
export type LoanView = z.output<typeof LoanView>;
export type LeftOnMedium = z.output<typeof LeftOnMedium>;
export type MediumRecord = z.output<typeof MediumRecordView>;
export type MediumDocking = z.output<typeof MediumDockingView>;
export type MediumStory = z.output<typeof MediumStoryView>;

/** The register of media. Nothing is ever removed from it: a medium that is used no more is retired. */
export const mediaCalls = {
  'media.list': call('see', Nothing, z.object({ media: z.array(MediumRecordView) })),
  'media.get': call('see', z.object({ mediumId: Id }), MediumStoryView),
  /** Maker, model and serial only where the medium does not tell them itself. An empty text takes a value away. */
  'media.update': call(
    'register',
    z
      .object({
        mediumId: Id,
        name: Line.optional(),
        ownerUnit: Line.optional(),
        managed: z.boolean().optional(),
        note: z.string().trim().max(500).optional(),
        maker: Line.optional(),
        model: Line.optional(),
        serial: Line.optional(),
        retired: z.boolean().optional(),
      })
      .strict(),
    Done,
  ),
  /** Lets an unknown medium in, now and whenever it comes again. */
  'media.approve': call('register', z.object({ mediumId: Id }).strict(), Done),
  'media.lend': call(
    'lend',
    z.object({ mediumId: Id, borrower: z.string().trim().min(1).max(80), dueAt: At }).strict(),
    LoanView,
  ),
  'media.return': call('lend', z.object({ mediumId: Id }).strict(), Done),
} as const;
