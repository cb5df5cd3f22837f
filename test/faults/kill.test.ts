import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultCard } from '../support/fault-card.ts';
import { contentOf, makeFaultCard } from '../support/fault-card.ts';
import type { CustodyScene } from '../support/fault-invariants.ts';
import { custodyViolations } from '../support/fault-invariants.ts';
import { killAccordingTo, lastAuditLine, planKill } from '../support/fault-kill.ts';
import { faultRandom, faultSeed } from '../support/fault-random.ts';
import { storeKeyOf } from '../support/fault-store.ts';
import type { OrthancServer } from '../support/orthanc.ts';
import { startOrthanc } from '../support/orthanc.ts';
import { freePort, removeFolder, tempFolder } from '../support/server-process.ts';
import type { TestStation } from '../support/station.ts';
import { startTestStation } from '../support/station.ts';

// The station is killed with SIGKILL at random moments of docking, delivering and erasing. After every kill it is started
// again and the invariants of custody are looked at from outside; in the end everything must have ended by itself.
// PHOTODOCK_FAULT_SEED repeats a run (as far as timing allows), PHOTODOCK_FAULT_ROUNDS says how many kills in all.

const seed = faultSeed();
const rounds = Number(process.env['PHOTODOCK_FAULT_ROUNDS'] ?? 8);
const PICTURES = 6;

/** One phase of a card's life: how it is begun (as often as needed) and when it is over. */
interface Phase {
  readonly name: string;
  /** About how many durable steps it takes. */
  readonly lines: number;
  begin(): Promise<unknown>;
  over(): Promise<unknown>;
}

