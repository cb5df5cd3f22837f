import fs from 'node:fs/promises';
import type { CheckView } from '../../shared/contract.ts';
import { errorCode } from '../../shared/domain/errors.ts';
import type { Rooms } from './rooms.ts';

type Facts = CheckView['facts'];
type Finding = Pick<CheckView, 'state' | 'code' | 'facts'>;

const ok = (facts: Facts = {}): Finding => ({ state: 'ok', code: null, facts });
const bad = (code: string, facts: Facts = {}): Finding => ({ state: 'failed', code, facts });

const LOW_DISK_BYTES = 2 << 30;

/** Numbered checks that a help desk can run and read out: each says what it looked at and what it found. */
export async function examine(rooms: Rooms, dataFolder: string): Promise<CheckView[]> {
  const signal = AbortSignal.timeout(20_000);
  const steps: readonly [string, () => Promise<Finding>][] = [
    [
      'index',
      async () => {
        const problems = await rooms.store.integrityProblems();
        return problems.length === 0 ? ok() : bad('store-damaged', { problems: problems.length });
      },
    ],
    [
      'sealed-files',
      async () => {
        const rows = await rooms.store.read.all<{ id: string; name: string; key: Uint8Array; sha256: string }>(
          'SELECT id, sealed_name AS name, sealed_key AS key, sha256 FROM item WHERE sealed_key IS NOT NULL ORDER BY rowid DESC LIMIT 200',
        );
        let broken = 0;
        for (const row of rows) {
          const sound = await rooms.sealed.unseal(row).then(
            ({ sha256 }) => sha256 === row.sha256,
            () => false,
          );
          if (!sound) broken += 1;
        }
        return broken === 0 ? ok({ looked: rows.length }) : bad('seal-broken', { looked: rows.length, broken });
      },
    ],
    [
      'audit',
      async () => {
        const verdict = await rooms.auditHeads.verify();
        return verdict.ok
          ? ok({ lines: verdict.lines })
          : bad('audit-broken', { line: verdict.firstBadLine, problem: verdict.problem });
      },
    ],
    [
      'disk',
      async () => {
        const space = await fs.statfs(dataFolder);
        const free = space.bavail * space.bsize;
        return free > LOW_DISK_BYTES ? ok({ freeBytes: free }) : bad('disk-low', { freeBytes: free });
      },
    ],
    [
      'archive',
      async () => {
        await rooms.destination.check(signal);
        return ok({ name: rooms.destination.name, kind: rooms.destination.kind });
      },
    ],
    [
      'worklist',
      async () => {
        if (!rooms.worklist.configured) return { state: 'skipped', code: null, facts: {} };
        await rooms.refreshWorklist();
        const { code, count, skipped } = await rooms.worklist.state();
        return code === null ? ok({ entries: count, skipped }) : bad(code);
      },
    ],
  ];
  const checks: CheckView[] = [];
  for (const [step, look] of steps) {
    const finding = await look().catch((error: unknown) => bad(errorCode(error)));
    checks.push({ step, ...finding });
  }
  return checks;
}
