import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

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
    ...manifests(),
    ...packages.flatMap((name) => packageFolder(name)),
    '/etc/alpine-release',
    '/sys',
  ];
}

/** Node looks for the package.json that says how a file is to be read. */
function manifests(): string[] {
  const found: string[] = [];
  for (let at = import.meta.dirname; path.dirname(at) !== at; at = path.dirname(at)) {
    const manifest = path.join(at, 'package.json');
    if (existsSync(manifest)) found.push(manifest);
  }
  return found;
}

/** A folder reached through a link is read under its real name too, and Node looks at the link. */
function packageFolder(name: string): string[] {
  const folder = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.map((place) => path.join(place, name))
    .find((place) => existsSync(path.join(place, 'package.json')));
  if (folder === undefined) return [];
  const links: string[] = [];
  for (let at = folder; path.dirname(at) !== at; at = path.dirname(at))
    if (lstatSync(at).isSymbolicLink()) links.push(at);
  return links.length === 0 ? [folder] : [folder, realpathSync(folder), ...links];
}
