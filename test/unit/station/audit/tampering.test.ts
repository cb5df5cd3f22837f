import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditHeads, appendAudit, verifyAudit } from '../../../../main/station/audit/index.ts';
import type { AuditRow } from '../../../../main/station/audit/chain.ts';
import { GENESIS, hashOf } from '../../../../main/station/audit/chain.ts';
import { publicKeyOf, readHeadFile, signHead } from '../../../../main/station/audit/head-file.ts';
import type { Connection } from '../../../../main/station/store/driver.ts';
import { openConnection } from '../../../../main/station/store/driver.ts';
import type { Reader } from '../../../../main/station/store/index.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { tempFolder } from '../../../support/temp.ts';

// An insider with the password opens the index with a tool of their own and edits the chain, with or without repairing the
// hashes. Signatures they cannot make: the key lies in the same index, which is what the certificates outside are for.

const { privateKey } = generateKeyPairSync('ed25519');
const publicKey = publicKeyOf(privateKey);
const LINES = 16;
let folder: string;
let key: Uint8Array;
let insider: Connection;
let original: AuditRow[];

async function lines(store: IndexStore, from: number, to: number): Promise<void> {
  for (let line = from; line <= to; line += 1)
    await store.write((tx) =>
      appendAudit(tx, { person: 'p', action: 'sealed', subject: `item-${line}`, facts: { line } }),
    );
}
/** Lines 1 to 5, signed in 6; 7 to 11, signed in 12; 13 to 15, signed in 16. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'photodock-tampering-'));
  key = new Uint8Array(randomBytes(32));
  const store = await IndexStore.open(folder, key);
  const heads = new AuditHeads(store, privateKey, folder, () => undefined);
  for (const [from, to] of [
    [1, 5],
    [7, 11],
    [13, 15],
  ] as const) {
    await lines(store, from, to);
    await heads.sign();
  }
  await heads.close();
  await store.close();
  insider = await openConnection(path.join(folder, 'index.db'), key);
  original = await insider.all<AuditRow>('SELECT * FROM audit ORDER BY line');
});
afterAll(async () => {
  await insider.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the check says of a chain that the insider has put in place of the true one. */
async function verdictOn(rows: readonly AuditRow[], witnessLine: number | null = null) {
  const witnesses = original
    .filter((row) => row.line === witnessLine)
    .map(({ line, hash }) => ({ line, hash, publicKey }));
  await insider.exec('BEGIN; DROP TRIGGER audit_append_only_update; DROP TRIGGER audit_append_only_delete');
  try {
    await insider.run('DELETE FROM audit');
    for (const row of rows)
      await insider.run(
        'INSERT INTO audit (line, at, person, action, subject, facts, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        [row.line, row.at, row.person, row.action, row.subject, row.facts, row.previous_hash, row.hash],
      );
    return await verifyAudit(insider as unknown as Reader, privateKey, 'missing', witnesses);
  } finally {
    await insider.exec('ROLLBACK');
  }
}
/** Makes every link fit again from a line on, as somebody would who knows how the chain is made. */
function rehashed(rows: readonly AuditRow[]): AuditRow[] {
  let previous = GENESIS;
  return rows.map((row, at) => {
    const linked = { ...row, line: at + 1, previous_hash: previous };
    previous = hashOf(linked);
    return { ...linked, hash: previous };
  });
}
const anyLine = fc.integer({ min: 1, max: LINES });
const anyText = fc.string({ minLength: 1, maxLength: 8 });
const runs = { numRuns: 60 } as const;

test('an untouched chain is whole, signed, and known to its witness', async () => {
  expect(original).toHaveLength(LINES);
  expect(await verdictOn(original, 9)).toEqual({
    ok: true,
    problem: null,
    lines: LINES,
    firstBadLine: null,
    headHash: original.at(-1)!.hash,
    signedLine: 15,
    headFile: 'missing',
    witnesses: ['agrees'],
  });
});

