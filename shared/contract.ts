import { z } from 'zod';
import { AUDIT_PROBLEMS, WITNESS_ANSWERS } from './domain/audit.ts';
import { ROLES } from './domain/people.ts';
import { REJECT_REASONS } from './domain/reasons.ts';
import { CAPTURE_STAGES } from './domain/stages.ts';
import { buttonEvents, buttonsCalls } from './contract/buttons.ts';
import { call } from './contract/call.ts';
import { captureCalls } from './contract/capture.ts';
import { mediaCalls } from './contract/media.ts';
import * as view from './contract/views.ts';

const Nothing = z.object({}).strict();
const Done = z.object({});
const Login = z.string().regex(/^[a-z0-9._-]{2,40}$/);
const Password = z.string().min(1).max(200);
const Refused = z.array(z.object({ captureId: view.Id, code: z.string() }));
/** Why a hold is placed or lifted, in a person's words. Kept in the encrypted index alone. */
const Reason = z.string().trim().min(3).max(500);
const SignedIn = z.object({ sessionToken: z.string(), person: view.PersonView });

/**
 * The one contract between the station and its clients (window, command line): every call with its input, output and
 * the action asked of `may()`. `open` calls need no signed-in person.
 */
export const contract = {
  'session.current': call(
    'open',
    Nothing,
    z.object({
      /** empty: no person yet, create the first lead. locked: nobody signed in since the station started. */
      store: z.enum(['empty', 'locked', 'open']),
      practice: z.boolean(),
      practicePeople: z.array(z.object({ login: z.string(), role: z.enum(ROLES), password: z.string() })),
      stationName: z.string(),
      department: z.string(),
      person: view.PersonView.nullable(),
      may: z.array(z.string()),
      version: z.string(),
    }),
  ),
  'session.firstLead': call(
    'open',
    z.object({ login: Login, displayName: z.string().min(1).max(80), password: Password.min(8) }),
    SignedIn,
  ),
  'session.signIn': call('open', z.object({ login: z.string().max(60), password: Password }), SignedIn),
  'session.signOut': call('signed-in', Nothing, Done),
  'session.lock': call('signed-in', Nothing, Done),

  'station.info': call(
    'open',
    Nothing,
    z.object({
      stationName: z.string(),
      department: z.string(),
      institution: z.string(),
      version: z.string(),
      practice: z.boolean(),
      lockAfterMinutes: z.number(),
      archive: view.PeerHealth,
      worklist: view.PeerHealth,
    }),
  ),
  'station.status': call(
    'see',
    Nothing,
    z.object({
      captures: z.record(z.enum(CAPTURE_STAGES), z.number()),
      dockings: z.array(view.DockingView),
      /** Nothing left that the station could do by itself right now. */
      idle: z.boolean(),
      /** Steps that wait for their next try, with the code of the last failure. */
      waiting: z.array(z.object({ step: z.string(), code: z.string(), count: z.number(), nextAttemptAt: z.number() })),
    }),
  ),
  /** Opens the next sealed files whole: all of them, a few at a time. */
  'station.checkSealed': call(
    'see',
    z.object({ after: z.string().max(64).nullable(), limit: z.number().int().min(1).max(200).default(20) }),
    z.object({
      next: z.string().nullable(),
      total: z.number(),
      opened: z.number(),
      damaged: z.array(z.object({ id: z.string(), code: z.string() })),
    }),
  ),
  'station.doctor': call('see', Nothing, z.object({ checks: z.array(view.CheckView) })),

  /** Begins a backup into a folder of the station's machine; `backup.state` tells how far it is. */
  'backup.start': call(
    'back-up',
    z.object({
      folder: z.string().min(1).max(4096),
      /** How many generations of the index stay. */
      keep: z.number().int().min(1).max(1000).default(7),
      verify: z.boolean().default(false),
      /** A new backup is begun where a former one was expected. */
      begin: z.boolean().default(false),
    }),
    view.BackupView,
  ),
  'backup.state': call('back-up', Nothing, z.object({ backup: view.BackupView.nullable() })),
  'backup.cancel': call('back-up', Nothing, Done),

  'people.list': call('administer', Nothing, z.object({ people: z.array(view.PersonView) })),
  'people.add': call(
    'administer',
    z.object({ login: Login, displayName: z.string().min(1).max(80), role: z.enum(ROLES), password: Password.min(8) }),
    view.PersonView,
  ),
  'people.update': call(
    'administer',
    z.object({
      id: view.Id,
      role: z.enum(ROLES).optional(),
      disabled: z.boolean().optional(),
      password: Password.min(8).optional(),
    }),
    view.PersonView,
  ),

  'dockings.list': call(
    'see',
    z.object({ limit: z.number().int().min(1).max(500).default(50) }),
    z.object({ dockings: z.array(view.DockingView) }),
  ),
  'dockings.get': call('see', z.object({ dockingId: view.Id }), view.DockingView),
  /** Docks a folder or a mounted card by its path on this machine. */
  'dock.folder': call('dock', z.object({ path: z.string().min(1).max(4096) }), z.object({ dockingId: view.Id })),
  'dock.cancel': call('dock', z.object({ dockingId: view.Id }), Done),
  'dock.resume': call('dock', z.object({ dockingId: view.Id }), Done),
  /** Releases the shutter of a docked camera; its picture arrives by itself. */
  'dock.shutter': call('dock', z.object({ dockingId: view.Id }), Done),
  /** What a docked device has announced and what is not a picture to be filed yet. */
  'dockings.arriving': call('see', z.object({ dockingId: view.Id }), z.object({ items: z.array(view.ArrivingView) })),
  'dock.practiceCard': call('dock', Nothing, z.object({ dockingId: view.Id })),

  ...captureCalls,

  'captures.list': call(
    'see',
    z.object({ dockingId: view.Id.optional(), stage: z.enum(CAPTURE_STAGES).optional() }),
    z.object({ captures: z.array(view.CaptureView) }),
  ),
  'captures.get': call('see', z.object({ captureId: view.Id }), view.CaptureDetail),
  'captures.file': call(
    'file',
    z.object({
      captureIds: z.array(view.Id).min(1).max(5000),
      worklistItemId: view.Id,
      region: z.object({ scheme: z.string().min(1).max(16), code: z.string().min(1).max(16) }),
      laterality: view.Laterality.nullable(),
      view: z.string().max(64).nullable(),
      burnedIn: z.boolean(),
      recognizable: z.boolean(),
    }),
    z.object({ filed: z.array(view.Id), refused: Refused }),
  ),
  'captures.reject': call(
    'reject',
    z.object({ captureIds: z.array(view.Id).min(1).max(5000), reason: z.enum(REJECT_REASONS) }),
    z.object({ rejected: z.array(view.Id), refused: Refused }),
  ),
  'captures.restore': call(
    'reject',
    z.object({ captureIds: z.array(view.Id).min(1).max(5000) }),
    z.object({ restored: z.array(view.Id), refused: Refused }),
  ),
  /** Tries stuck deliveries again now instead of at their next attempt. */
  'captures.retry': call(
    'retry',
    z.object({ captureIds: z.array(view.Id).max(5000).optional() }),
    z.object({ retried: z.number() }),
  ),

  'holds.list': call(
    'see',
    z.object({ lifted: z.boolean().default(false) }),
    z.object({ holds: z.array(view.HoldView) }),
  ),
  /** On a whole docking (also on what is still being read of it), or on captures. */
  'holds.place': call(
    'hold',
    z.object({
      subject: z.union([
        z.object({ dockingId: view.Id }).strict(),
        z.object({ captureIds: z.array(view.Id).min(1).max(5000) }).strict(),
      ]),
      reason: Reason,
    }),
    z.object({ placed: z.array(view.Id) }),
  ),
  'holds.lift': call(
    'lift-hold',
    z.object({ holdIds: z.array(view.Id).min(1).max(5000), reason: Reason }),
    z.object({ lifted: z.array(view.Id) }),
  ),

  'worklist.list': call(
    'file',
    z.object({ query: z.string().max(100).default(''), limit: z.number().int().min(1).max(500).default(100) }),
    z.object({ items: z.array(view.WorklistItemView), state: view.WorklistState }),
  ),
  'worklist.refresh': call('file', Nothing, view.WorklistState),
  /** A scanned wristband: exact MRN or accession number. One match selects; none or several are told. */
  'worklist.scan': call(
    'file',
    z.object({ code: z.string().min(1).max(128) }),
    z.object({ match: z.enum(['one', 'none', 'several']), items: z.array(view.WorklistItemView) }),
  ),

  'terms.find': call(
    'file',
    z.object({ query: z.string().max(100), limit: z.number().int().min(1).max(250).default(20) }),
    z.object({
      hits: z.array(
        view.RegionView.extend({
          synonyms: z.array(z.string()),
          lateralities: z.array(view.Laterality),
          lateralityHint: view.Laterality.nullable(),
          sensitive: z.boolean(),
          group: z.string(),
          favourite: z.boolean(),
          recent: z.boolean(),
        }),
      ),
    }),
  ),
  'terms.favourite': call('file', z.object({ scheme: z.string(), code: z.string(), on: z.boolean() }), Done),

  'release.preview': call(
    'see',
    z.object({ dockingId: view.Id }),
    z.object({ connected: z.boolean(), erasable: z.number(), erasableBytes: z.number(), kept: z.array(view.KeptView) }),
  ),
  'release.start': call('release', z.object({ dockingId: view.Id }), z.object({ queued: z.number() })),

  /** The certificate's text (JSON lines, signed) exactly as it is to be saved. */
  'certificate.get': call(
    'certify',
    z.object({ dockingId: view.Id }),
    z.object({ text: z.string(), issuedAt: z.number() }),
  ),
  'certificate.html': call('certify', z.object({ dockingId: view.Id }), z.object({ html: z.string() })),

  ...mediaCalls,

  ...buttonsCalls,

  'review.list': call('review', Nothing, z.object({ rows: z.array(view.ReviewRow) })),
  'audit.verify': call(
    'audit',
    z.object({
      /** Heads of the chain out of certificates whose signature the caller has checked, with the key that made it. */
      witnesses: z
        .array(
          z.object({
            line: z.number().int().positive(),
            hash: z.string().regex(/^[0-9a-f]{64}$/),
            publicKey: z.string().max(200),
          }),
        )
        .max(1000)
        .default([]),
    }),
    z.object({
      ok: z.boolean(),
      problem: z.enum(AUDIT_PROBLEMS).nullable(),
      lines: z.number(),
      firstBadLine: z.number().nullable(),
      headHash: z.string(),
      /** The last line that a signature in the chain vouches for. */
      signedLine: z.number().nullable(),
      headFile: z.enum(WITNESS_ANSWERS),
      witnesses: z.array(z.enum(WITNESS_ANSWERS)),
    }),
  ),
  'audit.list': call(
    'audit',
    z.object({ before: z.number().int().optional(), limit: z.number().int().min(1).max(500).default(100) }),
    z.object({
      lines: z.array(
        z.object({
          line: z.number(),
          at: z.number(),
          person: z.string().nullable(),
          action: z.string(),
          subject: z.string(),
          facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
        }),
      ),
    }),
  ),
} as const;

