import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFrame, requestCommitment, stowInstances } from '../../../main/station/archive/dicomweb/index.ts';
import { startPractice, type PracticeHospital } from '../../../main/station/practice/index.ts';
import { freePort, run } from '../../support/server-process.ts';
import { newUid, sampleInstance, type SampleInstance } from '../dicomweb/sample-instance.ts';

let folder: string;
let hospital: PracticeHospital;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photodock-practice-'));
  hospital = await startPractice(join(folder, 'hospital'), { stationAet: 'STATION' });
});

afterEach(async () => {
  await hospital.stop();
  await rm(folder, { recursive: true, force: true });
});

async function tool(name: string, ...args: string[]) {
  const result = await run(name, [...args]);
  return { ...result, ok: result.code === 0 };
}

const address = () => ['-aec', hospital.aet, '127.0.0.1', String(hospital.dicomPort)];

async function onDisk(instance: SampleInstance, name = 'one.dcm'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, instance.bytes);
  return path;
}

test('storescu stores a JPEG, and the very bytes are kept', async () => {
  const one = await sampleInstance();
  const sent = await tool('storescu', '-xy', '-v', ...address(), await onDisk(one));
  expect(sent.output).toContain('Received Store Response (Success)');
  const [name] = await readdir(join(folder, 'hospital', 'instances'));
  const kept = await readFile(join(folder, 'hospital', 'instances', name!));
  expect(name).toBe(`${one.sopInstanceUid}.dcm`);
  expect(kept.includes(one.jpeg)).toBe(true);
  const frame = await readFrame({ baseUrl: hospital.dicomWebUrl }, one);
  expect(frame?.bytes.subarray(0, one.jpeg.length).equals(one.jpeg)).toBe(true);
});

test('the same bytes again are welcome, other bytes under a known UID are refused by both protocols', async () => {
  const one = await sampleInstance();
  const forged = { ...one, bytes: Buffer.from(one.bytes) };
  const at = forged.bytes.indexOf(one.jpeg) + (one.jpeg.length >>> 1);
  forged.bytes[at] = forged.bytes[at]! ^ 1;
  const path = await onDisk(one);
  expect((await tool('storescu', '-xy', ...address(), path)).ok).toBe(true);
  expect((await tool('storescu', '-xy', ...address(), path)).ok).toBe(true);
  const refused = await tool('storescu', '-xy', '-v', ...address(), await onDisk(forged, 'forged.dcm'));
  expect(refused.output).toMatch(/0x0*111/);
  const stow = await stowInstances({ baseUrl: hospital.dicomWebUrl }, null, [forged]);
  expect(stow.get(one.sopInstanceUid)).toMatchObject({ outcome: 'refused', code: 0x0111 });
  const frame = await readFrame({ baseUrl: hospital.dicomWebUrl }, one);
  expect(frame?.bytes.includes(one.jpeg)).toBe(true);
});

test('findscu finds the patients of today in their own scripts', async () => {
  const today = new Date();
  const date = `${today.getFullYear()}${String(today.getMonth() + 1).padStart(2, '0')}${String(today.getDate()).padStart(2, '0')}`;
  const found = await tool(
    'findscu',
    '-W',
    ...address(),
    ...['PatientName', 'PatientID', 'PatientBirthDate', 'StudyInstanceUID', 'AccessionNumber'].flatMap((key) => [
      '-k',
      key,
    ]),
    '-k',
    `ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate=${date}`,
    '-k',
    'ScheduledProcedureStepSequence[0].Modality=XC',
  );
  for (const name of [
    'Practice^Ada',
    'Übung^Jürgen',
    'Тренировка^Иван',
    'Renshu^Hanako=練習^花子=れんしゅう^はなこ',
    'Άσκηση^Ελένη',
    'تدريب^ليلى',
  ]) {
    expect(found.output).toContain(name);
  }
  expect(found.output).toContain('[ISO_IR 192]');
  expect(found.output).not.toContain('Practice^Tomorrow');
  expect(found.output.match(/Find Response: \d+ \(Pending\)/g)).toHaveLength(10);
});

