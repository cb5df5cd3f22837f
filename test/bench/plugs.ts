import fs from 'node:fs/promises';
import { CableStation, cameraPictures } from '../support/cable-station.ts';
import { freePort } from '../support/server-process.ts';
import { liveMemory } from './live-memory.ts';

export interface PlugsLook {
  readonly plugs: number;
  /** Open files of the station. */
  readonly handles: number;
  readonly threads: number;
  readonly children: number;
  /** What the station still refers to, after its garbage was collected, MB: what leaks is in it, what the system has not taken back is not. */
  readonly live: number;
  /** VmRSS of the station, MB. */
  readonly resident: number;
}

async function look(pid: number, inspector: number, plugs: number): Promise<PlugsLook> {
  const live = await liveMemory(inspector);
  const status = await fs.readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const handles = (await fs.readdir(`/proc/${pid}/fd`)).length;
  const children = (await fs.readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  return {
    plugs,
    handles,
    threads: field('Threads'),
    children: children.length,
    live,
    resident: field('VmRSS') / 1024,
  };
}

/** A camera is plugged in again and again, each time docked, read and pulled: what the station holds afterwards. */
export async function benchPlugs(plugs: number, every = 50): Promise<PlugsLook[]> {
  if (!(plugs >= every)) throw new Error(`--plugs ${plugs}: the first look is after ${every}, give at least as many`);
  const inspector = await freePort();
  // A small young generation: else V8 takes what it is offered for a while, and hides what leaks.
  const nodeArguments = ['--max-semi-space-size=4', `--inspect=127.0.0.1:${inspector}`];
  const cable = await CableStation.start({ station: { nodeArguments } });
  try {
    const body = await cable.rig.plug({ kind: 'camera', serial: 'PLUGS-1', objects: await cameraPictures(1) });
    const looks: PlugsLook[] = [];
    let before = '';
    for (let plug = 1; plug <= plugs; plug += 1) {
      if (plug > 1) await body.replug();
      const { id } = await cable.docking(
        'PLUGS-1',
        (one) => one.id !== before && one.captureCount === 1 && one.connected,
      );
      before = id;
      if (plug % every !== 0) continue;
      await body.unplug();
      await cable.docking('PLUGS-1', (one) => one.id === id && !one.connected);
      await cable.station.until('station.status', {}, ({ idle }) => idle);
      looks.push(await look(await cable.station.pid(), inspector, plug));
    }
    return looks;
  } finally {
    await cable.stop();
  }
}
