import fs from 'node:fs/promises';
import path from 'node:path';
import type { FaultCard } from '../../support/fault-card.ts';
import { contentOf } from '../../support/fault-card.ts';
import type { CustodyMemory } from '../../support/fault-invariants.ts';
import { custodyViolations } from '../../support/fault-invariants.ts';
import type { FaultRandom } from '../../support/fault-random.ts';
import { storeKeyOf } from '../../support/fault-store.ts';
import type { CardFaults, FuseCard } from '../../support/fuse-card.ts';
import { mountFuseCard } from '../../support/fuse-card.ts';
import { startHostileArchive } from '../../support/hostile-archive.ts';
import { testJpeg } from '../../support/jpeg.ts';
import { freePort } from '../../support/server-process.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';
import { dockAndRead, fileAll, untilConfirmed } from '../../support/walk-card.ts';
import type { Shown } from '../bench/shown.ts';
import { shownOf, untilShown } from '../bench/shown.ts';

type Files = Readonly<Record<string, Uint8Array>>;

/** A card of one scenario: a folder of the world's FUSE mount, or a mount of its own. */
export interface BenchCard {
  readonly root: string;
  /** The plain folder with its content. */
  readonly truth: string;
  /** Files of this card misbehave from now on, names as `A.JPG`, its root as ''; no other card does any more. */
  faults(faults: CardFaults): Promise<void>;
  /** What lies on it, by name. */
  names(): Promise<string[]>;
  /** The medium itself loses, changes or adds these: not the station's doing. */
  blame(...names: string[]): void;
  /** What is on it now is what was on it: for content that a scenario put there by hand. */
  remember(): Promise<void>;
}

/** A card that is mounted for itself, so that it can be pulled and swapped. */
export interface OwnCard extends BenchCard {
  readonly fuse: FuseCard;
}

