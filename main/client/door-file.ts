import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running station writes, for its own user only, once it listens. */
export interface DoorFile {
  readonly pid: number;
  readonly socket: string;
  readonly token: string;
  readonly startedAt: number;
  readonly version: string;
  /** SHA-256 of the configuration it works with, as it was read; null in the practice hospital. */
  readonly configSha256?: string | null;
}

/** Why the last station of this data folder could not start. */
export interface StartError {
  readonly code: string;
  readonly message: string;
}

/** The folder of everything that is only true while a station runs. */
export function runFolder(dataDir: string): string {
  return join(dataDir, 'run');
}

export function doorFilePath(dataDir: string): string {
  return join(runFolder(dataDir), 'door.json');
}

export function startErrorPath(dataDir: string): string {
  return join(runFolder(dataDir), 'start-error.json');
}

/** The door file of a data folder; null when there is none, or when others could have written or read it. */
export async function readDoorFile(dataDir: string): Promise<DoorFile | null> {
  const path = doorFilePath(dataDir);
  try {
    if (!(await isPrivate(path))) return null;
    const door: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isDoorFile(door) ? door : null;
  } catch {
    return null;
  }
}

export async function readStartError(dataDir: string): Promise<StartError | null> {
  try {
    const error: unknown = JSON.parse(await readFile(startErrorPath(dataDir), 'utf8'));
    return isStartError(error) ? error : null;
  } catch {
    return null;
  }
}

/** Passwords are sent through this door: it must be ours (or we are root), and closed to everybody else. */
async function isPrivate(path: string): Promise<boolean> {
  const me = process.getuid?.();
  if (me === undefined) return true;
  const { uid, mode } = await stat(path);
  return (uid === me || me === 0) && (mode & 0o077) === 0;
}

function isDoorFile(value: unknown): value is DoorFile {
  if (typeof value !== 'object' || value === null) return false;
  const door = value as Partial<Record<keyof DoorFile, unknown>>;
  return isProcessId(door.pid) && isFilled(door.socket) && isFilled(door.token);
}

/** Signals to 0 and below go to whole groups of processes. */
function isProcessId(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isStartError(value: unknown): value is StartError {
  if (typeof value !== 'object' || value === null) return false;
  const error = value as Partial<Record<keyof StartError, unknown>>;
  return isFilled(error.code) && typeof error.message === 'string';
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
