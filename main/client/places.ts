import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where a station keeps its data, and which configuration it follows. No configuration means the practice hospital. */
export interface Places {
  readonly dataDir: string;
  readonly configFile: string | null;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly exists: (path: string) => boolean;
}

/** What the person asked for on the command line: `--data DIR`, `--config FILE` (also `--data=DIR`). */
export interface PlaceSwitches {
  readonly data?: string | undefined;
  readonly config?: string | undefined;
}

/** Reads `--data` and `--config` out of a command line that may hold other switches too. */
export function placeSwitches(argv: readonly string[]): PlaceSwitches {
  return { data: valueOf(argv, '--data'), config: valueOf(argv, '--config') };
}

function valueOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at < 0) return undefined;
  const word = argv[at] ?? '';
  const value = word === name ? argv[at + 1] : word.slice(name.length + 1);
  return value === undefined || value === '' || value.startsWith('--') ? undefined : value;
}

/**
 * Decides data folder and configuration, alike for window and command line: switch, then environment, then the usual
 * place of the operating system. Without a configuration the practice folder is used, so practice never mixes with patients.
 */
export function findPlaces(switches: PlaceSwitches, around: Surroundings = here()): Places {
  const { env, exists } = around;
  const asked = switches.data ?? nonEmpty(env['PHOTODOCK_DATA']);
  const askedConfig = switches.config ?? nonEmpty(env['PHOTODOCK_CONFIG']);
  const usual = join(usualParent(around), 'photodock');
  const dataDir = resolve(asked ?? usual);
  const ownConfig = join(dataDir, 'station.json');
  const configFile = askedConfig === undefined ? (exists(ownConfig) ? ownConfig : null) : resolve(askedConfig);
  if (asked === undefined && configFile === null) return { dataDir: `${usual}-practice`, configFile: null };
  return { dataDir, configFile };
}

function here(): Surroundings {
  return { env: process.env, platform: process.platform, home: homedir(), exists: existsSync };
}

function usualParent({ env, platform, home }: Surroundings): string {
  if (platform === 'win32') return nonEmpty(env['LOCALAPPDATA']) ?? join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return nonEmpty(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share');
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