/** One real station with an honest archive, and cards that are not honest. */
export interface MediumBench {
  readonly station: TestStation;
  readonly random: FaultRandom;
  readonly folder: string;
  picture(): Promise<Buffer>;
  /** A card of pictures of these names, or of these files. */
  card(content: readonly string[] | Files): Promise<BenchCard>;
  ownCard(content: readonly string[] | Files): Promise<OwnCard>;
  /** A card that a scenario made and mounted itself; its content is what it shows now. */
  adopt(root: string, atEnd: () => Promise<unknown>): Promise<BenchCard>;
  /** Another card, to be put into the same place as this one: it has the same label, size and identity. */
  twinOf(card: OwnCard, names: readonly string[]): Promise<BenchCard>;
  /** Docks and waits until it is read through. */
  read(card: BenchCard): Promise<string>;
  /** Files all pictures and waits until the archive has proven that it holds them. */
  deliver(dockingId: string): Promise<void>;
  /** Orders the erasure of what the gate lets go; answers how many, once they were looked for. */
  erase(dockingId: string): Promise<number>;
  shown(dockingId: string): Promise<Shown>;
  /** Waits until this is what is shown, and fails with what is shown instead. */
  shows(dockingId: string, expected: Partial<Shown>): Promise<void>;
  /** Why the items of a docking stay, by name, from the certificate. */
  because(dockingId: string): Promise<Record<string, readonly string[]>>;
  /** After a scenario: own cards are pulled out. */
  settle(): Promise<void>;
  violations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const PATIENCE_MS = 20_000;

export async function openMediumBench(random: FaultRandom, folder: string): Promise<MediumBench> {
  const stationPort = await freePort();
  const archive = await startHostileArchive({ scenario: 'honest', stationAet: 'PHOTODOCK', stationPort });
  const peer = { host: '127.0.0.1', port: archive.dicomPort, calledAet: archive.aet };
  const station = await startTestStation({
    config: {
      station: { name: 'FAULTS', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
      archive: { kind: 'dicomweb', name: 'Honest', baseUrl: archive.dicomWebUrl, commitment: true },
      worklist: { ...peer, daysBack: 30, daysAhead: 30 },
      intake: { mountRoots: [], watchFolders: [] },
    },
  });
  await station.firstLead();
  await station.until('worklist.list', {}, ({ items }) => items.length > 0);
  const key = await storeKeyOf(station.dataDir);
  const shared = await mountFuseCard({});
  const cards: (FaultCard & { original: Map<string, string>; faulty: Set<string> })[] = [];
  const ownCards: FuseCard[] = [];
  const memory: CustodyMemory = { objects: new Map() };
  const closers: (() => Promise<unknown>)[] = [() => shared.remove()];
  let number = 0;

  const picture = () => testJpeg((number += 1), 64);
  const filesOf = async (content: readonly string[] | Files): Promise<Files> => {
    if (!Array.isArray(content)) return content as Files;
    const files: Record<string, Uint8Array> = {};
    for (const name of content as readonly string[]) files[name] = await picture();
    return files;
  };
  const register = async (root: string, truth: string, setFaults: BenchCard['faults']): Promise<BenchCard> => {
    const card = { root, truth, original: await contentOf(truth), pictures: [], faulty: new Set<string>() };
    cards.push(card);
    return {
      root,
      truth,
      faults: setFaults,
      names: async () => [...(await contentOf(truth)).keys()].toSorted(),
      blame: (...names) => names.forEach((name) => card.faulty.add(name)),
      remember: async () => (await contentOf(truth)).forEach((hash, name) => card.original.set(name, hash)),
    };
  };
  const shown = (dockingId: string) => shownOf(station, dockingId);

  return {
    station,
    random,
    folder,
    shown,
    picture,
    async card(content) {
      const name = `card${(number += 1)}`;
      await fs.mkdir(path.join(shared.backing, name));
      for (const [file, bytes] of Object.entries(await filesOf(content))) {
        await fs.mkdir(path.join(shared.backing, name, path.dirname(file)), { recursive: true });
        await fs.writeFile(path.join(shared.backing, name, file), bytes);
      }
      await shared.setFaults({});
      return register(path.join(shared.root, name), path.join(shared.backing, name), (faults) =>
        shared.setFaults(below(`/${name}`, faults)),
      );
    },
    async ownCard(content) {
      const fuse = await mountFuseCard(await filesOf(content));
      ownCards.push(fuse);
      closers.push(() => fuse.remove());
      return { ...(await register(fuse.root, fuse.backing, (faults) => fuse.setFaults(below('', faults)))), fuse };
    },
    async twinOf(card, names) {
      const truth = await fs.mkdtemp(path.join(folder, 'twin-'));
      for (const [name, bytes] of Object.entries(await filesOf(names)))
        await fs.writeFile(path.join(truth, name), bytes);
      return register(card.root, truth, card.faults);
    },
    async adopt(root, atEnd) {
      closers.push(atEnd);
      return register(root, root, () => Promise.reject(new Error('an honest card has no faults')));
    },
    read: (card) => dockAndRead(station, card.root),
    async deliver(dockingId) {
      await fileAll(station, dockingId);
      await untilConfirmed(station, dockingId);
    },
    async erase(dockingId) {
      const { queued } = await station.call('release.start', { dockingId });
      await station.until('dockings.get', { dockingId }, ({ state }) => state !== 'erasing', PATIENCE_MS);
      await station.until('station.status', {}, ({ idle, waiting }) => idle && waiting.length === 0, PATIENCE_MS);
      return queued;
    },
    shows: (dockingId, expected) => untilShown(() => shown(dockingId), expected, PATIENCE_MS),
    async because(dockingId) {
      const { text } = await station.call('certificate.get', { dockingId });
      const lines = JSON.parse(text) as { file?: string; end?: string; because?: string[] }[];
      return Object.fromEntries(
        lines.flatMap((line) => (line.file !== undefined && line.end === 'kept' ? [[line.file, line.because!]] : [])),
      );
    },
    async settle() {
      for (const fuse of ownCards.splice(0)) await fuse.pull();
    },
    violations: () => custodyViolations({ station, key, cards, archive, commitmentOffered: true, memory }),
    async close() {
      await station.stop();
      await archive.stop();
      for (const close of closers.toReversed()) await close();
    },
  };
}

/** Rules that hold for the whole mount and name no file. */
const AS_THEY_ARE = ['backing', 'slow', 'statfs-fails', 'dies-at'];

/** The rules of a card that is a folder of a mount: every name is below it. */
function below(prefix: string, faults: CardFaults): CardFaults {
  const within = (name: string) => (name === '' ? prefix || '/' : `${prefix}/${name}`);
  const rules = Object.entries(faults as Record<string, unknown>).map(([rule, value]) => {
    if (AS_THEY_ARE.includes(rule)) return [rule, value];
    if (Array.isArray(value)) return [rule, value.map((name: string) => within(name))];
    const of = Object.entries(value as Record<string, unknown>);
    const other = (named: unknown) => (rule === 'erases-other' ? within(String(named)) : named);
    return [rule, Object.fromEntries(of.map(([name, named]) => [within(name), other(named)]))];
  });
  return Object.fromEntries(rules) as CardFaults;
}
