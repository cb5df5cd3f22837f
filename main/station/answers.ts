import path from 'node:path';
import type { CallName, CallOutput, CallParsed } from '../../shared/contract.ts';
import { PhotodockError } from '../../shared/domain/errors.ts';
import { CAPTURE_STAGES } from '../../shared/domain/stages.ts';
import type { CaptureStage } from '../../shared/domain/stages.ts';
import { buttonsAnswers } from './answers-buttons.ts';
import { mediaAnswers } from './answers-media.ts';
import { captureAnswers } from './answers-capture.ts';
import { appendAudit, listAudit } from './audit/index.ts';
import { checkSealed, examine } from './doctor.ts';
import type { SignedIn } from './people/index.ts';
import { makePracticeCard } from './practice/index.ts';
import { certificateHtml } from './release/index.ts';
import type { Rooms } from './rooms.ts';
import { arriving, reviewRows, worklistItemView } from './views/index.ts';

export interface AnswerContext {
  readonly rooms: Rooms;
  readonly person: SignedIn;
  readonly dataFolder: string;
  readonly practice: boolean;
}

type Answer<N extends CallName> = (input: CallParsed<N>, context: AnswerContext) => Promise<CallOutput<N>>;

/** Calls that `station.ts` answers itself, because they work without an open store. */
export type SessionCall = Extract<CallName, `session.${string}`> | 'station.info';

class NotFoundError extends PhotodockError {}

function found<T>(value: T | null | undefined, code: string): T {
  if (value === null || value === undefined) throw new NotFoundError(code, 'there is no such thing');
  return value;
}

