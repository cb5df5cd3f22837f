import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a command printed, both streams; throws when it cannot be started. */
export function run(command: string, args: readonly string[], encoding: 'utf8' | 'buffer' = 'utf8') {
  const result = spawnSync(command, args, { encoding: 'buffer', maxBuffer: 1 << 28 });
  if (result.error) throw result.error;
  const text = `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}`;
  return { status: result.status, text: encoding === 'utf8' ? text : '', stdout: result.stdout };
}

/** The findings of `dciodvfy -new`: every line that starts with Error or Warning. */
export function dciodvfy(folder: string, bytes: Buffer): string[] {
  const file = join(folder, 'check.dcm');
  writeFileSync(file, bytes);
  const { text } = run('dciodvfy', ['-new', file]);
  if (!text.includes('VLPhotographicImage')) return [`dciodvfy did not recognise the object: ${text}`];
  return text.split('\n').filter((line) => /^(Error|Warning)/.test(line));
}
