import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWorklistFiles } from './orthanc.ts';
import { answersTcp, freePort, removeFolder, run, startServer, tempFolder, withRetries } from './server-process.ts';
import type { WorklistFixture } from './worklist-file.ts';

export interface WorklistServer {
  host: string;
  port: number;
  aet: string;
  setWorklist(entries: WorklistFixture[]): Promise<void>;
  output(): string;
  stop(): Promise<void>;
}

/** dcmtk's worklist server. It answers FF01 (pending, with a warning) to every query with a key it does not support. */
export async function startWlmscpfs(
  entries: WorklistFixture[],
  options: { aet?: string; flags?: string[] } = {},
): Promise<WorklistServer> {
  const folder = await tempFolder('wlmscpfs');
  const aet = options.aet ?? 'WORKLIST';
  const files = join(folder, aet);
  await mkdir(files);
  await writeFile(join(files, 'lockfile'), '');
  await writeWorklistFiles(files, entries);
  return withRetries(async () => {
    const port = await freePort();
    const server = await startServer(
      'wlmscpfs',
      ['-v', '-csk', ...(options.flags ?? []), '-dfp', folder, String(port)],
      {
        cwd: folder,
        ready: async () => (await run('echoscu', ['-aec', aet, '127.0.0.1', String(port)])).code === 0,
      },
    );
    return {
      host: '127.0.0.1',
      port,
      aet,
      setWorklist: (next) => writeWorklistFiles(files, next),
      output: () => server.output(),
      stop: async () => (await server.stop(), removeFolder(folder)),
    };
  });
}

export interface StoreServer {
  host: string;
  port: number;
  aet: string;
  /** Everything received so far, Part-10 bytes. */
  received(): Promise<Buffer[]>;
  clear(): Promise<void>;
  output(): string;
  stop(): Promise<void>;
}

/** dcmtk's storage server. Flags: `+xa` accepts JPEG, none accepts uncompressed only, `+B` keeps bits, `--abort-after`, `--refuse`, `+tls KEY CERT`... */
export async function startStorescp(flags: string[] = []): Promise<StoreServer> {
  const folder = await tempFolder('storescp');
  const files = join(folder, 'received');
  await mkdir(files);
  const aet = 'STORESCP';
  return withRetries(async () => {
    const port = await freePort();
    const server = await startServer('storescp', ['-v', ...flags, '-aet', aet, '-od', files, String(port)], {
      cwd: folder,
      ready: () => answersTcp(port),
    });
    return {
      host: '127.0.0.1',
      port,
      aet,
      received: async () => Promise.all((await readdir(files)).sort().map((name) => readFile(join(files, name)))),
      clear: async () => void (await Promise.all((await readdir(files)).map((name) => rm(join(files, name))))),
      output: () => server.output(),
      stop: async () => (await server.stop(), removeFolder(folder)),
    };
  });
}
