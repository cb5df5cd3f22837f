import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FaultPoints } from '../../support/fault-points.ts';
import { liftAllHolds } from '../../support/fault-people.ts';
import { faultRandom } from '../../support/fault-random.ts';
import { PowerCutDisk, syncFolder, whyNoPowerCut } from '../../support/power-cut-disk.ts';
import { startTestStation } from '../../support/station.ts';
import { driveCards, unlessDead } from '../bench/card-driver.ts';
import type { FaultKind, FaultWorld } from '../bench/kind.ts';
import type { Protocol } from '../bench/life-world.ts';
import { LifeWorld } from '../bench/life-world.ts';
import { personActNames, personActs } from '../bench/person-acts.ts';

interface Manner {
  readonly protocol: Protocol;
  /** Does everything that was not synced go, too? */
  readonly powerCut: boolean;
  /** Root of a (broken) build of the station. */
  readonly build?: string;
}

/** SIGKILL at each durable point, and the same with the power of the disk cut. */
export const killKinds: readonly FaultKind[] = [
  killKind('kill-dimse', 2, { protocol: 'dimse', powerCut: false }),
  killKind('kill-dicomweb', 2, { protocol: 'dicomweb', powerCut: false }),
  killKind('power-cut-dimse', 1.5, { protocol: 'dimse', powerCut: true }),
  killKind('power-cut-dicomweb', 1.5, { protocol: 'dicomweb', powerCut: true }),
];

export function killKind(name: string, share: number, manner: Manner): FaultKind {
  return {
    name,
    share,
    roundsPerWorld: 25,
    async unavailable() {
      if (!manner.powerCut) return null;
      const folder = await mkdtemp(path.join(tmpdir(), 'photodock-power-'));
      try {
        return await whyNoPowerCut(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    open: (_random, folder) => openKillWorld(manner, folder),
  };
}

/** Steps that no card reaches: the bench of devices (`cable`) reaches them. */
const ONLY_ON_A_CABLE: ReadonlySet<string> = new Set(['device-thumbnail']);

/** The first lead is made once in a store's life: killed there, it is another store's life. */
const FIRST_LEAD = 'call session.firstLead: ';

async function openKillWorld(manner: Manner, folder: string): Promise<FaultWorld> {
  const disk = manner.powerCut ? await PowerCutDisk.open(folder) : null;
  const life = await LifeWorld.open({
    protocol: manner.protocol,
    folder,
    ...(disk ? { dataParent: disk.folder } : {}),
    ...(manner.build === undefined ? {} : { build: manner.build }),
  });
  const kills = new Map<string, number>();

  /** True: everything is over. False: the station died. */
  const liveOn = async (act?: () => Promise<unknown>) => {
    const lived = !act || (await unlessDead(life.station, act));
    return lived && driveCards(life.station, life.unfinished, (card) => life.unfinished.delete(card));
  };
  const liveAgain = async () => {
    await life.station.kill();
    if (disk) await disk.cut();
    await life.station.restart();
    await life.station.signIn();
    // Whoever cancelled reading goes on with it.
    await personActs['dock.resume']!(life.station, faultRandom(1));
    await liftAllHolds(life.station);
  };

  // One life without a fault tells every durable point there is: a new step cannot be forgotten.
  await life.newCard(2, false);
  await liveOn();
  for (const name of personActNames) await personActs[name]!(life.station, faultRandom(1));
  await life.letDaysPass();
  await life.station.signIn();
  await untilShredded(life);
  const scenarios = await life.points.passed();
  const idle = (await life.points.declared()).filter(
    (step) => !ONLY_ON_A_CABLE.has(step) && !scenarios.some((point) => point.startsWith(`${step}: `)),
  );
  if (disk) await syncFolder(disk.folder);
  if (idle.length > 0) throw new Error(`steps that the recorded life does not reach: ${idle.join(', ')}`);

  return {
    scenarios,
    async run(scenario, random) {
      if (scenario.startsWith(FIRST_LEAD)) {
        const first = `first-${random.below(1e9)}`;
        // How test and station speak is no part of what is cut.
        const points = await FaultPoints.open(path.join(folder, first));
        await killFirstLead(
          scenario,
          points,
          path.join(disk?.folder ?? folder, `${first}-data`),
          manner.build,
          async () => {
            if (!disk) return;
            await life.station.kill();
            await disk.cut();
          },
        );
        if (disk) await liveAgain();
      } else {
        const name = /^call ([^:]+): /.exec(scenario)?.[1] ?? '';
        const shreds = /^shred|^thread remove/.test(scenario);
        // What belongs to no step is done when the station ends in peace or begins.
        const ends = scenario.startsWith('station: ');
        const single = personActs[name] ?? (shreds ? () => untilShredded(life) : ends ? () => beginAgain(life) : null);
        const act = single ?? personActs[personActNames[random.below(personActNames.length)]!]!;
        if (shreds) {
          // Something has to be over, and then old.
          await life.newCard(1, false);
          await liveOn();
          await life.letDaysPass();
        }
        await life.points.killAt(scenario, 1 + (single ? 0 : random.below(2)));
        if (shreds) await unlessDead(life.station, () => life.station.signIn());
        // A step that comes once in a card's life is passed for the second time by the next card.
        let over = true;
        for (let card = 0; over && card < 3; card++) {
          if (!shreds || card > 0) await life.newCard(1 + random.below(2), random.below(3) === 0);
          over = await liveOn(() => act(life.station, random));
        }
        const killedAt = await life.points.disarm();
        if (over) return 'not reached again';
        if (killedAt !== scenario) throw new Error(`the station died by itself, and not at ${scenario}`);
        await liveAgain();
      }
      kills.set(scenario, (kills.get(scenario) ?? 0) + 1);
      return disk ? 'power cut' : 'killed';
    },
    violations: () => life.violations(),
    async settle() {
      await liveOn();
      return life.violations();
    },
    takeKills() {
      const taken = new Map(kills);
      kills.clear();
      return taken;
    },
    async close() {
      await life.close();
      await disk?.close();
    },
  };
}

/** Killed while the first lead is made: afterwards there is no lead and one can be made, or there is one and they can sign in. */
async function killFirstLead(
  point: string,
  points: FaultPoints,
  dataDir: string,
  build: string | undefined,
  dead: () => Promise<void>,
): Promise<void> {
  await mkdir(dataDir, { mode: 0o700 });
  const station = await startTestStation({
    dataDir,
    faults: points.folder,
    config: {
      station: { name: 'FIRST', aet: 'PHOTODOCK' },
      archive: { kind: 'dicomweb', name: 'None', baseUrl: 'http://127.0.0.1:9/dicom-web' },
      intake: { mountRoots: [], watchFolders: [] },
    },
    ...(build === undefined ? {} : { build }),
  });
  await syncFolder(dataDir);
  try {
    await points.killAt(point);
    if (await unlessDead(station, () => station.firstLead())) throw new Error(`${point} was not reached`);
    await points.disarm();
    await dead();
    await station.restart();
    const { store } = await station.call('session.current', {});
    if (store === 'empty') await station.firstLead();
    else await station.signIn();
    await station.call('station.status', {});
  } finally {
    await station.stop();
  }
}

async function beginAgain(life: LifeWorld): Promise<void> {
  await life.station.kill('SIGTERM');
  if ((await life.points.killed()) !== null) return;
  await life.station.restart();
  await life.station.signIn();
}

/** Until what was old enough is shredded: nothing of a confirmed capture can be opened any more. */
async function untilShredded(life: LifeWorld): Promise<void> {
  await life.station.until('station.status', {}, ({ idle }) => idle);
}