test.each([
  ['PatientName=PRACTICE^MARIA', ['PRACTICE-0002', 'PRACTICE-0003']],
  ['PatientName=practice^a*', ['PRACTICE-0001']],
  ['PatientID=PRACTICE-0007', ['PRACTICE-0007']],
  ['PatientName=*花子*', ['PRACTICE-0007']],
  ['PatientName=Nobody*', []],
])('findscu matches %s', async (key, ids) => {
  const keys = key.startsWith('PatientID') ? ['-k', key] : ['-k', key, '-k', 'PatientID'];
  const found = await tool('findscu', '-W', ...address(), '-k', 'SpecificCharacterSet=ISO_IR 192', ...keys);
  expect([...found.output.matchAll(/\(0010,0020\) LO \[(PRACTICE-\d+) *\]/g)].map((one) => one[1])).toEqual(ids);
});

test('movescu gets an instance back, bit for bit', async () => {
  await hospital.stop();
  const port = await freePort();
  hospital = await startPractice(join(folder, 'hospital'), { stationAet: 'STATION', stationPort: port });
  const one = await sampleInstance();
  await tool('storescu', '-xy', ...address(), await onDisk(one));
  const moved = await tool(
    'movescu',
    '-v',
    '-S',
    '+xy',
    '-aet',
    'STATION',
    '-aem',
    'STATION',
    '+P',
    String(port),
    '-od',
    folder,
    ...address(),
    '-k',
    'QueryRetrieveLevel=IMAGE',
    '-k',
    `StudyInstanceUID=${one.studyUid}`,
    '-k',
    `SeriesInstanceUID=${one.seriesUid}`,
    '-k',
    `SOPInstanceUID=${one.sopInstanceUid}`,
  );
  expect(moved.output).toContain('Received Final Move Response (Success)');
  const received = (await readdir(folder)).find((name) => name.startsWith('VLp'));
  expect((await readFile(join(folder, received!))).includes(one.jpeg)).toBe(true);
  const unknown = await tool(
    'movescu',
    '-v',
    '-S',
    '-aet',
    'STATION',
    '-aem',
    'ELSEWHERE',
    ...address(),
    '-k',
    'QueryRetrieveLevel=STUDY',
    '-k',
    `StudyInstanceUID=${one.studyUid}`,
  );
  expect(unknown.output).toMatch(/MoveDestinationUnknown|0xa801/i);
});

test('a caller that uses another AE title is rejected', async () => {
  const echo = await tool('echoscu', '-aec', 'SOMEBODY', '127.0.0.1', String(hospital.dicomPort));
  expect(echo.ok).toBe(false);
  expect(echo.output).toContain('Called AE Title Not Recognized');
});

test('commits over the web to what it holds', async () => {
  const one = await sampleInstance();
  const peer = { baseUrl: hospital.dicomWebUrl };
  await stowInstances(peer, one.studyUid, [one]);
  const missing = { sopClassUid: one.sopClassUid, sopInstanceUid: newUid() };
  expect(await requestCommitment(peer, newUid(), [one, missing])).toEqual({
    state: 'answered',
    committed: [{ sopClassUid: one.sopClassUid, sopInstanceUid: one.sopInstanceUid }],
    failed: [{ ...missing, reason: 0x0112 }],
  });
});

test('comes back on the same ports with everything it held when it is killed', async () => {
  const one = await sampleInstance();
  await tool('storescu', '-xy', ...address(), await onDisk(one));
  const before = hospital.pid();
  process.kill(before!, 'SIGKILL');
  await expect.poll(async () => (await tool('echoscu', ...address())).ok, { timeout: 20_000 }).toBe(true);
  expect(hospital.pid()).not.toBe(before);
  const frame = await readFrame({ baseUrl: hospital.dicomWebUrl }, one);
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  expect(hash(frame!.bytes.subarray(0, one.jpeg.length))).toBe(hash(one.jpeg));
});

test('answers nobody but this machine, not even by a name that resolves here', async () => {
  const response = await run('curl', [
    '-s',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    '-H',
    'Host: practice.example',
    `${hospital.dicomWebUrl}/studies`,
  ]);
  expect(response.output).toBe('403');
  const listening = await readFile('/proc/net/tcp', 'latin1');
  const port = hospital.dicomPort.toString(16).toUpperCase().padStart(4, '0');
  expect(listening).toContain(`0100007F:${port}`);
  expect(listening).not.toContain(`00000000:${port}`);
});

test('ends when the process that started it closes its end', async () => {
  const pid = hospital.pid()!;
  await hospital.stop();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
