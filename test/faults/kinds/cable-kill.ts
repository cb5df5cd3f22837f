import path from 'node:path';
import { FaultPoints } from '../../support/fault-points.ts';
import type { RigCard } from '../../support/rig-card.ts';
import type { FaultKind, FaultWorld } from '../bench/kind.ts';
import { unavailable } from './cable-here.ts';
import { CableBench } from './cable-bench.ts';

/** Steps that a device passes otherwise than a card. What is delivered is delivered alike: `kill-dicomweb` kills there. */
const STEPS_OF_A_DEVICE = ['list', 'seal', 'prove', 'device-thumbnail', 'erase', 'check-absent'];
const isOfADevice = (point: string) =>
  point.startsWith('thread stream-') || STEPS_OF_A_DEVICE.some((step) => point.startsWith(`${step}: `));

/** SIGKILL at each durable point that a camera's life passes on the cable. */
export const cableKills: FaultKind = {
  name: 'kill-cable',
  share: 1.5,
  roundsPerWorld: 14,
  roundMilliseconds: 300_000,
  unavailable,
  open: (random, folder) => openWorld(CableBench.open, random, folder),
};

async function openWorld(
  open: typeof CableBench.open,
  random: Parameters<FaultKind['open']>[0],
  folder: string,
): Promise<FaultWorld> {
  const points = await FaultPoints.open(path.join(folder, 'points'));
  const bench = await open(random, { faults: points.folder });
  const kills = new Map<string, number>();

  /** A camera with small pictures of its own, of which one is taken while it is docked. @returns whether the station lived */
  async function lifeOf(card: RigCard): Promise<boolean> {
    const arrived = bench.picture('TAKEN.JPG');
    if (!(await bench.lives(async () => void (await bench.docked(card, ({ equation }) => equation.listed > 0)))))
      return false;
    await card.add(await arrived);
    return (
      (await bench.lives(async () => void (await bench.docked(card, ({ equation }) => equation.listed > 2)))) &&
      bench.life(card)
    );
  }

  async function newCamera(): Promise<RigCard> {
    const pictures = [await bench.picture('A.JPG'), await bench.picture('B.JPG')];
    return bench.plug(
      pictures.map((one) => ({ ...one, thumb: { base64: one.base64! } })),
      // So that its small pictures are asked for before the pictures themselves are there.
      { faults: [{ name: 'slow', operation: 0x1009, milliseconds: 60 }] },
    );
  }

  try {
    // One life without a fault tells every point there is: a new one cannot be forgotten.
    const before = new Set(await points.passed());
    const card = await newCamera();
    await lifeOf(card);
    await bench.toItsEnd(card);
    await bench.settle();
    const scenarios = (await points.passed()).filter((point) => isOfADevice(point) && !before.has(point));
    const idle = STEPS_OF_A_DEVICE.filter((step) => !scenarios.some((point) => point.startsWith(`${step}: `)));
    if (idle.length > 0) throw new Error(`steps that the recorded life does not reach: ${idle.join(', ')}`);
    return {
      scenarios,
      async run(scenario, from) {
        await points.killAt(scenario, 1 + from.below(2));
        const body = await newCamera();
        const lived = await lifeOf(body);
        const killedAt = await points.disarm();
        if (!lived) {
          if (killedAt !== scenario) throw new Error(`the station died by itself, and not at ${scenario}`);
          kills.set(scenario, (kills.get(scenario) ?? 0) + 1);
          await bench.station.restart();
          await bench.station.signIn();
        }
        await bench.toItsEnd(body);
        await bench.settle();
        return lived ? 'not reached again' : 'killed';
      },
      violations: () => bench.violations(),
      takeKills() {
        const taken = new Map(kills);
        kills.clear();
        return taken;
      },
      close: () => bench.close(),
    };
  } catch (error) {
    await bench.close();
    throw error;
  }
}
