import type { KeyObject } from 'node:crypto';
import type { AuditProblem, WitnessAnswer } from '../../../shared/domain/audit.ts';
import type { Reader } from '../store/index.ts';
import type { AuditRow } from './chain.ts';
import { GENESIS, hashOf } from './chain.ts';
import { findProblem } from './find-problem.ts';
import type { AuditHead } from './head-file.ts';
import { isSigned, publicKeyOf } from './head-file.ts';

/** A head that was written down outside of the chain: in the head file, or in a certificate. */
export interface Witness extends AuditHead {
  /** Base64 DER of the key that signed it. Its signature was checked by whoever brings it. */
  readonly publicKey: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly problem: AuditProblem | null;
  /** Lines that are as they were written, counted from the first. */
  readonly lines: number;
  /** The first line that is missing, changed or out of order. */
  readonly firstBadLine: number | null;
  readonly headHash: string;
  /** The last line that a signature in the chain vouches for. */
  readonly signedLine: number | null;
  readonly headFile: WitnessAnswer;
  /** One answer for each witness that was brought. */
  readonly witnesses: readonly WitnessAnswer[];
}

/** The action of the lines in which the station signs the chain so far. */
export const HEAD_SIGNED = 'head-signed';
const PAGE = 2000;

interface Walk {
  readonly problem: AuditProblem | null;
  readonly lines: number;
  readonly firstBadLine: number | null;
  readonly headHash: string;
  readonly signedLine: number | null;
  /** Hashes of the lines that witnesses ask about. */
  readonly hashes: ReadonlyMap<number, string>;
}

/** Walks the whole chain: every line's hash, every link, every signature in it. */
async function walk(reader: Reader, key: KeyObject | null, wanted: ReadonlySet<number>): Promise<Walk> {
  let previous = GENESIS;
  let expected = 1;
  let signedLine: number | null = null;
  const hashes = new Map<number, string>();
  for (;;) {
    const rows = await reader.all<AuditRow>('SELECT * FROM audit WHERE line >= ? ORDER BY line LIMIT ?', [
      expected,
      PAGE,
    ]);
    for (const row of rows) {
      const bad = (problem: AuditProblem, line: number): Walk => ({
        problem,
        lines: line - 1,
        firstBadLine: line,
        headHash: previous,
        signedLine,
        hashes,
      });
      if (row.line !== expected || row.previous_hash !== previous || hashOf(row) !== row.hash) {
        const all = await reader.all<AuditRow>('SELECT * FROM audit ORDER BY line');
        const { problem, line } = findProblem(all, expected, previous);
        return bad(problem, line);
      }
      if (key && row.action === HEAD_SIGNED) {
        // Everything since the last signature is under suspicion: which line it was cannot be told any more.
        if (!vouches(row, { line: expected - 1, hash: previous }, key)) return bad('rewritten', (signedLine ?? 0) + 1);
        signedLine = expected - 1;
      }
      if (wanted.has(row.line)) hashes.set(row.line, row.hash);
      previous = row.hash;
      expected += 1;
    }
    if (rows.length < PAGE)
      return { problem: null, lines: expected - 1, firstBadLine: null, headHash: previous, signedLine, hashes };
  }
}

function vouches(row: AuditRow, head: AuditHead, key: KeyObject): boolean {
  const { line, hash, signature } = JSON.parse(row.facts) as Partial<Record<string, unknown>>;
  return line === head.line && hash === head.hash && typeof signature === 'string' && isSigned(head, signature, key);
}

/**
 * Checks the chain against itself, against the signatures in it, and against what is known of it outside.
 * @param key the station's signing key; without it only the links are checked
 * @param headFile what the file beside the index says
 * @param witnesses heads out of certificates
 */
export async function verifyAudit(
  reader: Reader,
  key: KeyObject | null = null,
  headFile: AuditHead | 'missing' | 'unreadable' | 'other-key' = 'missing',
  witnesses: readonly Witness[] = [],
): Promise<AuditVerdict> {
  const ours = key ? publicKeyOf(key) : null;
  const heads: (Witness | null)[] = [
    typeof headFile === 'string' ? null : { ...headFile, publicKey: ours ?? '' },
    ...witnesses,
  ];
  const { hashes, ...chain } = await walk(reader, key, new Set(heads.flatMap((head) => (head ? [head.line] : []))));
  const answers = heads.map((head): WitnessAnswer => {
    if (head === null) return headFile as 'missing' | 'unreadable' | 'other-key';
    if (ours !== null && head.publicKey !== ours) return 'other-key';
    const found = hashes.get(head.line);
    // Beyond a broken place nothing can be compared: the break itself is what is told.
    if (found === undefined) return 'cut-short';
    return found === head.hash ? 'agrees' : 'replaced';
  });
  const agreed = heads.flatMap((head, at) => (head && answers[at] === 'agrees' ? [head.line] : []));
  const problem = chain.problem ?? worst(answers);
  return {
    ...chain,
    ok: problem === null,
    problem,
    lines: problem === 'replaced' && chain.problem === null ? Math.max(0, ...agreed) : chain.lines,
    firstBadLine:
      chain.problem !== null
        ? chain.firstBadLine
        : problem === 'cut-short'
          ? chain.lines + 1
          : problem === 'replaced'
            ? Math.max(0, ...agreed) + 1
            : null,
    headFile: answers[0]!,
    witnesses: answers.slice(1),
  };
}

function worst(answers: readonly WitnessAnswer[]): AuditProblem | null {
  for (const one of ['replaced', 'cut-short', 'other-key'] as const) if (answers.includes(one)) return one;
  return null;
}
