import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ArchiveBench, FiledCard, Protocol } from './fault-archive-bench.ts';
import { contentOf } from './fault-card.ts';
import type { HostileScenario, HostileScenarioName } from './hostile-scenarios.ts';
import { beliefs, toldBy } from './hostile-scenarios.ts';
import { release } from './walk-card.ts';

type Named = HostileScenario & { readonly name: HostileScenarioName };

/** What the station did otherwise than its table says. */
class NotAsTold extends Error {}

function demand(right: boolean, what: string, found: unknown): void {
  if (!right) throw new NotAsTold(`${what}: ${JSON.stringify(found).slice(0, 2000)}`);
}

/**
 * One card under one scenario: what the station believes, shows and does next; then the archive is mended, and everything
 * that should be is confirmed, erased and gone. Answers the outcome for the tally.
 * @throws when anything is otherwise than the scenario's row says
 */
export async function playScenario(
  bench: ArchiveBench,
  protocol: Protocol,
  scenario: Named,
  pictures: number,
): Promise<string> {
  await bench.become(scenario.name);
  const card = await bench.fileNewCard(pictures);
  if (scenario.expected === 'unconfirmed') {
    await demandsBelief(bench, protocol, card, scenario);
    await nothingIsErased(bench, card, scenario);
    if (scenario.next === 'asks again') await everythingIsTaken(bench, card);
    await bench.become('honest');
    if (scenario.next === 'a person') await staysWrongUntilRepaired(bench, card, scenario);
    await bench.station.call('captures.retry', {});
  }
  await everythingIsConfirmedAndErased(bench, card);
  await askedAgainOrSentAgain(bench, card, scenario);
  demand(bench.archive.carriedElsewhere() === 0, 'something was carried to where the archive redirects', null);
  return scenario.expected === 'confirmed' ? 'confirmed' : `kept, then confirmed: ${toldBy(scenario, protocol)}`;
}

/** A card's life under one failure, then another, then none: whatever they leave behind, everything ends as it should. */
export async function playTwo(bench: ArchiveBench, first: Named, second: Named, pictures: number): Promise<string> {
  await bench.become(first.name);
  const card = await bench.fileNewCard(pictures);
  await somethingHappened(card, 0);
  await bench.become(second.name);
  const before = Math.max(0, ...(await card.review()).map((row) => row.attempts));
  await bench.station.call('captures.retry', {});
  await somethingHappened(card, before);
  await erasesOnlyWhatIsConfirmed(bench, card);
  await mend(bench, card);
  return 'kept, then confirmed: one failure after another';
}

/** The line breaks once, anywhere: in a negotiation, a command, a data set, an answer, a release. */
export async function playCut(bench: ArchiveBench, afterBytes: number, pictures: number): Promise<string> {
  await bench.become('honest');
  bench.cutAfter(afterBytes);
  const card = await bench.fileNewCard(pictures);
  await erasesOnlyWhatIsConfirmed(bench, card);
  await mend(bench, card);
  return 'confirmed: cut anywhere';
}

async function mend(bench: ArchiveBench, card: FiledCard): Promise<void> {
  await bench.become('honest');
  bench.archive.repair();
  await bench.station.call('captures.retry', {});
  await everythingIsConfirmedAndErased(bench, card);
  demand(bench.archive.carriedElsewhere() === 0, 'something was carried to where the archive redirects', null);
}

