import fs from 'node:fs/promises';
import type { CheckView } from '../../shared/contract.ts';
import { errorCode } from '../../shared/domain/errors.ts';
import { readLastBackup } from './backup/index.ts';
import type { Rooms } from './rooms.ts';

type Facts = CheckView['facts'];
type Finding = Pick<CheckView, 'state' | 'code' | 'facts'>;

const ok = (facts: Facts = {}): Finding => ({ state: 'ok', code: null, facts });
const bad = (code: string, facts: Facts = {}): Finding => ({ state: 'failed', code, facts });

const warning = (code: string, facts: Facts = {}): Finding => ({ state: 'warning', code, facts });

/** A night or two may be missed. */
const OLD_BACKUP_MS = 3 * 86_400_000;

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
    ['sealed-files', () => sealedFiles(rooms)],
    [
      'orphans',
      async () => {
        const { count, bytes } = await rooms.sealed.orphans();
        return count === 0 ? ok() : warning('orphans', { count, bytes });
      },
    ],
    ['clock', () => clock(rooms)],
    [
      'audit',
      async () => {
        const verdict = await rooms.auditHeads.verify();
        return verdict.ok
          ? ok({ lines: verdict.lines })
          : bad('audit-broken', { line: verdict.firstBadLine, problem: verdict.problem });
      },
    ],
    ['backup', () => backup(rooms)],
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

interface SealedRow {
  id: string;
  name: string;
  key: Uint8Array;
  sha256: string;
}

/** Every sealed file must be there; the latest are opened too. `photodock doctor --deep` opens all. */
async function sealedFiles({ store, sealed }: Rooms): Promise<Finding> {
  const rows = await store.read.all<SealedRow>(`${SEALED_ROWS} ORDER BY at DESC`);
  for (const { id, name } of rows) if (!(await sealed.has(name))) sealed.note(id, 'sealed-missing');
  for (const row of rows.slice(0, OPENED_AT_ONCE)) await sealed.verify(row, row.sha256);
  const codes = rows.flatMap(({ id }) => sealed.trouble.get(id) ?? []);
  const missing = codes.filter((code) => code === 'sealed-missing').length;
  const facts = { files: rows.length, opened: Math.min(rows.length, OPENED_AT_ONCE) };
  if (codes.length === 0) return ok(facts);
  return bad(missing > 0 ? 'sealed-missing' : codes[0]!, { ...facts, missing, damaged: codes.length - missing });
}

const OPENED_AT_ONCE = 200;
/** What has a key has a file; what was shredded has none. A confirmed object has done its work. */
const SEALED_ROWS = `SELECT * FROM (
  SELECT id, sealed_name AS name, sealed_key AS key, sha256, rowid AS at FROM item
  WHERE sealed_name IS NOT NULL AND sealed_key IS NOT NULL AND sha256 IS NOT NULL
  UNION ALL SELECT id, sealed_name, sealed_key, object_sha256, rowid FROM instance
  WHERE sealed_name IS NOT NULL AND sealed_key IS NOT NULL AND object_sha256 IS NOT NULL)`;

export interface SealedCheck {
  /** Give it as `after` for the next files; null when all were opened. */
  readonly next: string | null;
  readonly total: number;
  readonly opened: number;
  readonly damaged: readonly { readonly id: string; readonly code: string }[];
}

/** Opens the next few sealed files whole and compares them with what was sealed. */
export async function checkSealed({ store, sealed }: Rooms, after: string | null, limit: number): Promise<SealedCheck> {
  const total = (await store.read.get<{ count: number }>(`SELECT count(*) AS count FROM (${SEALED_ROWS})`))?.count ?? 0;
  const rows = await store.read.all<SealedRow>(`${SEALED_ROWS} WHERE id > ? ORDER BY id LIMIT ?`, [after ?? '', limit]);
  const damaged: { id: string; code: string }[] = [];
  for (const row of rows) {
    const code = await sealed.verify(row, row.sha256);
    if (code !== null) damaged.push({ id: row.id, code });
  }
  return { next: rows.length < limit ? null : rows.at(-1)!.id, total, opened: rows.length, damaged };
}

/** Older than the station's own last line by more than this, the system's clock is wrong. */
const CLOCK_BEHIND_MS = 5 * 60_000;

async function clock({ store }: Rooms): Promise<Finding> {
  const row = await store.read.get<{ at: number | null }>('SELECT max(at) AS at FROM audit');
  const behindMs = (row?.at ?? 0) - Date.now();
  const facts = { now: new Date().toISOString() };
  return behindMs > CLOCK_BEHIND_MS
    ? warning('clock-behind', { ...facts, lastWork: new Date(row!.at!).toISOString() })
    : ok(facts);
}

/** How old the newest backup is. The practice hospital needs none. */
async function backup(rooms: Rooms): Promise<Finding> {
  const last = await readLastBackup(rooms.store.read);
  if (!last) return rooms.practice ? { state: 'skipped', code: null, facts: {} } : warning('backup-never');
  const facts = { generation: last.generation, hoursAgo: Math.round((Date.now() - last.at) / 3_600_000) };
  return Date.now() - last.at > OLD_BACKUP_MS && !rooms.practice ? warning('backup-old', facts) : ok(facts);
}