/** What the station answers to each call of the contract, once the store is open and `may()` has said yes. */
export const answers: { readonly [N in Exclude<CallName, SessionCall>]: Answer<N> } = {
  'station.status': async (_input, { rooms }) => {
    const counts = await rooms.store.read.all<{ stage: CaptureStage; count: number }>(
      'SELECT stage, count(*) AS count FROM capture GROUP BY stage',
    );
    const captures = Object.fromEntries(CAPTURE_STAGES.map((stage) => [stage, 0])) as Record<CaptureStage, number>;
    for (const { stage, count } of counts) captures[stage] = count;
    const waiting = await rooms.store.read.all<{ state: string; code: string; count: number; next: number }>(
      `SELECT state, last_code AS code, count(*) AS count, min(next_attempt_at) AS next FROM instance
       WHERE state != 'confirmed' AND last_code IS NOT NULL GROUP BY 1, 2`,
    );
    // An asked-for commitment is under way, not waiting for anybody's mending. Not confirmed: said for the index, as in IS_DUE.
    const awaited = await rooms.store.read.get<{ count: number }>(
      `SELECT count(*) AS count FROM instance
       WHERE state = 'stored' AND state != 'confirmed' AND commitment_uid IS NOT NULL AND last_code IS NULL`,
    );
    const dockings = await rooms.dockingsView.list(200);
    const scheduler = await rooms.scheduler.outlook();
    return {
      captures,
      dockings,
      idle: (awaited?.count ?? 0) === 0 && scheduler.idle,
      waiting: [
        ...waiting.map((row) => ({
          step: stepAfter(row.state),
          code: row.code,
          count: row.count,
          nextAttemptAt: row.next,
        })),
        ...scheduler.waiting,
      ],
    };
  },
  'station.checkSealed': async ({ after, limit }, { rooms }) => {
    const { damaged, ...rest } = await checkSealed(rooms, after, limit);
    return { ...rest, damaged: [...damaged] };
  },
  'station.doctor': async (_input, { rooms, dataFolder }) => ({ checks: await examine(rooms, dataFolder) }),

  'backup.start': (input, { rooms, person }) => rooms.backup.start(input, person),
  'backup.state': async (_input, { rooms }) => ({ backup: rooms.backup.state() }),
  'backup.cancel': async (_input, { rooms, person }) => {
    await rooms.backup.cancel(person);
    return {};
  },

  'people.list': async (_input, { rooms }) => ({ people: await rooms.people.list() }),
  'people.add': (input, { rooms, person }) => rooms.people.add(input, person),
  'people.update': ({ id, ...change }, { rooms, person }) => rooms.people.update(id, change, person),

  'dockings.list': async ({ limit }, { rooms }) => ({ dockings: await rooms.dockingsView.list(limit) }),
  'dockings.get': async ({ dockingId }, { rooms }) => found(await rooms.dockingsView.get(dockingId), 'no-such-docking'),
  'dock.folder': async ({ path: folder }, { rooms, person }) => ({
    dockingId: await rooms.dockings.begin(folder, person.personId),
  }),
  'dock.cancel': async ({ dockingId }, { rooms, person }) => {
    await rooms.dockings.setCancelled(dockingId, true, person.personId);
    return {};
  },
  'dock.resume': async ({ dockingId }, { rooms, person }) => {
    await rooms.dockings.setCancelled(dockingId, false, person.personId);
    return {};
  },
  'dock.shutter': async ({ dockingId }, { rooms, person }) => {
    const live = found(rooms.dockings.find(dockingId)?.source.live, 'not-connected');
    if (!live.canCapture) throw new PhotodockError('no-shutter', 'this device does not let its shutter be released');
    await rooms.store.write((tx) =>
      appendAudit(tx, { person: person.personId, action: 'shutter', subject: dockingId }),
    );
    await live.capture();
    return {};
  },
  'dockings.arriving': async ({ dockingId }, { rooms }) => ({ items: await arriving(rooms.store.read, dockingId) }),
  'dock.practiceCard': async (_input, { rooms, person, dataFolder, practice }) => {
    if (!practice)
      throw new PhotodockError('not-in-practice', 'there are practice cards only in the practice hospital');
    const card = path.join(dataFolder, 'practice', 'card');
    await makePracticeCard(card);
    const shownAs = { kind: 'card', label: 'Practice card' } as const;
    return { dockingId: await rooms.dockings.begin(card, person.personId, shownAs) };
  },

  ...captureAnswers,

  'captures.list': async (input, { rooms }) => ({ captures: await rooms.capturesView.list(input) }),
  'captures.get': async ({ captureId }, { rooms }) => found(await rooms.capturesView.get(captureId), 'no-such-capture'),
  'captures.file': async (input, { rooms, person }) => {
    const result = await rooms.filing.file(input, person);
    rooms.announceChange();
    return result;
  },
  'captures.reject': async ({ captureIds, reason }, { rooms, person }) => {
    const result = await rooms.filing.reject(captureIds, reason, person);
    rooms.announceChange();
    return result;
  },
  'captures.restore': async ({ captureIds }, { rooms, person }) => {
    const result = await rooms.filing.restore(captureIds, person);
    rooms.announceChange();
    return result;
  },
  'captures.retry': async ({ captureIds }, { rooms, person }) => {
    const chosen = captureIds === undefined ? null : JSON.stringify(captureIds);
    const retried = await rooms.store.write(async (tx) => {
      // An asked-for commitment keeps its time: asking again would only make a second request.
      const count = await tx.run(
        `UPDATE instance SET next_attempt_at = 0 WHERE state != 'confirmed' AND last_code IS NOT NULL
           AND (commitment_uid IS NULL OR state != 'stored')
           AND (? IS NULL OR capture_id IN (SELECT value FROM json_each(?)))`,
        [chosen, chosen],
      );
      await appendAudit(tx, {
        person: person.personId,
        action: 'retry-ordered',
        subject: 'delivery',
        facts: { count },
      });
      return count;
    });
    rooms.scheduler.retryNow();
    return { retried };
  },

  'holds.list': async ({ lifted }, { rooms }) => ({ holds: await rooms.holds.list(lifted) }),
  'holds.place': async ({ subject, reason }, { rooms, person }) => {
    const placed = await rooms.holds.place(subject, reason, person);
    rooms.announceChange();
    return { placed };
  },
  'holds.lift': async ({ holdIds, reason }, { rooms, person }) => {
    const lifted = await rooms.holds.lift(holdIds, reason, person);
    rooms.announceChange();
    return { lifted };
  },

  'worklist.list': async ({ query, limit }, { rooms }) => ({
    items: (await rooms.worklist.search(query, limit)).map(worklistItemView),
    state: await rooms.worklist.state(),
  }),
  'worklist.refresh': async (_input, { rooms }) => {
    await rooms.refreshWorklist();
    return rooms.worklist.state();
  },
  'worklist.scan': async ({ code }, { rooms }) => {
    const items = (await rooms.worklist.scan(code)).map(worklistItemView);
    return { match: items.length === 1 ? 'one' : items.length === 0 ? 'none' : 'several', items };
  },

  'terms.find': async ({ query, limit }, { rooms, person }) => {
    const uses = await rooms.store.read.all<{
      scheme: string;
      code: string;
      used_at: number | null;
      favourite: number;
    }>('SELECT * FROM term_use WHERE person_id = ? ORDER BY used_at DESC', [person.personId]);
    const keyOf = (use: { scheme: string; code: string }) => `${use.scheme}:${use.code}`;
    const favourites = uses.filter((use) => use.favourite === 1).map(keyOf);
    const recent = uses
      .filter((use) => use.used_at !== null)
      .slice(0, 12)
      .map(keyOf);
    const hits = rooms.terminology.find(query, { limit, favourites, recent });
    return {
      hits: hits.map(({ region, lateralityHint }) => ({
        scheme: region.scheme,
        code: region.code,
        meaning: region.meaning,
        synonyms: [...region.synonyms],
        lateralities: rooms.terminology.lateralityAllowed(region),
        lateralityHint,
        sensitive: region.sensitive,
        group: region.group,
        favourite: favourites.includes(region.key),
        recent: recent.includes(region.key),
      })),
    };
  },
  'terms.favourite': async ({ scheme, code, on }, { rooms, person }) => {
    found(rooms.terminology.byCode(scheme, code), 'unknown-region');
    await rooms.store.write((tx) =>
      tx.run(
        `INSERT INTO term_use (person_id, scheme, code, favourite) VALUES (?, ?, ?, ?)
         ON CONFLICT (person_id, scheme, code) DO UPDATE SET favourite = excluded.favourite`,
        [person.personId, scheme, code, on ? 1 : 0],
      ),
    );
    return {};
  },

  'release.preview': async ({ dockingId }, { rooms }) => {
    const { kept, ...rest } = await rooms.release.preview(dockingId);
    return {
      ...rest,
      kept: kept.map(({ row, because }) => ({
        itemId: row.id,
        name: path.posix.basename(row.path),
        because: [...because],
      })),
    };
  },
  'release.start': async ({ dockingId }, { rooms, person }) => ({
    queued: await rooms.release.order(dockingId, person),
  }),

  'certificate.get': ({ dockingId }, { rooms }) => rooms.certificates.issue(dockingId),
  'certificate.html': async ({ dockingId }, { rooms }) => ({
    html: certificateHtml((await rooms.certificates.issue(dockingId)).text),
  }),

  ...mediaAnswers,

  ...buttonsAnswers,

  'review.list': async (_input, { rooms }) => ({
    rows: await reviewRows(rooms.store.read, rooms.holds, rooms.sealed.trouble),
  }),
  'audit.verify': async ({ witnesses }, { rooms }) => {
    const verdict = await rooms.auditHeads.verify(witnesses);
    return { ...verdict, witnesses: [...verdict.witnesses] };
  },
  'audit.list': async ({ before, limit }, { rooms }) => ({
    lines: await listAudit(rooms.store.read, before, limit),
  }),
};

/** The step that an instance in this state waits for. */
function stepAfter(state: string): string {
  if (state === 'planned') return 'build';
  if (state === 'built') return 'store';
  return state === 'stored' ? 'commit' : 'read-back';
}