describe.each(['dimse', 'dicomweb'] as const)(`killed again and again, archive by %s (seed ${seed})`, (kind) => {
  const random = faultRandom(seed + (kind === 'dimse' ? 0 : 1));
  const killsWanted = kind === 'dimse' ? Math.ceil(rounds / 2) : Math.floor(rounds / 2);
  let folder: string;
  let orthanc: OrthancServer;
  let station: TestStation;
  let key: Uint8Array;
  let scene: CustodyScene;
  const cards: FaultCard[] = [];
  const originals = new Map<string, Buffer>();
  const kills: string[] = [];

  beforeAll(async () => {
    process.stdout.write(`kill ${kind}: PHOTODOCK_FAULT_SEED=${seed} PHOTODOCK_FAULT_ROUNDS=${rounds}\n`);
    folder = await tempFolder(`kill-${kind}`);
    const stationPort = await freePort();
    orthanc = await startOrthanc({
      stationAet: 'PHOTODOCK',
      stationHost: '127.0.0.1',
      stationPort,
      worklist: [{ patientName: 'Fault^Bench', patientId: 'MRN-1', studyInstanceUid: '1.2.826.0.1.3680043.10.1.7' }],
    });
    const peer = { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet };
    station = await startTestStation({
      config: {
        station: { name: 'FAULTS', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
        archive:
          kind === 'dimse'
            ? { kind, name: 'Orthanc', ...peer, commitmentTimeoutSeconds: 3, readBack: { kind: 'move' } }
            : { kind, name: 'Orthanc', baseUrl: orthanc.dicomWebUrl },
        worklist: peer,
        intake: { mountRoots: [], watchFolders: [] },
      },
    });
    await station.firstLead();
    await station.until('worklist.list', {}, ({ items }) => items.length > 0);
    key = await storeKeyOf(station.dataDir);
    const memory = { objects: new Map<string, string>() };
    scene = { station, key, cards, archive: orthanc, commitmentOffered: kind === 'dimse', memory };
  });

  afterAll(async () => {
    await station?.stop();
    await orthanc?.stop();
    await removeFolder(folder);
  });

  /** Every so often the new life ends before it has begun. */
  async function startAgain(): Promise<void> {
    for (;;) {
      await station.restart();
      await station.signIn().catch(async (error: unknown) => {
        const log = await readFile(path.join(station.dataDir, 'logs', 'station.log'), 'utf8');
        throw new Error(`seed ${seed}, kills: ${kills.join(', ')}, log: ${log.slice(-2000)}`, { cause: error });
      });
      if (kills.length >= killsWanted || random.next() > 0.15) return;
      const done = await killAccordingTo(
        { afterLines: 1, laterMs: random.below(80) },
        station,
        key,
        await lastAuditLine(station.dataDir, key),
      );
      kills.push(`starting+${done}`);
    }
  }

  async function live(phase: Phase): Promise<void> {
    for (let again = true; again && kills.length < killsWanted; again = random.next() < 0.3) {
      const from = await lastAuditLine(station.dataDir, key);
      const plan = planKill(random, phase.lines);
      // What the station was asked for may be lost with it; that it was asked again below must do no harm.
      const begun = phase.begin().catch(() => undefined);
      const done = await killAccordingTo(plan, station, key, from);
      await begun;
      kills.push(`${phase.name}+${done}/${phase.lines}+${plan.laterMs}ms`);
      await startAgain();
      expect(await custodyViolations(scene), `seed ${seed}, kills: ${kills.join(', ')}`).toEqual([]);
    }
    await phase.begin();
    await phase.over();
  }

  /** The phases of one card, from docked to checked absent. */
  function phasesOf(card: FaultCard): Phase[] {
    const items = card.original.size;
    const pictures = card.pictures.length;
    const dock = async () => (await station.call('dock.folder', { path: card.root })).dockingId;
    return [
      {
        name: 'docking',
        lines: 2 + 2 * items,
        begin: dock,
        async over() {
          const dockingId = await dock();
          await station.until('dockings.get', { dockingId }, ({ state }) => !['listing', 'reading'].includes(state));
          await station.until('captures.list', { dockingId }, ({ captures }) => captures.length === items);
        },
      },
      {
        name: 'delivering',
        lines: pictures * (kind === 'dimse' ? 5 : 4),
        async begin() {
          const dockingId = await dock();
          const { captures } = await station.call('captures.list', { dockingId, stage: 'unfiled' });
          const captureIds = captures.filter((one) => one.name.endsWith('.JPG')).map((one) => one.id);
          if (captureIds.length === 0) return;
          const { items: worklist } = await station.call('worklist.list', {});
          const { refused } = await station.call('captures.file', {
            captureIds,
            worklistItemId: worklist[0]!.id,
            region: { scheme: 'SCT', code: '33712006' },
            laterality: 'R',
            view: null,
            burnedIn: false,
            recognizable: false,
          });
          expect(refused).toEqual([]);
        },
        async over() {
          const dockingId = await dock();
          await station.until(
            'dockings.get',
            { dockingId },
            ({ equation }) => equation.inDelivery === 0 && equation.confirmed === pictures,
            120_000,
          );
        },
      },
      {
        name: 'erasing',
        lines: 1 + 2 * pictures,
        async begin() {
          const dockingId = await dock();
          const { erasable } = await station.call('release.preview', { dockingId });
          if (erasable > 0) await station.call('release.start', { dockingId });
        },
        async over() {
          const dockingId = await dock();
          await station.until('dockings.get', { dockingId }, ({ onMedium }) => onMedium.absent === pictures);
        },
      },
    ];
  }

  test('nothing is lost, nothing is erased without proof, nothing is twice in the archive', async () => {
    for (let number = 1; number === 1 || kills.length < killsWanted; number++) {
      const before = cards.at(-1);
      const copies = before && number % 2 === 0 ? [originals.get(before.root + before.pictures[0]!)!] : [];
      const card = await makeFaultCard(path.join(folder, `card${number}`), number, PICTURES, copies);
      for (const name of card.pictures) originals.set(card.root + name, await readFile(path.join(card.root, name)));
      cards.push(card);
      for (const phase of phasesOf(card)) await live(phase);
    }
    process.stdout.write(`kill ${kind}: ${kills.length} kills over ${cards.length} cards: ${kills.join(', ')}\n`);
    expect(kills.length).toBeGreaterThanOrEqual(killsWanted);
    expect(await custodyViolations(scene), `seed ${seed}`).toEqual([]);
  });

  test('everything ended by itself', async () => {
    const status = await station.until('station.status', {}, ({ idle }) => idle);
    expect(status.waiting).toEqual([]);
    expect(status.captures).toMatchObject({ filed: 0, delivered: 0, rejected: 0, unfiled: cards.length });
    const { rows } = await station.call('review.list', {});
    expect(rows.filter((row) => row.list === 'stuck')).toEqual([]);
    for (const card of cards) expect([...(await contentOf(card.root)).keys()]).toEqual(['DCIM/100FAULT/NOTE.TXT']);
  });

  test('the archive holds every picture once, and exactly as the camera took it', async () => {
    const wanted = new Set([...originals.values()].map((bytes) => bytes.toString('base64')));
    const ids = await orthanc.instances();
    expect(ids).toHaveLength(wanted.size);
    const taken = await Promise.all([...wanted].map((text) => pixels(Buffer.from(text, 'base64'))));
    const held = await Promise.all(ids.map(async (id) => pixels(await orthanc.frame(id))));
    expect(held.sort()).toEqual(taken.sort());
  });

  test('the checks would have seen a loss', async () => {
    const seen = async () => (await custodyViolations(scene)).join('\n');
    const note = path.join(cards[0]!.root, 'DCIM/100FAULT/NOTE.TXT');
    const text = await readFile(note);
    await rm(note);
    expect(await seen()).toMatch(/^b: .*NOTE\.TXT is gone/m);
    await writeFile(note, text);
    expect(await seen()).toBe('');

    const sealed = path.join(station.dataDir, 'sealed');
    const name = (await readdir(sealed, { recursive: true })).find((one) => path.basename(one).length === 32)!;
    const bytes = await readFile(path.join(sealed, name));
    // The last byte, which even the smallest file has: some sealed files are shorter than a hundred bytes.
    const last = bytes.length - 1;
    await writeFile(path.join(sealed, name), bytes.with(last, bytes[last]! ^ 1));
    expect(await seen()).toMatch(/^a: /m);
    await writeFile(path.join(sealed, name), bytes);

    await orthanc.remove((await orthanc.instances())[0]!);
    expect(await seen()).toMatch(/^a: .* is called confirmed and the archive does not hold its pixels/m);
  });
});

async function pixels(jpeg: Buffer): Promise<string> {
  return (await sharp(jpeg).raw().toBuffer()).toString('base64');
}
