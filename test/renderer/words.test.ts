import { describe, expect, it } from 'vitest';
import { CUSTODY_STEPS, CUSTODY_TERMS } from '../../shared/domain/custody.ts';
import { ROLES } from '../../shared/domain/people.ts';
import { KEEP_REASONS, REJECT_REASONS } from '../../shared/domain/reasons.ts';
import { CAPTURE_STAGES, ITEM_STAGES, ON_MEDIUM } from '../../shared/domain/stages.ts';
import { codeWords, keepWords, reasonWords } from '../../renderer/i18n/codes.ts';
import { en } from '../../renderer/i18n/en.ts';
import { NEXT_STEP_IDS, OWNED_CODES, OWNERS, whoActs } from '../../renderer/i18n/who-acts.ts';
import { REVIEW_LISTS } from '../../renderer/screens/review/review-lists.ts';
import { isMessage, words } from '../../renderer/i18n/words.ts';
import { equationText } from '../../renderer/components/equation-text.ts';

/** Codes that people never see: the command line's own, or caught inside the station. */
const NOT_FOR_PEOPLE = new Set([
  'usage',
  'move',
  // Reasons inside a log line or an error's details, beside a code that has words.
  'unknown',
  'custom',
  'no-prlimit',
  'audit-head-conflict',
  'orphans',
  'committed',
  // How a line of the audit chain was edited: told by `audit verify` in its own words.
  'changed',
  'removed',
  'inserted',
]);

const sources = import.meta.glob<string>(['../../main/**/*.ts', '!../../main/cli/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The codes that the station throws or answers, found in its source. */
function codesInSource(): string[] {
  const found = new Set<string>();
  const patterns = [
    /super\(\s*'([a-z]+(?:-[a-z]+)+)'/g,
    /new \w*Error\(\s*'([a-z]+(?:-[a-z]+)+)',/g,
    /ok: false, code: '([a-z-]+)'/g,
    // Kept in rows, told in views, thrown by name, or the reason of a failed try.
    /\bcode(?:: | = | \?\? |: [^,'\n]*\? )'([a-z]+(?:-[a-z]+)*)'/g,
    /failed\(tx, \w+, '([a-z-]+)'/g,
    /problem(?:: | = )'([a-z]+-[a-z-]+)'/g,
    /^ {2}\| '((?:peer|decoder)-[a-z-]+)'/gm,
    /new StationNotStarted\(\s*(?:told\?\.code \?\? )?'([a-z-]+)'/g,
  ];
  for (const text of Object.values(sources)) {
    for (const pattern of patterns) for (const match of text.matchAll(pattern)) found.add(match[1] ?? '');
  }
  return [...found].filter((code) => !NOT_FOR_PEOPLE.has(code)).toSorted();
}

describe('words', () => {
  it('exist for every reason to keep an item and to reject a capture', () => {
    expect(KEEP_REASONS.filter((code) => !isMessage(`keep.${code}`))).toEqual([]);
    expect(REJECT_REASONS.filter((code) => !isMessage(`reject.${code}`))).toEqual([]);
  });

  it('exist for every stage, step, term and role', () => {
    const ids = [
      ...CAPTURE_STAGES.map((stage) => `stage.${stage}`),
      ...ITEM_STAGES.map((stage) => `item.${stage}`),
      ...ON_MEDIUM.map((state) => `on-medium.${state}`),
      ...CUSTODY_STEPS.flatMap((step) => [`strip.step.${step}`, `strip.meaning.${step}`]),
      ...CUSTODY_TERMS.map((name) => `equation.${name}`),
      ...ROLES.map((role) => `role.${role}`),
    ];
    expect(ids.filter((id) => !isMessage(id))).toEqual([]);
  });

  it('exist for every code that the station throws or answers', () => {
    const codes = codesInSource();
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => !isMessage(`code.${code}`))).toEqual([]);
  });

  it('name whose turn it is and what comes next, for every code that has words and every list of Review', () => {
    const codes = Object.keys(en).flatMap((id) => /^(?:code|keep)\.(.+)$/.exec(id)?.[1] ?? []);
    const owned = new Set(OWNED_CODES);
    expect(
      [...codes, ...REJECT_REASONS, ...REVIEW_LISTS.map((list) => `list-${list}`)].filter((code) => !owned.has(code)),
    ).toEqual([]);
    expect(NEXT_STEP_IDS.filter((id) => !isMessage(id))).toEqual([]);
    expect(OWNERS.filter((owner) => !isMessage(`owner.${owner}`))).toEqual([]);
    expect(whoActs('brand-new')).toMatchObject({ owner: 'it' });
  });

  it('are owned once each: no code has two next steps, and none that no longer has words', () => {
    expect(new Set(OWNED_CODES).size).toBe(OWNED_CODES.length);
    const known = (code: string) => ['code', 'keep', 'reject'].some((family) => isMessage(`${family}.${code}`));
    expect(
      OWNED_CODES.filter(
        (code) => !(code.startsWith('list-') && REVIEW_LISTS.some((list) => code === `list-${list}`)) && !known(code),
      ),
    ).toEqual([]);
  });

  it('are honest about a code without words, and show it', () => {
    expect(codeWords('brand-new')).toContain('brand-new');
    expect(keepWords('brand-new')).toContain('brand-new');
    expect(reasonWords('blurred')).toBe('Blurred');
  });

  it('are whole messages: each compiles and leaves no brace behind', () => {
    const values = new Proxy({}, { get: () => 2, has: () => true, ownKeys: () => [] });
    for (const id of Object.keys(en)) {
      if (isMessage(id)) expect(words(id, values), id).not.toMatch(/[{}]/);
    }
  });

  it('count one and many', () => {
    expect(words('lane.file', { n: 1 })).toBe('File 1 picture');
    expect(words('lane.file', { n: 12 })).toBe('File 12 pictures');
  });
});

describe('the custody equation in words', () => {
  const equation = {
    listed: 12,
    confirmed: 5,
    inDelivery: 0,
    unfiled: 6,
    rejected: 0,
    unreadable: 0,
    housekeeping: 1,
  };

  it('is a sum that people can check', () => {
    expect(equationText(equation)).toBe('12 listed = 5 confirmed + 6 not filed + 1 camera housekeeping');
  });

  it('says so when it does not add up', () => {
    expect(equationText({ ...equation, listed: 13 })).toContain('≠');
  });
});
