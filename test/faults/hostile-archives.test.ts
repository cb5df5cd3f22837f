import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchiveBench, FiledCard, Protocol } from '../support/fault-archive-bench.ts';
import { PICTURES_PER_CARD, startArchiveBench } from '../support/fault-archive-bench.ts';
import { contentOf } from '../support/fault-card.ts';
import type { HostileScenarioName } from '../support/hostile-archive.ts';
import { hostileScenarios } from '../support/hostile-archive.ts';
import { release } from '../support/walk-card.ts';

// Every way in which an archive fails or lies, end to end against the real station: nothing is erased that the archive was not
// proven to hold, the lead sees why, and when the archive is mended everything goes on.

/** What the lead is told of a capture that such an archive keeps from being confirmed. */
const told: Partial<Record<Protocol, Partial<Record<HostileScenarioName, string>>>> = {
  dimse: {
    'stores-nothing': 'archive-does-not-hold-it',
    'keeps-other-pixels': 'read-back-differs',
    'out-of-resources': 'archive-refused',
    'refuses-association': 'association-rejected',
    'refuses-context': 'context-not-accepted',
    'refuses-jpeg': 'context-not-accepted',
    'aborts-store': 'association-aborted',
    'never-answers-store': 'peer-timeout',
    'commitment-refused': 'commitment-refused',
    'commitment-never': 'commitment-timeout',
    'commitment-foreign': 'commitment-timeout',
    'commitment-fewer': 'commitment-timeout',
    'commitment-failed': 'commitment-failed',
    'move-refused': 'unexpected-status',
    'move-sends-nothing': 'read-back-failed',
  },
  dicomweb: {
    'stores-nothing': 'archive-does-not-hold-it',
    'keeps-other-pixels': 'read-back-differs',
    'out-of-resources': 'archive-refused',
    'failures-in-200': 'archive-refused',
    'foreign-in-200': 'archive-silent',
    contradicts: 'archive-silent',
    'empty-200': 'archive-silent',
    'empty-202': 'archive-silent',
    'partly-400': 'archive-silent',
    'conflict-409': 'archive-refused',
    redirects: 'peer-redirects',
    'html-200': 'peer-answer-unreadable',
    'html-500': 'peer-busy',
    'broken-json': 'peer-answer-unreadable',
    'endless-answer': 'peer-answer-too-large',
    'busy-503': 'peer-busy',
    'denies-401': 'peer-denies-access',
    resets: 'peer-unreachable',
    'never-answers': 'peer-unreachable',
    'read-back-cut-off': 'peer-answer-unreadable',
    'read-back-html': 'peer-answer-unreadable',
  },
};

/** A minute of silence is waited for beside the other scenarios. */
const slow: Record<Protocol, HostileScenarioName> = { dimse: 'never-answers-store', dicomweb: 'never-answers' };

type Silent = Promise<{ bench: ArchiveBench; card: FiledCard }>;
const silent = new Map<Protocol, Silent>();

beforeAll(() => {
  for (const protocol of ['dimse', 'dicomweb'] as const) {
    const begun: Silent = startArchiveBench(protocol, slow[protocol]).then(async (bench) => ({
      bench,
      card: await bench.fileNewCard(),
    }));
    begun.catch(() => undefined);
    silent.set(protocol, begun);
  }
});

afterAll(async () => {
  for (const begun of silent.values()) await (await begun.catch(() => null))?.bench.stop();
});

