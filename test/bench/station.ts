import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName, CallOutput } from '../../shared/contract.ts';
import { connectDoor, readDoorFile, startStation } from '../../main/client/index.ts';

export interface BenchStation {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Highest resident memory of the station process so far, in bytes. */
  peakMemory(): Promise<number>;
  stop(): Promise<void>;
}

/** A station with an archive that is not there: intake is measured alone. */
export async function startBenchStation(folder: string): Promise<BenchStation> {
  const dataDir = path.join(folder, 'data');
  const configFile = path.join(folder, 'station.json');
  await fs.mkdir(dataDir, { recursive: true });
  const config = {
    station: { name: 'BENCH' },
    archive: { kind: 'dicomweb', name: 'None', baseUrl: 'http://127.0.0.1:9/dicom-web' },
    intake: { mountRoots: [], watchFolders: [] },
  };
  await fs.writeFile(configFile, JSON.stringify(config));
  const stationMain = fileURLToPath(new URL('../../main/station/main.ts', import.meta.url));
  await startStation({ dataDir, configFile, nodePath: process.execPath, stationMain });
  const door = await connectDoor(dataDir);
  const pid = (await readDoorFile(dataDir))?.pid;
  if (!door || !pid) throw new Error('the station does not answer');
  const access: { session?: string } = {};
  const call = async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
    const result = await door.call(name, input, access);
    if (!result.ok) {
      const log = await fs.readFile(path.join(dataDir, 'logs', 'station.log'), 'utf8').catch(() => 'no log');
      throw new Error(`${name}: ${result.code}; the station's log ends: ${log.slice(-600)}`);
    }
    return result.value;
  };
  const signedIn = await call('session.firstLead', {
    login: 'bench',
    displayName: 'Bench',
    password: 'bench-password',
  });
  access.session = signedIn.sessionToken;
  return {
    call,
    async peakMemory() {
      const status = await fs.readFile(`/proc/${pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    },
    async stop() {
      process.kill(pid, 'SIGTERM');
      for (;;) {
        try {
          process.kill(pid, 0);
        } catch {
          return;
        }
        await wait(50);
      }
    },
  };
}
