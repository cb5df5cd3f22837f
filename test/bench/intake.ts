import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makeCard } from './card.ts';
import { startBenchStation } from './station.ts';

const run = promisify(execFile);

/** Seconds of `cp -r` and `sha256sum` of source and copy: what a careful person does by hand. */
async function byHand(card: string, copy: string): Promise<number> {
  const begin = performance.now();
  await run('cp', ['-r', card, copy]);
  await run('sh', ['-c', 'find "$1" "$2" -type f -exec sha256sum {} + > /dev/null', 'sh', card, copy]);
  return (performance.now() - begin) / 1000;
}

export interface IntakeTimes {
  readonly provenSeconds: number;
  readonly firstThumbnailSeconds: number;
  readonly previewsSeconds: number;
  readonly peakMemory: number;
}

/** Docks a card in a fresh station and takes the times until all is proven and until every preview is made. */
export async function intake(folder: string, card: string, count: number): Promise<IntakeTimes> {
  const station = await startBenchStation(folder);
  try {
    const begin = performance.now();
    const since = () => (performance.now() - begin) / 1000;
    const { dockingId } = await station.call('dock.folder', { path: card });
    let provenSeconds = 0;
    let firstThumbnailSeconds = 0;
    for (;;) {
      const docking = await station.call('dockings.get', { dockingId });
      const proven = docking.strip.find((step) => step.step === 're-read')?.done ?? 0;
      if (provenSeconds === 0 && proven === count) provenSeconds = since();
      if (firstThumbnailSeconds === 0 && docking.previewsDone > 0) firstThumbnailSeconds = since();
      if (docking.captureCount === count) break;
      if (docking.state === 'failed' || docking.equation.unreadable > 0)
        throw new Error(`intake failed: ${docking.problem}`);
      await wait(50);
    }
    return { provenSeconds, firstThumbnailSeconds, previewsSeconds: since(), peakMemory: await station.peakMemory() };
  } finally {
    await station.stop();
  }
}

/** Intake of 300 large pictures against cp and sha256sum in the same run; best of `rounds` each, in turn. */
export async function benchIntake(folder: string, picture: string, rounds: number, count = 300) {
  const card = path.join(folder, 'card');
  const bytes = await makeCard(card, picture, count);
  const hand: number[] = [];
  const station: IntakeTimes[] = [];
  for (let round = 0; round < rounds; round += 1) {
    hand.push(await byHand(card, path.join(folder, `copy-${round}`)));
    await fs.rm(path.join(folder, `copy-${round}`), { recursive: true });
    station.push(await intake(path.join(folder, `station-${round}`), card, count));
    await fs.rm(path.join(folder, `station-${round}`), { recursive: true });
  }
  await fs.rm(card, { recursive: true });
  return { bytes, hand, station };
}

/** Peak memory of the station at few and at many items of the same small picture. */
export async function benchMemory(folder: string, picture: string, counts: readonly number[]) {
  const peaks: { count: number; peakMemory: number }[] = [];
  for (const count of counts) {
    const own = path.join(folder, `memory-${count}`);
    await makeCard(path.join(own, 'card'), picture, count);
    const { peakMemory } = await intake(path.join(own, 'station'), path.join(own, 'card'), count);
    peaks.push({ count, peakMemory });
    await fs.rm(own, { recursive: true });
  }
  return peaks;
}
