import { PassThrough } from 'node:stream';
import type { World } from '../../../main/cli/world.ts';

/** A world without a terminal; `typed` is standard input. */
export function testWorld(typed: string | null, env: Record<string, string> = {}) {
  const stdin = new PassThrough();
  if (typed !== null) stdin.end(typed);
  const told: string[] = [];
  const ending = new AbortController();
  const world: World = {
    env,
    cwd: '/nowhere',
    stdin,
    stderr: { isTTY: false, write: (text: string) => told.push(text) },
    signal: ending.signal,
  };
  return { world, stdin, told, ending };
}