export type Contract = typeof contract;
export type CallName = keyof Contract;
export type CallInput<N extends CallName> = z.input<Contract[N]['input']>;
export type CallParsed<N extends CallName> = z.output<Contract[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Contract[N]['output']>;
export type CallResult<N extends CallName> =
  | { readonly ok: true; readonly value: CallOutput<N> }
  | { readonly ok: false; readonly code: string; readonly details?: Record<string, string | number | boolean | null> };

/** Events: they name what changed and carry no patient data; a client asks again for what it shows. */
export const events = {
  /** Topics whose answers have changed since the last event. */
  changed: z.object({
    topics: z.array(z.enum(['dockings', 'captures', 'worklist', 'review', 'people', 'peers', 'session', 'buttons'])),
    dockingId: z.string().nullable(),
  }),
  /** A lane's live progress, at most four times a second. */
  progress: z.object({ dockingId: z.string(), progress: view.ProgressView.nullable() }),
  ...buttonEvents,
  /** Sent by the shell: how many pictures of a live camera it holds that no station has sealed yet. */
  'frames.waiting': z.object({ count: z.number().int().nonnegative() }),
  /** Sent by the shell, not by the station. */
  'station.connection': z.object({ state: z.enum(['connected', 'reconnecting']) }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;
export type StationEvent = { [N in EventName]: { name: N; payload: EventPayload<N> } }[EventName];
export type * from './contract/types.ts';
