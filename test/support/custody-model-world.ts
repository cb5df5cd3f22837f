import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelCommand, ModelWorld } from './custody-model-commands.ts';
import { liveSequence } from './custody-model-commands.ts';
import type { CardModel, PictureModel } from './custody-model.ts';
import type { FaultCard } from './fault-card.ts';
import { sha256 } from './fault-card.ts';
import { custodyViolations } from './fault-invariants.ts';
import { storeKeyOf } from './fault-store.ts';
import { startHostileArchive } from './hostile-archive.ts';
import { testJpeg } from './jpeg.ts';
import { freePort } from './server-process.ts';
import { startTestStation } from './station.ts';

/** A real station and an archive that turns as it is told, on which one sequence of commands after the other is lived. */
export interface ModelBench {
  /**
   * Lives one sequence on new cards and lets the pipeline end by itself.
   * @throws what the station did otherwise than the model says
   */
  live(commands: Iterable<ModelCommand>): Promise<void>;
  /** The four invariants of custody over everything that ever lived here. */
  violations(): Promise<readonly string[]>;
  /** How often the station was killed since this was asked last. */
  takeKills(): number;
  close(): Promise<void>;
}

const MOODS = { honest: 'honest', refusing: 'out-of-resources', losing: 'stores-nothing' } as const;
const FOLDER = 'DCIM/100MODEL';

export async function openModelBench(folder: string): Promise<ModelBench> {
  const stationPort = await freePort();
  const archive = await startHostileArchive({ scenario: 'honest', stationAet: 'PHOTODOCK', stationPort });
  const peer = { host: '127.0.0.1', port: archive.dicomPort, calledAet: archive.aet };
  const station = await startTestStation({
    dataDir: await made(path.join(folder, 'data')),
    config: {
      station: { name: 'MODEL', aet: 'PHOTODOCK' },
      archive: {
        kind: 'dicomweb',
        name: 'Hostile',
        baseUrl: archive.dicomWebUrl,
        commitment: true,
        // Killed between asking and the answer, the station asks again only after this time.
        commitmentTimeoutSeconds: 2,
      },
      worklist: { ...peer, daysBack: 30, daysAhead: 30 },
      intake: { mountRoots: [], watchFolders: [] },
    },
  });
  await station.firstLead();
  await station.until('worklist.list', {}, ({ items }) => items.length > 0);
  const scene = {
    station,
    key: await storeKeyOf(station.dataDir),
    cards: [] as FaultCard[],
    archive,
    commitmentOffered: true,
    memory: { objects: new Map<string, string>() },
  };
  let kills = 0;
  const world: ModelWorld = {
    station,
    turnArchive: (mood) => archive.become(MOODS[mood]),
    async newCard(pictures, withSidecar, copies) {
      const number = scene.cards.length + 1;
      const root = path.join(folder, `card${number}`);
      const { card, faultCard } = await makeCard(root, 10 * number, pictures, withSidecar, copies);
      scene.cards.push(faultCard);
      return card;
    },
    async killAndStart() {
      kills += 1;
      await station.restart();
      await station.signIn();
    },
  };
  return {
    live: async (commands) => void (await liveSequence(world, commands)),
    violations: () => custodyViolations(scene),
    takeKills() {
      const taken = kills;
      kills = 0;
      return taken;
    },
    async close() {
      await station.stop();
      await archive.stop();
    },
  };
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Cards of the same first number have the same pictures. */
async function makeCard(
  root: string,
  first: number,
  count: number,
  withSidecar: boolean,
  copies: readonly PictureModel[],
) {
  await made(path.join(root, FOLDER));
  const original = new Map<string, string>();
  const put = async (name: string, bytes: Buffer) => {
    await writeFile(path.join(root, FOLDER, name), bytes);
    original.set(`${FOLDER}/${name}`, sha256(bytes));
  };
  const card: CardModel = { root, pictures: [], listed: [], dockingId: '', docked: false };
  const add = async (name: string, bytes: Buffer, files: number, content: PictureModel['content']) => {
    await put(name, bytes);
    card.pictures.push({ name, bytes, files, content, onMedium: 'there' });
  };
  for (let at = 0; at < count; at++) {
    const hasSidecar = withSidecar && at === 0;
    const content = { stage: 'unfiled', held: false, mayConfirm: false } as const;
    await add(`IMG_${1000 + at}.JPG`, await testJpeg(first + at, 160 + ((first + at) >> 7)), hasSidecar ? 2 : 1, {
      ...content,
    });
    if (hasSidecar)
      await put(`IMG_${1000 + at}.XMP`, Buffer.from(`<x:xmpmeta xmlns:x="adobe:ns:meta/" n="${root}"/>\n`));
  }
  for (const [at, copy] of copies.entries()) await add(`COPY${at}.JPG`, copy.bytes, 1, copy.content);
  const faultCard: FaultCard = { root, original, pictures: card.pictures.map(({ name }) => `${FOLDER}/${name}`) };
  return { card, faultCard };
}
