import path from 'node:path';
import { deviceLaunch, type ChildLaunch, type LaunchOptions } from '../../device-process.ts';

export type { ChildLaunch, LaunchOptions };

const INTAKE = path.resolve(import.meta.dirname, '..');
const READABLE = { places: [INTAKE], packages: ['usb', 'node-gyp-build'] };

/** How a process of a camera or phone, and the one that watches the bus, is started: behind the walls of `deviceLaunch`. */
export function launchOf(script: string, scriptArguments: readonly string[], options: LaunchOptions): ChildLaunch {
  return deviceLaunch(script, scriptArguments, READABLE, options);
}
