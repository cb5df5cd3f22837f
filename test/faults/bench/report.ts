import type { WorldResult } from './run-world.ts';

export interface FaultReport {
  readonly seed: number;
  readonly rounds: number;
  readonly worlds: number;
  readonly seconds: number;
  readonly unavailable: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, KindReport>>;
  /** Point to kills, over all kinds. */
  readonly kills: Readonly<Record<string, number>>;
  readonly violations: readonly { kind: string; ordinal: number; round: number; scenario: string; what: string }[];
}

export interface KindReport {
  readonly rounds: number;
  readonly worlds: number;
  readonly medianMilliseconds: number;
  /** Scenario to how often it was done. */
  readonly scenarios: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Scenarios that the kind has and that this run did not come to. */
  readonly notReached: readonly string[];
}

export function reportOf(
  seed: number,
  results: readonly WorldResult[],
  unavailable: Record<string, string>,
  seconds: number,
): FaultReport {
  const kinds: Record<string, KindReport> = {};
  for (const [kind, worlds] of Map.groupBy(results, (one) => one.world.kind)) {
    const rounds = worlds.flatMap((one) => one.rounds);
    const scenarios = countOf(rounds.map((one) => one.scenario));
    const known = new Set(worlds.flatMap((one) => one.scenarios));
    const times = rounds.map((one) => one.milliseconds).sort((a, b) => a - b);
    kinds[kind] = {
      rounds: rounds.length,
      worlds: worlds.length,
      medianMilliseconds: Math.round(times[times.length >> 1] ?? 0),
      scenarios,
      outcomes: countOf(rounds.map((one) => one.outcome)),
      notReached: [...known].filter((scenario) => !(scenario in scenarios)),
    };
  }
  const kills: Record<string, number> = {};
  for (const result of results)
    for (const [point, count] of Object.entries(result.kills)) kills[point] = (kills[point] ?? 0) + count;
  const violations = results.flatMap((result) =>
    result.rounds.flatMap((round, at) =>
      round.violations.map((what) => ({
        kind: result.world.kind,
        ordinal: result.world.ordinal,
        round: at,
        scenario: round.scenario,
        what,
      })),
    ),
  );
  const rounds = results.reduce((sum, one) => sum + one.rounds.length, 0);
  return { seed, rounds, worlds: results.length, seconds, unavailable, kinds, kills: sorted(kills), violations };
}

/** What `npm run faults` prints in the end, and docs/reliability.md takes its figures from. */
export function reportText(report: FaultReport): string {
  const lines = [
    `seed ${report.seed}: ${report.rounds} rounds in ${report.worlds} worlds, ${Math.round(report.seconds)} s`,
  ];
  for (const [kind, why] of Object.entries(report.unavailable)) lines.push(`NOT DONE HERE: ${kind}: ${why}`);
  lines.push('', 'kind               rounds worlds  median  scenarios  outcomes');
  for (const [name, kind] of Object.entries(report.kinds)) {
    const outcomes = Object.entries(kind.outcomes).map(([outcome, count]) => `${outcome} ${count}`);
    const reached = Object.keys(kind.scenarios).length;
    lines.push(
      `${name.padEnd(18)} ${String(kind.rounds).padStart(6)} ${String(kind.worlds).padStart(6)} ${`${kind.medianMilliseconds} ms`.padStart(8)} ${`${reached}/${reached + kind.notReached.length}`.padStart(9)}  ${outcomes.join(', ')}`,
    );
  }
  const kills = Object.values(report.kills).reduce((sum, count) => sum + count, 0);
  lines.push('', `${kills} kills at ${Object.keys(report.kills).length} points:`);
  for (const [point, count] of Object.entries(report.kills)) lines.push(`  ${String(count).padStart(4)}  ${point}`);
  for (const { kind, ordinal, round, scenario, what } of report.violations) {
    lines.push('', `VIOLATION in ${kind}, world ${ordinal}, round ${round}, ${scenario}:`, what);
    lines.push(`  repeat: npm run faults -- --seed ${report.seed} --world ${kind}:${ordinal}`);
  }
  lines.push('', `${report.violations.length} violations`);
  return lines.join('\n');
}

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return sorted(counts);
}

function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));
}
