import type { FaultRandom } from '../../support/fault-random.ts';

/**
 * One kind of fault, as the runner of the bench (`npm run faults`) knows it. Every round takes one world and does one scenario in it;
 * afterwards the four invariants of custody are looked at. A world lives for a few rounds, then a new one is opened:
 * so that nothing grows without end, and so that a failure can be repeated by its world's number alone.
 */
export interface FaultKind {
  /** `kill`, `power-cut`, `medium`, `file`, `archive`, `station`, `model`. */
  readonly name: string;
  /** Which part of all rounds, as a weight. */
  readonly share: number;
  readonly roundsPerWorld: number;
  /** How long one round may take, ms; default two minutes. */
  readonly roundMilliseconds?: number;
  /** Why this machine cannot do it (not root, no FUSE, ...), or null. Told loudly, never silently. */
  unavailable(): Promise<string | null>;
  /** Opens a world. Everything random in it comes from `random`. `folder` is empty, its own, and removed afterwards. */
  open(random: FaultRandom, folder: string): Promise<FaultWorld>;
}

export interface FaultWorld {
  /** Names of the scenarios; the runner takes each at least once before any for the second time. */
  readonly scenarios: readonly string[];
  /**
   * Does one scenario: brings the fault about, asserts what the station believes, shows and does next, ends the fault.
   * @returns the outcome as a short stable word for the tally (`killed`, `kept: read-back-differs`, `refused: store-too-new`)
   * @throws when the station did not do what it must: counted as a violation
   */
  run(scenario: string, random: FaultRandom): Promise<string>;
  /** The four invariants, looked at from outside; empty is right. Called after every round. */
  violations(): Promise<readonly string[]>;
  /** Once, after the last round: faults have stopped, the pipeline must end by itself. Answers what is wrong then (invariant d). */
  settle?(): Promise<readonly string[]>;
  /** Kills of a process by the step at which it died, since the last call; for the report. */
  takeKills?(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}
