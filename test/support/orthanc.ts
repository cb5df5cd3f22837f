import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answersTcp, freePort, removeFolder, startServer, tempFolder, withRetries } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import type { Archived } from './fault-invariants.ts';
import { worklistFile } from './worklist-file.ts';
import type { WorklistFixture } from './worklist-file.ts';

export type { WorklistFixture } from './worklist-file.ts';

export interface OrthancOptions {
  /** The station as the archive knows it: where reports and C-MOVE go. */
  stationAet: string;
  stationHost: string;
  stationPort: number;
  /** The archive's own AE title. Default ARCHIVE */
  aet?: string;
  worklist?: WorklistFixture[];
  /** More Orthanc configuration, laid over ours. */
  config?: Record<string, unknown>;
}

export interface OrthancServer {
  host: string;
  dicomPort: number;
  httpPort: number;
  httpUrl: string;
  aet: string;
  /** Base for STOW, QIDO and WADO, without a slash at the end. */
  dicomWebUrl: string;
  /** Orthanc's own ids of what it holds. */
  instances(): Promise<string[]>;
  /** Orthanc's own id of a SOP Instance UID. */
  find(sopInstanceUid: string): Promise<string | null>;
  /** The Part-10 bytes it would give out. */
  file(orthancId: string): Promise<Buffer>;
  /** The first frame as it lies in the encapsulated stream (padding byte included). */
  frame(orthancId: string): Promise<Buffer>;
  tags(orthancId: string): Promise<Record<string, unknown>>;
  /** Everything it holds, for the invariants of custody. */
  held(): Promise<Archived[]>;
  remove(orthancId: string): Promise<void>;
  setWorklist(entries: WorklistFixture[]): Promise<void>;
  /** Puts any file (say, a broken one) beside the worklist entries. */
  addWorklistFile(name: string, bytes: Uint8Array): Promise<void>;
  /** Stops the process and keeps what it holds. */
  halt(): Promise<void>;
  /** Starts it again on the same ports. */
  resume(): Promise<void>;
  /** Stops it and deletes everything. */
  stop(): Promise<void>;
  output(): string;
}

/** Writes worklist entries into a folder, replacing those before. */
export async function writeWorklistFiles(folder: string, entries: WorklistFixture[]): Promise<void> {
  for (const name of await readdir(folder)) if (name.endsWith('.wl')) await rm(join(folder, name));
  await Promise.all(entries.map((entry, at) => writeFile(join(folder, `${at}.wl`), worklistFile(entry, at + 1))));
}

/** A real Orthanc with DICOM, DICOMweb and worklist on free loopback ports, ready when this resolves. */
export async function startOrthanc(options: OrthancOptions): Promise<OrthancServer> {
  const folder = await tempFolder('orthanc');
  const worklistFolder = join(folder, 'worklist');
  await mkdir(worklistFolder);
  await writeWorklistFiles(worklistFolder, options.worklist ?? []);
  const aet = options.aet ?? 'ARCHIVE';
  const ports = { dicom: 0, http: 0 };
  let server: ServerProcess;

  const launch = async (): Promise<void> => {
    const config = {
      Name: 'test',
      DefaultEncoding: 'Utf8',
      StorageDirectory: './storage',
      IndexDirectory: './storage',
      HttpPort: ports.http,
      DicomPort: ports.dicom,
      DicomAet: aet,
      DicomCheckCalledAet: true,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      DicomModalities: {
        station: { AET: options.stationAet, Host: options.stationHost, Port: options.stationPort },
      },
      DicomAlwaysAllowStore: true,
      DicomAlwaysAllowFind: true,
      DicomAlwaysAllowMove: true,
      DicomAlwaysAllowFindWorklist: true,
      Plugins: [
        '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
        '/usr/share/orthanc/plugins/libModalityWorklists.so',
      ],
      Worklists: { Enable: true, Database: './worklist', FilterIssuerAet: false, LimitAnswers: 0 },
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
      OverwriteInstances: false,
      StableAge: 5,
      ...options.config,
    };
    await writeFile(join(folder, 'orthanc.json'), JSON.stringify(config));
    server = await startServer('/usr/sbin/Orthanc', ['--verbose', 'orthanc.json'], {
      cwd: folder,
      ready: async () => (await fetch(`http://127.0.0.1:${ports.http}/system`)).ok && (await answersTcp(ports.dicom)),
      withinMs: 60_000,
    });
  };
  await withRetries(async () => {
    ports.dicom = await freePort();
    ports.http = await freePort();
    await launch();
  });

  const httpUrl = `http://127.0.0.1:${ports.http}`;
  const call = async (path: string, init?: RequestInit): Promise<Response> => {
    const response = await fetch(httpUrl + path, init);
    if (!response.ok) throw new Error(`Orthanc answered ${response.status} to ${path}`);
    return response;
  };
  const bytes = async (path: string): Promise<Buffer> => Buffer.from(await (await call(path)).arrayBuffer());
  return {
    host: '127.0.0.1',
    dicomPort: ports.dicom,
    httpPort: ports.http,
    httpUrl,
    aet,
    dicomWebUrl: `${httpUrl}/dicom-web`,
    instances: async () => (await (await call('/instances')).json()) as string[],
    find: async (sopInstanceUid) => {
      const found = (await (await call('/tools/lookup', { method: 'POST', body: sopInstanceUid })).json()) as {
        ID: string;
        Type: string;
      }[];
      return found.find((one) => one.Type === 'Instance')?.ID ?? null;
    },
    file: (id) => bytes(`/instances/${id}/file`),
    frame: (id) => bytes(`/instances/${id}/frames/0/raw`),
    tags: async (id) => (await (await call(`/instances/${id}/simplified-tags`)).json()) as Record<string, unknown>,
    held: async () => {
      const found = (await (await call('/instances?expand')).json()) as {
        ID: string;
        MainDicomTags: { SOPInstanceUID: string };
      }[];
      const held: Archived[] = [];
      for (const one of found)
        held.push({
          sopInstanceUid: one.MainDicomTags.SOPInstanceUID,
          hashes: streamHashes(await bytes(`/instances/${one.ID}/frames/0/raw`)),
        });
      return held;
    },
    remove: async (id) => void (await call(`/instances/${id}`, { method: 'DELETE' })),
    setWorklist: (entries) => writeWorklistFiles(worklistFolder, entries),
    addWorklistFile: (name, content) => writeFile(join(worklistFolder, name), content),
    halt: () => server.stop(),
    resume: launch,
    stop: async () => {
      await server.stop();
      await removeFolder(folder);
    },
    output: () => server.output(),
  };
}

/** SHA-256 of a pixel stream as it came, and without its padding byte where it ends in one. */
export function streamHashes(stream: Buffer): string[] {
  const hash = (part: Buffer) => createHash('sha256').update(part).digest('hex');
  return stream.at(-1) === 0 ? [hash(stream), hash(stream.subarray(0, -1))] : [hash(stream)];
}
