import path from 'node:path';
import { manifestsAbove, packageFolder, withLinks } from './child-reads.ts';

export interface ChildLaunch {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

export interface LaunchOptions {
  /** What stands before the command: a site's sandbox, or a test's emulated bus (`devices.launch` of station.json). */
  readonly launch: readonly string[];
  /** The Node that runs the child. */
  readonly nodePath: string;
}

/** What a process that touches devices may read. */
export interface ReadablePlaces {
  /** Folders and files: its own code, and what the system says of its devices. */
  readonly places: readonly string[];
  /** Names of the packages that it imports. */
  readonly packages: readonly string[];
}

const SHARED = path.resolve(import.meta.dirname, '..', '..', 'shared', 'domain');

/**
 * How a process that talks to devices is started: Node's permission model leaves it reading its own code and what the system says of
 * its devices; it can write, connect and start nothing. Its memory may hold pictures, so it leaves no core dump.
 */
export function deviceLaunch(
  script: string,
  scriptArguments: readonly string[],
  readable: ReadablePlaces,
  options: LaunchOptions,
): ChildLaunch {
  const node = [
    '--permission',
    '--allow-addons',
    ...readablePlaces(readable).map((place) => `--allow-fs-read=${place}`),
    '--no-experimental-sqlite',
    '--no-warnings',
    '--disable-proto=delete',
    '--max-old-space-size=128',
    script,
    ...scriptArguments,
  ];
  const plain =
    process.platform === 'win32'
      ? [options.nodePath, ...node]
      : ['/bin/sh', '-c', 'ulimit -c 0 && exec "$@"', 'sh', options.nodePath, ...node];
  const [command = '', ...rest] = [...options.launch, ...plain];
  // Nobody needs to be told where programs lie, but what a site puts in front.
  const environment: NodeJS.ProcessEnv = { TZ: 'UTC' };
  if (options.launch.length > 0) environment['PATH'] = '/usr/local/bin:/usr/bin:/bin';
  const systemRoot = process.env['SystemRoot'];
  if (process.platform === 'win32' && systemRoot !== undefined) environment['SystemRoot'] = systemRoot;
  return { command, arguments: rest, environment };
}

function readablePlaces({ places, packages }: ReadablePlaces): string[] {
  // Loaders of native code look which C library the system has; sysfs says serial numbers without opening a device.
  return [
    ...places,
    SHARED,
    ...manifestsAbove(import.meta.dirname),
    ...packages.flatMap((name) => withLinks(packageFolder(name, import.meta.url))),
    '/etc/alpine-release',
    '/sys',
  ];
}