/** Everything is confirmed, or something of it was tried in vain more often than before. */
async function somethingHappened(card: FiledCard, before: number): Promise<void> {
  const giveUpAt = Date.now() + 15_000;
  for (;;) {
    const captures = await card.captures();
    if (captures.every(({ stage }) => stage === 'confirmed')) return;
    if (captures.some(({ stuck }) => (stuck?.attempts ?? 0) > before)) return;
    demand(Date.now() < giveUpAt, 'neither confirmed nor tried', captures);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function erasesOnlyWhatIsConfirmed(bench: ArchiveBench, card: FiledCard): Promise<void> {
  const { station } = bench;
  await station.call('release.start', { dockingId: card.dockingId });
  await station.until('dockings.get', { dockingId: card.dockingId }, ({ state }) => state !== 'erasing');
  // In this order: what is gone now must be confirmed when it is asked for after.
  const left = await contentOf(card.root);
  for (const [name, bytes] of left) demand(bytes === card.original.get(name), 'a file was changed', name);
  for (const { name, stage } of await card.captures())
    if (stage !== 'confirmed') demand(left.has(`DCIM/100FAULT/${name}`), 'erased without proof', name);
}

/** Believes: stage and latest evidence. Shows: the lead's row and the dot. Does next: another try, later. */
async function demandsBelief(bench: ArchiveBench, protocol: Protocol, card: FiledCard, scenario: Named): Promise<void> {
  const { station } = bench;
  const code = toldBy(scenario, protocol);
  const ofCard = (row: { list: string; dockingId: string }) => row.list === 'stuck' && row.dockingId === card.dockingId;
  const told = await station.until(
    'review.list',
    {},
    ({ rows }) => rows.some((row) => ofCard(row) && row.code === code),
    15_000,
  );
  for (const row of told.rows.filter((one) => ofCard(one) && one.code === code)) {
    demand(row.patient !== null && row.attempts > 0 && row.nextAttemptAt !== null, 'the row does not say enough', row);
    const captureId = row.captureId!;
    const believed = await station.until(
      'captures.get',
      { captureId },
      ({ stage, evidence }) =>
        stage === beliefs[scenario.believes].stage &&
        isDeepStrictEqual(latest(evidence), beliefs[scenario.believes].evidence),
      15_000,
    );
    demand(believed.stuck !== null, 'a capture that waits does not say why', believed.stuck);
  }
  await station.until('station.info', {}, ({ archive }) => archive.state === scenario.health, 15_000);
}

/** The latest evidence of each kind that the archive has a part in. */
function latest(evidence: readonly { kind: string; ok: boolean }[]): Record<string, boolean> {
  const kinds = ['store-status', 'commitment', 'read-back'];
  return Object.fromEntries(evidence.filter(({ kind }) => kinds.includes(kind)).map(({ kind, ok }) => [kind, ok]));
}

/** The erasure is ordered, and what the archive was not proven to hold stays. */
async function nothingIsErased(bench: ArchiveBench, card: FiledCard, scenario: Named): Promise<void> {
  const { station } = bench;
  await erasesOnlyWhatIsConfirmed(bench, card);
  // All but the last of a request are truly stored and committed there, and may go.
  if (['commitment-fewer', 'partly-400'].includes(scenario.name)) return;
  const left = await contentOf(card.root);
  demand(left.size === card.original.size, 'erased though nothing is confirmed', [...left.keys()]);
  const { equation, onMedium } = await station.call('dockings.get', { dockingId: card.dockingId });
  demand(equation.confirmed === 0 && equation.inDelivery === card.pictures.length, 'the equation', equation);
  demand(onMedium.absent === 0 && onMedium.kept === card.original.size, 'what is on the medium', onMedium);
}

/** Nothing is on its way to an archive that takes what it is sent: the line is cut when it becomes another, and would take answers with it. */
async function everythingIsTaken(bench: ArchiveBench, card: FiledCard): Promise<void> {
  await bench.station.until('captures.list', { dockingId: card.dockingId }, ({ captures }) =>
    captures.every(({ kind, stage }) => kind === 'other' || stage !== 'filed'),
  );
}

/** An honest archive alone does not mend this: its people have to remove what it should not hold. */
async function staysWrongUntilRepaired(bench: ArchiveBench, card: FiledCard, scenario: Named): Promise<void> {
  const before = Math.max(...(await card.review()).map((row) => row.attempts));
  await bench.station.call('captures.retry', {});
  const again = await bench.station.until('review.list', {}, ({ rows }) =>
    rows.some((row) => row.dockingId === card.dockingId && row.attempts > before),
  );
  const codes = again.rows
    .filter((row) => row.dockingId === card.dockingId && row.list === 'stuck')
    .map((row) => row.code);
  demand(
    codes.length === card.pictures.length && codes.every((code) => code === scenario.told),
    'it was talked round',
    codes,
  );
  demand((await contentOf(card.root)).size === card.original.size, 'erased', card.root);
  bench.archive.repair();
}

async function everythingIsConfirmedAndErased(bench: ArchiveBench, card: FiledCard): Promise<void> {
  const { station } = bench;
  const { dockingId } = card;
  const wanted = card.pictures.length;
  // What was found lost only now goes back to a wait of its own: the person asks again.
  await untilConfirmed(bench, dockingId, wanted);
  await release(station, dockingId);
  await station.until('dockings.get', { dockingId }, ({ onMedium }) => onMedium.absent === wanted);
  const left = await readdir(path.join(card.root, 'DCIM', '100FAULT'));
  demand(left.length === 1 && left[0] === 'NOTE.TXT', 'what is left on the card', left);
  const stuck = (await card.review()).filter((row) => row.list === 'stuck');
  demand(stuck.length === 0, 'the lead is still shown it as stuck', stuck);
}

async function untilConfirmed(bench: ArchiveBench, dockingId: string, wanted: number): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    const done = await bench.station
      .until('dockings.get', { dockingId }, ({ equation }) => equation.confirmed === wanted, 600)
      .then(
        () => true,
        () => false,
      );
    if (done) return;
    demand(
      Date.now() < giveUpAt,
      'not confirmed though the archive is honest',
      await bench.station.call('review.list', {}),
    );
    await bench.station.call('captures.retry', {});
  }
}

/** A picture is sent again only where the archive does not have it, and always as the same bytes under the same UID. */
async function askedAgainOrSentAgain(bench: ArchiveBench, card: FiledCard, scenario: Named): Promise<void> {
  const sent = bench.archive.sent();
  for (const { id } of await card.captures()) {
    const { sopInstanceUid } = await bench.station.call('captures.get', { captureId: id });
    const seen = sent.get(sopInstanceUid ?? '');
    demand(seen?.contents === 1, 'other bytes were sent under one UID', seen);
    if (scenario.next === 'asks again' || scenario.next === 'goes on') {
      const once = !scenario.name.startsWith('restarts-in-store');
      demand(!once || seen?.times === 1, 'sent again though the archive has it', seen);
    }
  }
}
