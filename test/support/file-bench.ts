import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { splitMultipart } from '../../main/station/practice/multipart.ts';
import type { CallOutput } from '../../shared/contract.ts';
import { sha256, type FaultCard } from './fault-card.ts';
import { custodyViolations, type CustodyMemory } from './fault-invariants.ts';
import { processTree } from './fault-processes.ts';
import type { FaultRandom } from './fault-random.ts';
import { storeKeyOf } from './fault-store.ts';
import { startHostileArchive, type HostileArchive } from './hostile-archive.ts';
import { makeSamples, type FileEnd, type HostileFile } from './hostile-files/index.ts';
import { testJpeg } from './jpeg.ts';
import { freePort } from './server-process.ts';
import { startTestStation, type TestStation } from './station.ts';
import { dockAndRead, fileAll, release } from './walk-card.ts';

/** A station with an honest archive that cards with hostile files are docked at. */
export interface FileBench {
  readonly station: TestStation;
  /** Docks a card with such a file and a sound one, walks it to its end. @returns what became of it @throws when that is wrong */
  round(hostile: HostileFile, random: FaultRandom): Promise<string>;
  violations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

type Capture = CallOutput<'captures.list'>['captures'][number];

/** The station itself never decodes, imaging's children are watched: so much both may have in memory between two rounds. */
const MOST_RESIDENT_MEGABYTES = 1600;

export async function openFileBench(folder: string): Promise<FileBench> {
  const samples = await makeSamples(folder);
  const stationPort = await freePort();
  const archive = await startHostileArchive({ scenario: 'honest', stationAet: 'PHOTODOCK', stationPort });
  const station = await startTestStation({
    config: {
      station: { name: 'FILES', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
      archive: { kind: 'dicomweb', name: 'Honest', baseUrl: archive.dicomWebUrl, commitment: false },
      worklist: { host: '127.0.0.1', port: archive.dicomPort, calledAet: archive.aet, daysBack: 30, daysAhead: 30 },
      intake: { mountRoots: [], watchFolders: [] },
    },
  });
  await station.firstLead();
  await station.until('worklist.list', {}, ({ items }) => items.length > 0);
  const key = await storeKeyOf(station.dataDir);
  const pid = await station.pid();
  const memory: CustodyMemory = { objects: new Map() };
  const cards: FaultCard[] = [];
  const known = new Set<string>();
  return {
    station,
    async round(hostile, random) {
      const card = await makeCard(path.join(folder, `card${cards.length}`), hostile, random);
      cards.push(card);
      const dockingId = await dockAndRead(station, card.root);
      const before = await capturesOf(dockingId);
      assert(before.length === card.original.size, `${before.length} captures of ${card.original.size} files`);
      for (const capture of before) await sealedAndProven(station, capture);
      const sound = before.find(({ name }) => name === SOUND)!;
      assert(sound.display === 'ok', `the sound picture beside it cannot be displayed: ${sound.displayReason}`);
      const { filed, refused } = await fileAll(station, dockingId);
      const isOver = ({ stage, stuck }: Capture) => stage === 'confirmed' || stage === 'unfiled' || stuck !== null;
      const { captures } = await station.until('captures.list', { dockingId }, (list) => list.captures.every(isOver));
      const outcomes = new Set<string>();
      for (const capture of captures) {
        const refusal = refused.find(({ captureId }) => captureId === capture.id)?.code ?? null;
        const isNew = capture.duplicate === null;
        const outcome = await outcomeOf(station, archive, card, capture, filed.includes(capture.id), refusal);
        const end: FileEnd = capture.name === SOUND ? 'filed' : hostile.end;
        if (isNew) assert(fits(outcome, end), `${capture.name} must end "${end}" and ended "${outcome}"`);
        if (capture.name !== SOUND) outcomes.add(outcome);
      }
      await release(station, dockingId);
      assert((await station.pid()) === pid, 'the station was started again');
      await bounded(pid);
      return [...outcomes].toSorted().join(', ');
    },
    violations: () => custodyViolations({ station, key, cards, archive, commitmentOffered: false, memory }),
    async close() {
      await station.stop();
      await archive.stop();
    },
  };

  async function capturesOf(dockingId: string): Promise<Capture[]> {
    return (await station.call('captures.list', { dockingId })).captures;
  }

  /** One hostile file where it is large or always the same, else up to three; and a sound one that must come through. */
  async function makeCard(root: string, hostile: HostileFile, random: FaultRandom): Promise<FaultCard> {
    const dcim = path.join(root, 'DCIM', '100FILES');
    await mkdir(dcim, { recursive: true });
    const original = new Map<string, string>();
    const put = async (name: string, bytes: Buffer) => {
      await writeFile(path.join(dcim, name), bytes);
      original.set(`DCIM/100FILES/${name}`, sha256(bytes));
      known.add(sha256(bytes));
    };
    const count = hostile.name.includes('damaged') || hostile.name.startsWith('jpeg-') ? 1 + random.below(3) : 1;
    for (let at = 0; at < count; at++) {
      let bytes = await hostile.make(samples, random);
      for (let tries = 0; tries < 5 && known.has(sha256(bytes)); tries++) bytes = await hostile.make(samples, random);
      await put(`${at}${hostile.file}`, bytes);
    }
    await put(SOUND, await testJpeg(random.below(2 ** 24), 96));
    return { root, original, pictures: [...original.keys()] };
  }
}

/** What the second of two lossy encodings may add. Never scaled while decoding: damaged values overflow differently then. */
const MOST_DISTANCE = 8;

const SOUND = 'SOUND.JPG';

async function sealedAndProven(station: TestStation, { id, name }: Capture): Promise<void> {
  const { items } = await station.call('captures.get', { captureId: id });
  for (const item of items) assert(item.stage === 'proven', `${name} is ${item.stage} and not proven`);
}

/** What became of a capture in the words of the table. @throws when archive and window show two different pictures */
async function outcomeOf(
  station: TestStation,
  archive: HostileArchive,
  card: FaultCard,
  capture: Capture,
  wasFiled: boolean,
  refusal: string | null,
): Promise<string> {
  const { id, name, kind, display, displayReason, stage, stuck } = capture;
  if (display === 'cannot' && displayReason === 'unsupported') {
    assert(stage === 'unfiled', `${name} is no picture and was filed`);
    assert(refusal === null || refusal === 'not-deliverable', `${name}: refused as ${refusal}`);
    return 'other';
  }
  if (display === 'cannot') {
    assert(!wasFiled && stage === 'unfiled', `${name} cannot be displayed and was filed`);
    assert(kind === 'other' || refusal === 'cannot-be-displayed', `${name}: refused as ${refusal}`);
    return `cannot: ${displayReason}`;
  }
  if (stage === 'filed' && stuck !== null) return `refused at build: ${stuck.code}`;
  assert(stage === 'confirmed', `${name} is displayed and ended ${stage} (${stuck?.code})`);
  const archived = await frameOf(station, archive, id);
  const shown = await station.client.picture(id, 'full', { session: station.session! });
  assert(shown.status === 200, `${name} is shown as ${shown.status}`);
  const far = await distance(archived, await buffer(shown.body));
  const file = await readFile(path.join(card.root, 'DCIM', '100FILES', name));
  const own = file.subarray(0, 3).equals(Buffer.of(0xff, 0xd8, 0xff)) && (await isSame(archived, file));
  // What decodes to the very pixels of the file is right, however badly its noise survives the encoding for the window.
  assert(own || far < MOST_DISTANCE, `${name}: what is in the archive is ${far} away from what is shown`);
  return own ? 'filed' : 'derived';
}

function fits(outcome: string, end: FileEnd): boolean {
  if (end !== 'any') return outcome === end;
  return !outcome.startsWith('refused at build');
}

/** The frame as the archive gives it back. */
async function frameOf(station: TestStation, archive: HostileArchive, captureId: string): Promise<Buffer> {
  const one = await station.call('captures.get', { captureId });
  const uids = [one.studyInstanceUid, one.seriesInstanceUid, one.sopInstanceUid];
  const url = `${archive.dicomWebUrl}/studies/${uids[0]}/series/${uids[1]}/instances/${uids[2]}/frames/1`;
  const answer = await fetch(url, { headers: { accept: 'multipart/related; type="image/jpeg"' } });
  const parts = splitMultipart(answer.headers.get('content-type') ?? '', Buffer.from(await answer.arrayBuffer()));
  assert(answer.status === 200 && parts?.length === 1, `the archive gives no frame back (${answer.status})`);
  return parts[0]!;
}

/** Decoded whole by a reader that complains of everything, and made small: noise is not packed alike twice. @throws when it complains */
async function pixelsOf(jpeg: Buffer): Promise<{ data: Buffer; size: string }> {
  const { width, height } = await sharp(jpeg).metadata();
  const whole = sharp(jpeg, { failOn: 'warning', limitInputPixels: 200_000_000 });
  await whole
    .clone()
    .extract({ left: width - 1, top: height - 1, width: 1, height: 1 })
    .raw()
    .toBuffer();
  const small = whole.toColourspace('srgb').resize(32, 32, { fit: 'fill', fastShrinkOnLoad: false }).raw();
  return { data: await small.toBuffer(), size: `${width} x ${height}` };
}

/** Mean difference of two pictures' pixels, in steps of 256; infinite when they have another size. */
async function distance(first: Buffer, second: Buffer): Promise<number> {
  const [a, b] = [await pixelsOf(first), await pixelsOf(second)];
  if (a.size !== b.size) return Infinity;
  let sum = 0;
  for (let at = 0; at < a.data.length; at++) sum += Math.abs(a.data[at]! - b.data[at]!);
  return Math.round((100 * sum) / a.data.length) / 100;
}

/** The very pixels of the file, as the same decoder gives them; upside down is not the same. */
async function isSame(frame: Buffer, file: Buffer): Promise<boolean> {
  const decode = (jpeg: Buffer) => sharp(jpeg, { failOn: 'none', ignoreIcc: true }).raw().toBuffer();
  try {
    return (await decode(frame)).equals(await decode(file));
  } catch {
    return false;
  }
}

/** No process of the station holds on to what a bomb unpacked to. */
async function bounded(pid: number): Promise<void> {
  for (const one of await processTree(pid)) {
    const status = await readFile(`/proc/${one}/status`, 'utf8').catch(() => '');
    const megabytes = Number(/^VmRSS:\s+(\d+) kB/mu.exec(status)?.[1] ?? 0) / 1024;
    assert(megabytes < MOST_RESIDENT_MEGABYTES, `a process of the station holds ${Math.round(megabytes)} MB`);
  }
}

function assert(isRight: boolean, message: string): asserts isRight {
  if (!isRight) throw new Error(message);
}
