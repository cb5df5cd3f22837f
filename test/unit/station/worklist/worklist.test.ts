import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { Worklist } from '../../../../main/station/worklist/index.ts';
import type { WorklistEntry } from '../../../../shared/domain/worklist.ts';
import { tempFolder } from '../../../support/temp.ts';
import { worklistEntry } from '../../../support/worklist-entry.ts';

let worklist: Worklist;
let answer: WorklistEntry[] | Error;
const never = new AbortController().signal;
beforeEach(async () => {
  const store = await IndexStore.open(await tempFolder('worklist'), new Uint8Array(randomBytes(32)));
  onTestFinished(() => store.close());
  const ask = async () => {
    if (answer instanceof Error) throw answer;
    return { entries: answer, skipped: [1, 2] };
  };
  worklist = new Worklist(store, ask, () => undefined);
});
const load = async (...entries: WorklistEntry[]) => {
  answer = entries;
  await worklist.refresh(never);
};
const found = async (query: string) => (await worklist.search(query, 50)).map(({ entry }) => entry.patient.id);

describe('search', () => {
  beforeEach(() =>
    load(
      worklistEntry({ id: 'MRN-100', name: 'Müller^Jörg', accession: 'ACC-1' }),
      worklistEntry({
        id: 'MRN-200',
        name: 'Yamada^Tarou',
        ideographic: '山田^太郎',
        phonetic: 'やまだ^たろう',
        accession: 'ACC-2',
      }),
      worklistEntry({ id: 'MRN-300', name: "O'Neill^Anna_Maria", accession: '100%' }),
      worklistEntry({ id: 'MRN-400', name: 'Иванов^Пётр', accession: 'ACC-4' }),
    ),
  );
  test.each([
    ['muller', ['MRN-100']],
    ['MÜLL', ['MRN-100']],
    ['jorg muller', ['MRN-100']],
    ['müller anna', []],
    ['ller', []],
    ['mrn-200', ['MRN-200']],
    ['acc-2', ['MRN-200']],
    ['山田', ['MRN-200']],
    ['やまだ', ['MRN-200']],
    ['太郎 yamada', ['MRN-200']],
    ['иванов', ['MRN-400']],
    ['петр', ['MRN-400']],
    ['anna_', ['MRN-300']],
    ['anna%', []],
    ['%', []],
    ['_', []],
    ['\\', []],
    ['100%', ['MRN-300']],
    ["o'neill", ['MRN-300']],
    ["'; DROP TABLE worklist_item; --", []],
  ])('%s finds %j', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });
  test('nothing typed shows all, in an order, up to the limit', async () => {
    expect(await found('  ')).toHaveLength(4);
    expect(await worklist.search('', 2)).toHaveLength(2);
  });
});

describe('a scanned code', () => {
  test.each([
    ['MRN-1', ['MRN-1']],
    [' MRN-1\r', ['MRN-1']],
    ['ACC-10', ['MRN-10']],
    ['OTHER-7', ['MRN-10']],
    ['MRN', []],
    ['mrn-1', []],
    ['MRN-1%', []],
    [' ', []],
  ])('%j matches %j exactly', async (code, expected) => {
    await load(
      worklistEntry({ id: 'MRN-1', name: 'A^A', accession: 'ACC-1' }),
      worklistEntry({ id: 'MRN-10', name: 'B^B', accession: 'ACC-10', otherIds: ['OTHER-7', ''] }),
    );
    expect((await worklist.scan(code)).map(({ entry }) => entry.patient.id)).toEqual(expected);
  });
  test('an entry that is gone from the worklist is not selected by a scan', async () => {
    await load(worklistEntry({ id: 'MRN-1', name: 'A^A' }));
    await load();
    expect(await worklist.scan('MRN-1')).toEqual([]);
  });
});

describe('the cache', () => {
  test('while the worklist is away the entries stay, with their age and the reason', async () => {
    await load(worklistEntry({ id: 'MRN-1', name: 'A^A' }));
    const before = await worklist.state();
    expect(before).toMatchObject({ count: 1, skipped: 2, code: null });
    answer = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    await worklist.refresh(never);
    expect(await found('a')).toEqual(['MRN-1']);
    expect(await worklist.state()).toMatchObject({ count: 1, code: 'ECONNREFUSED', fetchedAt: before.fetchedAt });
    await load(worklistEntry({ id: 'MRN-1', name: 'A^A' }));
    expect(await worklist.state()).toMatchObject({ code: null });
  });

  test('an entry keeps its id over refreshes and takes over what changed', async () => {
    await load(worklistEntry({ id: 'MRN-1', name: 'Old^Name' }));
    const [before] = await worklist.search('old', 1);
    await load(worklistEntry({ id: 'MRN-1', name: 'New^Name' }));
    const [after] = await worklist.search('new', 1);
    expect(after!.id).toBe(before!.id);
    expect(await found('old')).toEqual([]);
  });

  test('what left the worklist is flagged, shown last, and dropped after a week', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    await load(worklistEntry({ id: 'A', name: 'Aa^A' }), worklistEntry({ id: 'B', name: 'Bb^B' }));
    await load(worklistEntry({ id: 'B', name: 'Bb^B' }));
    expect((await worklist.search('', 9)).map(({ entry, gone }) => [entry.patient.id, gone])).toEqual([
      ['B', false],
      ['A', true],
    ]);
    vi.setSystemTime(Date.now() + 8 * 24 * 3600 * 1000);
    await load(worklistEntry({ id: 'B', name: 'Bb^B' }));
    expect(await found('')).toEqual(['B']);
  });

  test('an aborted refresh is no failure', async () => {
    const abort = new AbortController();
    abort.abort();
    answer = new Error('aborted');
    await worklist.refresh(abort.signal);
    expect(await worklist.state()).toMatchObject({ code: null, lastTryAt: null });
  });
});