describe('any single edit is found and named', () => {
  test('a changed field of any line', async () => {
    const field = fc.constantFrom('person', 'action', 'subject', 'facts', 'previous_hash', 'hash', 'at');
    await fc.assert(
      fc.asyncProperty(anyLine, field, anyText, async (line, name, text) => {
        const value = name === 'at' ? original[line - 1]!.at + 1 : text;
        fc.pre(value !== original[line - 1]![name]);
        const rows = original.map((row) => (row.line === line ? { ...row, [name]: value } : row));
        expect(await verdictOn(rows)).toMatchObject({ ok: false, problem: 'changed', firstBadLine: line });
      }),
      runs,
    );
  });

  test('a line changed together with its own hash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: LINES - 1 }), anyText, async (line, subject) => {
        const rows = original.map((row) =>
          row.line === line ? { ...row, subject, hash: hashOf({ ...row, subject }) } : row,
        );
        expect(await verdictOn(rows)).toMatchObject({ ok: false, problem: 'changed', firstBadLine: line });
      }),
      runs,
    );
  });

  test('a removed line, with the rest where it was or moved up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: LINES - 1 }), fc.boolean(), async (line, close) => {
        const left = original.filter((row) => row.line !== line);
        const rows = close ? left.map((row, at) => ({ ...row, line: at + 1 })) : left;
        expect(await verdictOn(rows)).toMatchObject({ ok: false, problem: 'removed', firstBadLine: line });
      }),
      runs,
    );
  });

  test('two lines in each other’s place', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine, anyLine, async (one, other) => {
        fc.pre(one < other);
        const rows = original
          .map((row) => ({ ...row, line: row.line === one ? other : row.line === other ? one : row.line }))
          .toSorted((a, b) => a.line - b.line);
        expect(await verdictOn(rows)).toMatchObject({ ok: false, problem: 'reordered', firstBadLine: one });
      }),
      runs,
    );
  });

  test('an invented line, whether or not it carries a fitting hash', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine, anyText, fc.boolean(), async (line, subject, fitting) => {
        const invented: AuditRow = { ...original[line - 1]!, subject, hash: GENESIS };
        if (fitting) invented.hash = hashOf(invented);
        const rows = [
          ...original.slice(0, line - 1),
          invented,
          ...original.slice(line - 1).map((row) => ({ ...row, line: row.line + 1 })),
        ];
        expect(await verdictOn(rows)).toMatchObject({ ok: false, problem: 'inserted', firstBadLine: line });
      }),
      runs,
    );
  });

  test('a copy of a line at the end', async () => {
    const rows = [...original, { ...original[4]!, line: LINES + 1 }];
    expect(await verdictOn(rows)).toMatchObject({ ok: false, problem: 'inserted', firstBadLine: LINES + 1 });
  });
});

describe('an edit after which every hash was made anew', () => {
  test('is found by the next signature in the chain, which cannot be forged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 15 }),
        fc.constantFrom('change', 'remove', 'insert'),
        fc.boolean(),
        async (line, what, forge) => {
          const row = original[line - 1]!;
          fc.pre(row.action !== 'head-signed');
          const edited = original.flatMap((one) => {
            if (one.line !== line) return [one];
            if (what === 'remove') return [];
            return what === 'insert' ? [{ ...one, subject: 'invented' }, one] : [{ ...one, subject: 'other' }];
          });
          const rows = rehashed(edited);
          // What is told of the signed line may be made to fit; the signature not.
          const told = forge ? rehashed(withTrueHeads(rows)) : rows;
          const verdict = await verdictOn(told);
          expect(verdict).toMatchObject({ ok: false, problem: 'rewritten' });
          expect(verdict.firstBadLine).toBeLessThanOrEqual(line);
          expect(verdict.firstBadLine).toBe(line <= 5 ? 1 : line <= 11 ? 6 : 12);
        },
      ),
      runs,
    );
  });

  test('together with signatures by another key is found', async () => {
    const other = generateKeyPairSync('ed25519').privateKey;
    const rows = rehashed(original.map((row) => (row.line === 3 ? { ...row, subject: 'other' } : row)));
    expect(await verdictOn(rehashed(withTrueHeads(rows, other)))).toMatchObject({
      problem: 'rewritten',
      firstBadLine: 1,
    });
  });

  test('together with the station’s own signatures is contradicted by a certificate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 15 }), anyLine, async (line, witness) => {
        fc.pre(witness >= line && original[line - 1]!.action !== 'head-signed');
        let rows = original.map((row) => (row.line === line ? { ...row, subject: 'other' } : row));
        // Each signature changes the hashes after it, so that they are made one after the other.
        for (let turn = 0; turn < 3; turn += 1) rows = rehashed(withTrueHeads(rehashed(rows), privateKey));
        expect(await verdictOn(rows)).toMatchObject({ ok: true });
        expect(await verdictOn(rows, witness)).toMatchObject({
          ok: false,
          problem: 'replaced',
          witnesses: ['replaced'],
        });
      }),
      runs,
    );
  });

  function withTrueHeads(rows: readonly AuditRow[], by: typeof privateKey | null = null): AuditRow[] {
    return rows.map((row, at) => {
      if (row.action !== 'head-signed') return row;
      const head = { line: at, hash: rows[at - 1]!.hash };
      const signature = by ? signHead(head, by) : (JSON.parse(row.facts) as { signature: string }).signature;
      return { ...row, facts: JSON.stringify({ ...head, signature }) };
    });
  }
});

