import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchiveBench, Protocol } from '../support/fault-archive-bench.ts';
import { startArchiveBench } from '../support/fault-archive-bench.ts';
import { custodyViolations } from '../support/fault-invariants.ts';
import { faultRandom, faultSeed } from '../support/fault-random.ts';
import { playCut, playScenario, playTwo } from '../support/hostile-round.ts';
import { hostileScenario, hostileScenarios, scenariosOf } from '../support/hostile-scenarios.ts';

// Every way in which an archive fails or lies, end to end against the real station: what it believes, shows and does next is
// what the table says; nothing is erased that was not proven; and when the archive is mended everything goes on.
// What both protocols can play is shared out between them here; `npm run faults` plays all of it by both.

const PROTOCOLS = ['dimse', 'dicomweb'] as const;
const whole = process.env['PHOTODOCK_FAULTS_WHOLE'] === '1';
const seed = faultSeed();
const random = faultRandom(seed);

function chosen(protocol: Protocol) {
  const shared: string[] = hostileScenarios.filter((one) => one.protocol === 'both').map(({ name }) => name);
  const turn = protocol === 'dimse' ? 0 : 1;
  return scenariosOf(protocol).filter(
    ({ name }) => whole || !shared.includes(name) || shared.indexOf(name) % 2 === turn,
  );
}

const benches = new Map<Protocol, ArchiveBench>();
const played = new Map<string, Promise<string>>();

/** Both archives play at the same time, each one card after the other; a test waits for its own. */
function play(protocol: Protocol, bench: ArchiveBench): void {
  let before: Promise<unknown> = Promise.resolve();
  const next = (name: string, begin: () => Promise<string>) => {
    const round = before.then(begin);
    round.catch(() => undefined);
    before = round.catch(() => undefined);
    played.set(`${protocol} ${name}`, round);
  };
  for (const scenario of chosen(protocol))
    next(scenario.name, () =>
      playScenario(bench, protocol, scenario, 1 + Number(scenario.name === 'commitment-fewer')),
    );
  next('two', () => playTwo(bench, hostileScenario('restarts-in-store'), hostileScenario('keeps-other-pixels'), 1));
  next('cut', () => playCut(bench, random.below(60_000), 2));
}

beforeAll(async () => {
  process.stdout.write(`hostile archives: PHOTODOCK_FAULT_SEED=${seed}\n`);
  for (const protocol of PROTOCOLS) benches.set(protocol, await startArchiveBench(protocol));
  for (const [protocol, bench] of benches) play(protocol, bench);
});

afterAll(async () => {
  await Promise.allSettled(played.values());
  for (const bench of benches.values()) await bench.stop();
});

describe.each(PROTOCOLS)('hostile archives by %s', (protocol) => {
  test.each(chosen(protocol))('$name: $behaviour ($expected)', async ({ name }) => {
    await played.get(`${protocol} ${name}`);
  });

  test('one failure after another', async () => {
    await played.get(`${protocol} two`);
  });

  test(`the line breaks anywhere (seed ${seed})`, async () => {
    await played.get(`${protocol} cut`);
  });

  test('after all of it the invariants hold and the audit chain is whole', async () => {
    const bench = benches.get(protocol)!;
    expect(await custodyViolations(bench.scene)).toEqual([]);
    expect(await bench.station.call('audit.verify', {})).toMatchObject({ ok: true, firstBadLine: null });
  });
});
