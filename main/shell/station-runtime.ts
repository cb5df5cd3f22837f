import { join } from 'node:path';

/** Which Node runs the station, and which file it runs. */
export interface StationRuntime {
  readonly nodePath: string;
  readonly stationMain: string;
}

/**
 * Finds the station beside the window: in a package under `resources/station`, in a checkout under the repository's root.
 * The station never runs on Electron's own Node.
 */
export function findStationRuntime(from: {
  readonly packaged: boolean;
  readonly resourcesPath: string;
  readonly appRoot: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}): StationRuntime {
  const windows = from.platform === 'win32';
  const main = join('main', 'station', 'main.ts');
  if (from.packaged) {
    const station = join(from.resourcesPath, 'station');
    return { nodePath: join(station, windows ? 'node.exe' : 'node'), stationMain: join(station, main) };
  }
  const nodePackage = `node-${windows ? 'win' : from.platform}-${from.arch}`;
  const node = windows ? join('bin', 'node.exe') : join('bin', 'node');
  return { nodePath: join(from.appRoot, 'node_modules', nodePackage, node), stationMain: join(from.appRoot, main) };
}