describe('the end cut off, or the whole chain replaced by an older one', () => {
  test('any truncation is found by a certificate that was issued later', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: LINES - 1 }), anyLine, async (kept, witness) => {
        fc.pre(witness > kept);
        expect(await verdictOn(original.slice(0, kept), witness)).toMatchObject({
          ok: false,
          problem: 'cut-short',
          firstBadLine: kept + 1,
          witnesses: ['cut-short'],
        });
      }),
      runs,
    );
  });

  test('an older chain that went on since is found by any certificate of the time between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 11 }), anyLine, async (kept, witness) => {
        fc.pre(witness > kept);
        const since = Array.from({ length: LINES }, () => ({ ...original[0]!, subject: 'since' }));
        const rows = rehashed([...original.slice(0, kept), ...since]);
        expect(await verdictOn(rows, witness)).toMatchObject({
          ok: false,
          problem: 'replaced',
          witnesses: ['replaced'],
        });
      }),
      runs,
    );
  });

  test('a certificate of another station is no witness', async () => {
    const stranger = publicKeyOf(generateKeyPairSync('ed25519').publicKey);
    const { line, hash } = original[4]!;
    const verdict = await verifyAudit(insider as unknown as Reader, privateKey, 'missing', [
      { line, hash, publicKey: stranger },
    ]);
    expect(verdict).toMatchObject({ ok: false, problem: 'other-key', witnesses: ['other-key'] });
  });
});

describe('the signed head beside the index', () => {
  async function newStation() {
    const own = await tempFolder('head-file');
    const ownKey = new Uint8Array(randomBytes(32));
    const store = await IndexStore.open(own, ownKey);
    let conflicts = 0;
    const heads = new AuditHeads(store, privateKey, own, () => (conflicts += 1));
    const end = async () => {
      await heads.close();
      await store.close();
    };
    const cut = async (after: number) => {
      const connection = await openConnection(path.join(own, 'index.db'), ownKey);
      await connection.exec('DROP TRIGGER audit_append_only_delete');
      await connection.run('DELETE FROM audit WHERE line > ?', [after]);
      await connection.close();
    };
    return { folder: own, store, heads, end, cut, conflicts: () => conflicts, file: path.join(own, 'audit-head.json') };
  }

  test('agrees with the chain it was written for', async () => {
    const station = await newStation();
    await lines(station.store, 1, 3);
    await station.heads.sign();
    expect(await station.heads.verify()).toMatchObject({ ok: true, lines: 4, signedLine: 3, headFile: 'agrees' });
    await station.heads.sign();
    expect(await station.heads.verify()).toMatchObject({ lines: 4 });
    await station.end();
  });

  test('finds what was cut off, and is not overwritten by what is left', async () => {
    const station = await newStation();
    await lines(station.store, 1, 5);
    await station.heads.sign();
    await station.cut(2);
    expect(await station.heads.verify()).toMatchObject({
      problem: 'cut-short',
      firstBadLine: 3,
      headFile: 'cut-short',
    });
    const before = await readFile(station.file, 'utf8');
    await station.heads.sign();
    await station.heads.sign();
    expect(await readFile(station.file, 'utf8')).toBe(before);
    expect(station.conflicts()).toBe(1);
    await lines(station.store, 4, 20);
    expect(await station.heads.verify()).toMatchObject({ ok: false, problem: 'replaced', headFile: 'replaced' });
    await station.end();
  });

  test('that was altered or taken away is said, and does not break the chain', async () => {
    const station = await newStation();
    await lines(station.store, 1, 3);
    await station.heads.sign();
    const text = await readFile(station.file, 'utf8');
    await writeFile(station.file, text.replace('"line": 4', '"line": 3'));
    expect(await station.heads.verify()).toMatchObject({ ok: true, headFile: 'unreadable' });
    await rm(station.file);
    expect(await station.heads.verify()).toMatchObject({ ok: true, headFile: 'missing' });
    await station.end();
    expect(await readHeadFile(station.folder, privateKey)).toMatchObject({ line: 4 });
  });

  test('signed by another key is told, and stays', async () => {
    const station = await newStation();
    await lines(station.store, 1, 3);
    const stranger = new AuditHeads(
      station.store,
      generateKeyPairSync('ed25519').privateKey,
      station.folder,
      () => undefined,
    );
    await stranger.close();
    const before = await readFile(station.file, 'utf8');
    expect((await station.heads.verify()).headFile).toBe('other-key');
    await station.end();
    expect(await readFile(station.file, 'utf8')).toBe(before);
  });
});
