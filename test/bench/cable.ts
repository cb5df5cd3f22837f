import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { PtpSource } from '../../main/station/intake/ptp/ptp-source.ts';
import type { UsbFacts } from '../../main/station/intake/usb/facts.ts';
import { watchUsb } from '../../main/station/intake/usb/watch-usb.ts';
import type { RigDevice, UsbRig } from '../support/usb-rig/rig.ts';
import { startRig } from '../support/usb-rig/rig.ts';

const run = promisify(execFile);
const MEBI = 1 << 20;

const pictures = Array.from({ length: 30 }, (_, at) => ({
  path: `DCIM/100CANON/IMG_${String(at + 1).padStart(4, '0')}.JPG`,
  size: 8 * MEBI - 1000 - at,
  seed: `picture ${at}`,
}));
const film = [{ path: 'DCIM/100CANON/MVI_0001.MP4', size: 300 * MEBI, seed: 'film' }];

/** What is downloaded: many pictures, and one long film in parts, by PTP; pictures by MTP. */
export const downloads: Readonly<Record<string, RigDevice>> = {
  'pictures by PTP': { kind: 'camera', objects: pictures },
  'a film by PTP': { kind: 'camera', objects: film },
  'pictures by MTP': { kind: 'android', objects: pictures },
};

/** Seconds until our client has every byte of a device, hashed, from the moment that it is told of. */
async function byUs(rig: UsbRig, facts: UsbFacts): Promise<number> {
  const begin = performance.now();
  const source = new PtpSource({ facts, launch: rig.launch, nodePath: process.execPath, takeFromDesktop: false });
  const { signal } = new AbortController();
  const { files } = await source.list(signal, []);
  for (const file of files) {
    const hash = createHash('sha256');
    const content = await source.contentOf(file);
    if (!('read' in content)) throw new Error('a device is read in pieces');
    for await (const piece of content.read(signal)) hash.update(piece);
    hash.digest();
  }
  const seconds = (performance.now() - begin) / 1000;
  source.close();
  return seconds;
}

/** Seconds of `gphoto2 --get-all-files` of the same device behind the same bus. */
async function byGphoto(rig: UsbRig, folder: string): Promise<number> {
  await fs.mkdir(folder, { recursive: true });
  const [command = '', ...launch] = rig.launch;
  const begin = performance.now();
  await run(command, [...launch, 'gphoto2', '--quiet', '--force-overwrite', '--get-all-files'], { cwd: folder });
  const seconds = (performance.now() - begin) / 1000;
  await fs.rm(folder, { recursive: true });
  return seconds;
}

export interface DownloadTimes {
  readonly what: string;
  readonly ours: number[];
  readonly gphoto2: number[];
}

/** The same device downloaded by our client and by gphoto2, in turn, on one rig. */
export async function benchCable(folder: string, rounds: number): Promise<DownloadTimes[]> {
  const results: DownloadTimes[] = [];
  for (const [what, device] of Object.entries(downloads)) {
    const rig = await startRig();
    const plugged = Promise.withResolvers<UsbFacts>();
    const { launch } = rig;
    const watch = watchUsb({
      launch,
      nodePath: process.execPath,
      onAppear: (facts) => plugged.resolve(facts),
      onVanish: () => undefined,
      onFailure: (code) => plugged.reject(new Error(code)),
    });
    const times: DownloadTimes = { what, ours: [], gphoto2: [] };
    try {
      await rig.plug(device);
      const facts = await plugged.promise;
      for (let round = 0; round < rounds; round += 1) {
        times.gphoto2.push(await byGphoto(rig, path.join(folder, 'gphoto2')));
        times.ours.push(await byUs(rig, facts));
      }
      results.push(times);
    } finally {
      await watch.close();
      await rig.stop();
    }
  }
  return results;
}
