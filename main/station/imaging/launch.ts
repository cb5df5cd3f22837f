import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { manifestsAbove, packageFolder, withLinks } from '../child-reads.ts';
import { TIRED_AFTER_SECONDS } from './protocol.ts';

export type Launch = { command: string; arguments: string[]; environment: NodeJS.ProcessEnv };

const HERE = dirname(fileURLToPath(import.meta.url));
export const CHILD_MAIN = join(HERE, 'child', 'main.ts');

/**
 * How the imaging process is started: Node's permission model leaves it reading its own code, and nothing else. Native code
 * (libvips) stands outside that model, so where there is a POSIX shell the kernel adds: no file may grow (nothing can be written),
 * no core dump (it would hold a patient's picture), and an end to processor time should nobody be left to stop it.
 *
 * @param script what to run; tests run a probe under the very same rules
 * @param timeLimit of one job, ms
 */
export function launchOf(script: string, nodePath: string, timeLimit: number, memoryLimitMegabytes: number): Launch {
  const node = [
    '--permission',
    '--allow-addons',
    ...readableFolders().map((folder) => `--allow-fs-read=${folder}`),
    // The permission model does not know node:sqlite: it would open, and make, any file.
    '--no-experimental-sqlite',
    '--no-warnings',
    '--disable-proto=delete',
    // The memory of a HEIC decoder is given back before the next one takes its own (child/decode-heic.ts).
    '--expose-gc',
    `--max-old-space-size=${Math.max(64, Math.floor(memoryLimitMegabytes / 2))}`,
    script,
  ];
  const environment = environmentOf();
  if (process.platform === 'win32') return { command: nodePath, arguments: node, environment };
  const seconds = TIRED_AFTER_SECONDS + 2 * Math.ceil(timeLimit / 1000) + 60;
  const limits = `ulimit -c 0 && ulimit -f 0 && ulimit -t ${seconds} && exec "$@"`;
  return { command: '/bin/sh', arguments: ['-c', limits, 'sh', nodePath, ...node], environment };
}

/** Nothing of the station's environment goes along. Large pictures stay in memory: libvips would put them into /tmp. */
function environmentOf(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    VIPS_DISC_THRESHOLD: '1000g',
    UV_THREADPOOL_SIZE: '2',
    MALLOC_ARENA_MAX: '2',
    TZ: 'UTC',
  };
  const systemRoot = process.env['SystemRoot'];
  if (process.platform === 'win32' && systemRoot !== undefined) environment['SystemRoot'] = systemRoot;
  return environment;
}

/** This folder, the errors all rooms share, and the packages that the child imports. */
function readableFolders(): string[] {
  const own = [HERE, join(HERE, '..', '..', '..', 'shared', 'domain'), ...manifestsAbove(HERE)];
  const sharp = packageFolder('sharp', import.meta.url);
  const heicDecode = packageFolder('heic-decode', import.meta.url);
  const scopes = new Set<string>();
  for (const name of ['detect-libc', 'semver', '@img/colour', 'libheif-js']) {
    const from = name === 'libheif-js' ? heicDecode : sharp;
    scopes.add(packageFolder(name, join(from, 'package.json')));
  }
  // sharp's binaries are packages of one scope, named by platform.
  const colour = [...scopes].find((folder) => folder.endsWith(`${sep}colour`));
  if (colour !== undefined) scopes.add(dirname(colour));
  const folders = [...own, sharp, heicDecode, ...scopes];
  return [...new Set(folders.flatMap(withLinks))];
}
