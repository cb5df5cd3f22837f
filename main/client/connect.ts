import { connect } from 'node:net';
import { DoorClient } from './door-client.ts';
import { readDoorFile } from './door-file.ts';

/** A client of the station that runs on this data folder; null when none does (a stale door file counts as none). */
export async function connectDoor(dataDir: string): Promise<DoorClient | null> {
  const door = await readDoorFile(dataDir);
  if (door === null || !(await answers(door.socket))) return null;
  // The file of a station that was killed may have been read just before the next one took it away, and named the socket at which that
  // one listens by now: it is not open before its own file says so.
  const now = await readDoorFile(dataDir);
  return now?.token === door.token ? new DoorClient(dataDir) : null;
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
