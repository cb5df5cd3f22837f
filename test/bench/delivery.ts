import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { openDestination } from '../../main/station/archive/index.ts';
import { parseConfig } from '../../main/station/config/index.ts';
import type { SealedRef } from '../../main/station/store/index.ts';
import { SealedStore } from '../../main/station/store/index.ts';
import { instanceFile } from '../support/instance-file.ts';
import type { InstanceFixture } from '../support/instance-file.ts';
import type { OrthancServer } from '../support/orthanc.ts';
import { startOrthanc } from '../support/orthanc.ts';
import { freePort } from '../support/server-process.ts';

const run = promisify(execFile);
const COUNT = 50;
const PIXEL_BYTES = 5_000_000;

/** Fresh instances: an archive that knows them already would answer faster. */
function makeInstances(): InstanceFixture[] {
  const first = instanceFile(PIXEL_BYTES);
  const { studyUid, seriesUid } = first;
  return [first, ...Array.from({ length: COUNT - 1 }, () => instanceFile(PIXEL_BYTES, { studyUid, seriesUid }))];
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

async function writeFiles(folder: string, instances: readonly InstanceFixture[]): Promise<string[]> {
  await fs.mkdir(folder, { recursive: true });
  return Promise.all(
    instances.map(async (instance, at) => {
      const file = path.join(folder, `${at}.dcm`);
      await fs.writeFile(file, instance.bytes);
      return file;
    }),
  );
}

/** The station's own way: each object unsealed, then handed to the destination, as many at a time as the pipeline does. */
async function byStation(kind: 'dimse' | 'dicomweb', orthanc: OrthancServer, folder: string): Promise<number> {
  const archive =
    kind === 'dicomweb'
      ? { kind, name: 'Orthanc', baseUrl: orthanc.dicomWebUrl }
      : {
          kind,
          name: 'Orthanc',
          host: orthanc.host,
          port: orthanc.dicomPort,
          calledAet: orthanc.aet,
          commitment: false,
          readBack: { kind: 'get' },
        };
  const config = parseConfig({ station: { name: 'BENCH', aet: 'IMGST' }, archive });
  const destination = await openDestination(config, () => Promise.resolve());
  const store = new SealedStore(folder);
  const sealed: { ref: SealedRef; instance: InstanceFixture }[] = [];
  for (const instance of makeInstances()) {
    const ref = store.plan(instance.sopInstanceUid);
    await store.sealBytes(ref, instance.bytes);
    sealed.push({ ref, instance });
  }
  const { signal } = new AbortController();
  const lane = async () => {
    for (let next = sealed.shift(); next; next = sealed.shift()) {
      const { bytes } = await store.unseal(next.ref);
      const answer = await destination.store(
        {
          ...next.instance,
          studyInstanceUid: next.instance.studyUid,
          seriesInstanceUid: next.instance.seriesUid,
          bytes: Buffer.from(bytes.buffer),
        },
        signal,
      );
      if (answer.outcome !== 'stored') throw new Error(`not stored: ${answer.outcome} ${answer.code}`);
    }
  };
  try {
    return await seconds(() => Promise.all(Array.from({ length: destination.concurrency }, lane)));
  } finally {
    await destination.close();
    await store.close();
  }
}

/** One `storescu` association for all files. */
async function byStorescu(orthanc: OrthancServer, folder: string): Promise<number> {
  const files = await writeFiles(folder, makeInstances());
  const peer = ['-aet', 'IMGST', '-aec', orthanc.aet, orthanc.host, String(orthanc.dicomPort)];
  return seconds(() => run('storescu', ['-xy', ...peer, ...files]));
}

/** One `curl` process with one kept-alive connection, one STOW request for each file. */
async function byCurl(orthanc: OrthancServer, folder: string): Promise<number> {
  const files = await writeFiles(folder, makeInstances());
  const boundary = 'photodock-bench-boundary-0123456789abcdef';
  const requests: string[] = [];
  for (const file of files) {
    const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), await fs.readFile(file), Buffer.from(`\r\n--${boundary}--\r\n`)]);
    await fs.writeFile(file, body);
    requests.push(
      [
        `url = "${orthanc.dicomWebUrl}/studies"`,
        'fail',
        'silent',
        'output = "/dev/null"',
        `header = "Content-Type: multipart/related; type=\\"application/dicom\\"; boundary=${boundary}"`,
        'header = "Accept: application/dicom+json"',
        'header = "Expect:"',
        `data-binary = "@${file}"`,
      ].join('\n'),
    );
  }
  const list = path.join(folder, 'curl.txt');
  await fs.writeFile(list, requests.join('\nnext\n'));
  return seconds(() => run('curl', ['-K', list]));
}

export interface DeliveryRound {
  readonly storescu: number;
  readonly cStore: number;
  readonly curl: number;
  readonly stow: number;
}

/** 50 x 5 MB into one real Orthanc, each way in turn. */
export async function benchDelivery(folder: string, rounds: number): Promise<DeliveryRound[]> {
  const orthanc = await startOrthanc({ stationAet: 'IMGST', stationHost: '127.0.0.1', stationPort: await freePort() });
  const results: DeliveryRound[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const own = path.join(folder, `delivery-${round}`);
      results.push({
        storescu: await byStorescu(orthanc, path.join(own, 'storescu')),
        cStore: await byStation('dimse', orthanc, path.join(own, 'dimse')),
        curl: await byCurl(orthanc, path.join(own, 'curl')),
        stow: await byStation('dicomweb', orthanc, path.join(own, 'dicomweb')),
      });
      await fs.rm(own, { recursive: true });
    }
  } finally {
    await orthanc.stop();
  }
  return results;
}
