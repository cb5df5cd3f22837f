import type { CaptureView } from '../../../shared/contract.ts';

/** One session of a docking: pictures taken without a long pause, most often one patient. */
export interface Session {
  readonly number: number;
  readonly total: number;
  readonly unfiled: number;
  /** Camera clock, first and last; null where the camera wrote none. */
  readonly from: string | null;
  readonly to: string | null;
  readonly first: CaptureView;
}

/** The sessions of these captures, in order. */
export function sessionsOf(captures: readonly CaptureView[]): Session[] {
  const groups = Map.groupBy(captures, (capture) => capture.session);
  return [...groups.entries()]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([number, members]) => {
      const first = members[0];
      if (!first) return [];
      const times = members
        .map((capture) => capture.capturedAt)
        .filter((at) => at !== null)
        .toSorted();
      return [
        {
          number,
          total: members.length,
          unfiled: members.filter((capture) => capture.stage === 'unfiled' && capture.kind !== 'other').length,
          from: times[0] ?? null,
          to: times.at(-1) ?? null,
          first,
        },
      ];
    });
}

/** The next session that still has something to file, after this one and round to the start. */
export function nextSession(sessions: readonly Session[], after: number): number | null {
  const open = sessions.filter((session) => session.unfiled > 0 && session.number !== after);
  return (open.find((session) => session.number > after) ?? open[0])?.number ?? null;
}