describe.each(['dimse', 'dicomweb'] as const)('hostile archives by %s', (protocol) => {
  const spoken = protocol === 'dimse' ? 'dimse' : 'web';
  const scenarios = hostileScenarios.filter((one) => one.protocol === 'both' || one.protocol === spoken);
  const mendable = scenarios.filter(({ name }) => name !== slow[protocol] && name !== 'keeps-other-pixels');
  let bench: ArchiveBench;

  beforeAll(async () => {
    bench = await startArchiveBench(protocol, 'honest');
  });

  afterAll(async () => {
    await bench?.stop();
  });

  /** Waits until the lead is told the code of this scenario, orders the erasure, and looks at the card. */
  async function expectNothingErased(of: ArchiveBench, card: FiledCard, scenario: HostileScenarioName): Promise<void> {
    const code = told[protocol]?.[scenario];
    const isTold = (row: { list: string; code: string | null; dockingId: string }) =>
      row.dockingId === card.dockingId && row.list === 'stuck' && row.code === code;
    await of.station.until(
      'review.list',
      {},
      ({ rows }) => rows.some(isTold),
      scenario === slow[protocol] ? 90_000 : 20_000,
    );
    const stuck = (await card.review()).filter((row) => row.list === 'stuck');
    expect(stuck.every((row) => row.patient !== null && row.attempts > 0)).toBe(true);
    // Not until idle: a station whose archive is silent is busy waiting for it.
    await of.station.call('release.start', { dockingId: card.dockingId });
    await of.station.until('dockings.get', { dockingId: card.dockingId }, ({ state }) => state !== 'erasing');
    // In this order: what is gone now must be confirmed when it is asked for after.
    const left = await contentOf(card.root);
    for (const [name, bytes] of left) expect(bytes, name).toBe(card.original.get(name));
    const captures = await card.captures();
    for (const { name, stage } of captures) {
      if (stage !== 'confirmed') expect(left.has(`DCIM/100FAULT/${name}`), name).toBe(true);
    }
    // All but the last of a request are truly committed there, and may go.
    if (scenario === 'commitment-fewer') return;
    expect(left.size).toBe(card.original.size);
    expect(captures.filter(({ stage }) => stage === 'confirmed')).toEqual([]);
    const { equation, onMedium } = await of.station.call('dockings.get', { dockingId: card.dockingId });
    expect(equation).toMatchObject({ confirmed: 0, inDelivery: PICTURES_PER_CARD, unfiled: 1 });
    expect(onMedium).toMatchObject({ present: 0, absent: 0, kept: card.original.size, eraseUnverified: 0 });
  }

  /** Everything is confirmed, erased, and gone. */
  async function expectAllErased(of: ArchiveBench, card: FiledCard): Promise<void> {
    const { dockingId } = card;
    await of.station.until(
      'dockings.get',
      { dockingId },
      ({ equation }) => equation.confirmed === PICTURES_PER_CARD,
      30_000,
    );
    await release(of.station, dockingId);
    await of.station.until('dockings.get', { dockingId }, ({ onMedium }) => onMedium.absent === PICTURES_PER_CARD);
    const left = await readdir(path.join(card.root, 'DCIM', '100FAULT'));
    expect(left).toEqual(['NOTE.TXT']);
  }

  test.each(mendable)('$name: $behaviour ($expected)', async ({ name, expected }) => {
    bench.become(name);
    const card = await bench.fileNewCard();
    if (expected === 'unconfirmed') {
      await expectNothingErased(bench, card, name);
      bench.become('honest');
      await bench.station.call('captures.retry', {});
    }
    await expectAllErased(bench, card);
  });

  test('other pixels under the same UID stay wrong for ever, whatever the archive says later', async () => {
    bench.become('keeps-other-pixels');
    const card = await bench.fileNewCard();
    await expectNothingErased(bench, card, 'keeps-other-pixels');
    bench.become('honest');
    const before = Math.max(...(await card.review()).map((row) => row.attempts));
    await bench.station.call('captures.retry', {});
    const triedAgain = await bench.station.until('review.list', {}, ({ rows }) =>
      rows.some((row) => row.dockingId === card.dockingId && row.attempts > before),
    );
    expect(triedAgain.rows.filter((row) => row.list === 'stuck').map((row) => row.code)).toEqual(
      Array.from({ length: PICTURES_PER_CARD }, () => 'read-back-differs'),
    );
    expect((await contentOf(card.root)).size).toBe(card.original.size);
  });

  test(`${slow[protocol]}: silence ends after a minute, and nothing is erased`, async () => {
    const { bench: other, card } = await silent.get(protocol)!;
    await expectNothingErased(other, card, slow[protocol]);
  });

  test('the audit chain is whole after all of it', async () => {
    expect(await bench.station.call('audit.verify', {})).toMatchObject({ ok: true, firstBadLine: null });
  });
});
