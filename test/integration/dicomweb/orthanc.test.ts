import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ArchiveUnreachableError,
  closePeer,
  probeArchive,
  readFrame,
  readInstance,
  requestCommitment,
  stowInstances,
  type Peer,
} from '../../../main/station/archive/dicomweb/index.ts';
import { startOrthanc, type OrthancServer } from '../../support/orthanc.ts';
import { newUid, sampleInstance } from './sample-instance.ts';

let orthanc: OrthancServer;
let peer: Peer;

beforeAll(async () => {
  orthanc = await startOrthanc({ stationAet: 'STATION', stationHost: '127.0.0.1', stationPort: 1 });
  peer = { baseUrl: orthanc.dicomWebUrl };
});

afterAll(async () => {
  if (peer !== undefined) closePeer(peer);
  await orthanc?.stop();
});

test('stores several instances in one request and reads the same pixels back', async () => {
  const studyUid = newUid();
  const seriesUid = newUid();
  const sent = await Promise.all([1, 2, 3].map(() => sampleInstance({ studyUid, seriesUid })));
  const results = await stowInstances(peer, studyUid, sent);
  expect([...results.values()]).toEqual(sent.map(() => ({ outcome: 'stored', code: null, httpStatus: 200 })));
  for (const one of sent) {
    const back = await readFrame(peer, one);
    expect(back).toMatchObject({ kind: 'frame', mediaType: 'image/jpeg', transferSyntax: '1.2.840.10008.1.2.4.50' });
    expect(back!.bytes.subarray(0, one.jpeg.length).equals(one.jpeg)).toBe(true);
    expect(back!.bytes.length - one.jpeg.length).toBeLessThan(2);
  }
});

test('streams an instance of known size', async () => {
  const one = await sampleInstance();
  const halves = [one.bytes.subarray(0, 1000), one.bytes.subarray(1000)];
  const results = await stowInstances(peer, null, [
    {
      ...one,
      size: one.bytes.length,
      bytes: async function* () {
        yield* halves;
      },
    },
  ]);
  expect(results.get(one.sopInstanceUid)?.outcome).toBe('stored');
});

test('a stream that is not as long as announced fails here and stores nothing there', async () => {
  const one = await sampleInstance();
  const short = stowInstances(peer, null, [
    {
      ...one,
      size: one.bytes.length,
      bytes: async function* () {
        yield one.bytes.subarray(0, 1000);
      },
    },
  ]);
  await expect(short).rejects.toThrow(RangeError);
  expect(await readFrame(peer, one)).toBeNull();
});

test('gives the whole instance untranscoded', async () => {
  const one = await sampleInstance();
  await stowInstances(peer, null, [one]);
  const back = await readInstance(peer, one);
  expect(back?.kind).toBe('instance');
  expect(back?.bytes.includes(one.jpeg)).toBe(true);
});

test('an instance the archive does not have is null', async () => {
  expect(await readFrame(peer, { studyUid: newUid(), seriesUid: newUid(), sopInstanceUid: newUid() })).toBeNull();
});

test('an instance of another study than the one in the address is refused with its reason', async () => {
  const one = await sampleInstance();
  const results = await stowInstances(peer, newUid(), [one]);
  expect(results.get(one.sopInstanceUid)).toMatchObject({ outcome: 'refused', code: 272 });
});

test('beside a part that is no DICOM, the good one is known to be stored and the bad one is unknown', async () => {
  const good = await sampleInstance();
  const bad = { sopInstanceUid: newUid(), sopClassUid: good.sopClassUid, bytes: Buffer.from('not dicom') };
  const results = await stowInstances(peer, null, [good, bad]);
  expect(results.get(good.sopInstanceUid)?.outcome).toBe('stored');
  expect(results.get(bad.sopInstanceUid)?.outcome).toBe('unknown');
});

test('other pixels under a known UID: Orthanc says stored, the read-back shows it kept the first', async () => {
  const first = await sampleInstance();
  await stowInstances(peer, null, [first]);
  const second = await sampleInstance();
  const forged = Buffer.from(first.bytes);
  const at = forged.indexOf(first.jpeg) + (first.jpeg.length >>> 1);
  forged[at] = forged[at]! ^ 1;
  const results = await stowInstances(peer, null, [{ ...first, bytes: forged }, second]);
  expect(results.get(first.sopInstanceUid)?.outcome).toBe('stored');
  expect((await readFrame(peer, first))!.bytes.includes(first.jpeg)).toBe(true);
});

test('storage commitment over the web is not offered', async () => {
  const one = await sampleInstance();
  expect(await requestCommitment(peer, newUid(), [one])).toEqual({ state: 'not-offered' });
});

test('the probe passes, and names an archive that is not there', async () => {
  await expect(probeArchive(peer)).resolves.toBeUndefined();
  const gone = probeArchive({ baseUrl: 'http://127.0.0.1:9/dicom-web' });
  await expect(gone).rejects.toThrow(ArchiveUnreachableError);
  await expect(gone).rejects.toMatchObject({ code: 'peer-unreachable', details: { reason: 'ECONNREFUSED' } });
});
