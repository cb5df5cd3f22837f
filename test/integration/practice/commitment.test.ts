import { afterEach, beforeEach, expect, test } from 'vitest';
import { dimse } from '../../../main/station/practice/dimse-library.ts';
import { startHostileArchive, type HostileArchive } from '../../support/hostile-archive.ts';
import { run } from '../../support/server-process.ts';
import { sampleInstance, newUid, type SampleInstance } from '../dicomweb/sample-instance.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The archive's reports are judged here by a bare listener of the library, not by the station's own code.
interface Report {
  readonly type: number;
  readonly elements: Record<string, unknown>;
  readonly calledAet: string;
}

let reports: Report[];
let listener: { port: number; stop(): void };
let archive: HostileArchive;
let folder: string;
let instance: SampleInstance;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photodock-commitment-'));
  reports = [];
  listener = await listen((report) => reports.push(report));
  archive = await startHostileArchive({ scenario: 'honest', stationAet: 'STATION', stationPort: listener.port });
  instance = await sampleInstance();
  await writeFile(join(folder, 'one.dcm'), instance.bytes);
});

afterEach(async () => {
  await archive.stop();
  listener.stop();
  await rm(folder, { recursive: true, force: true });
});

function listen(report: (one: Report) => void): Promise<{ port: number; stop(): void }> {
  class Listener extends dimse.Scp {
    calledAet = '';
    override associationRequested(association: InstanceType<typeof dimse.association.Association>): void {
      this.calledAet = association.getCalledAeTitle();
      for (const { id } of association.getPresentationContexts()) {
        const context = association.getPresentationContext(id);
        context.setResult(dimse.constants.PresentationContextResult.Accept, '1.2.840.10008.1.2.1');
      }
      this.sendAssociationAccept();
    }
    override associationReleaseRequested(): void {
      this.sendAssociationReleaseResponse();
    }
    override nEventReportRequest(
      request: InstanceType<typeof dimse.requests.NEventReportRequest>,
      answer: (response: InstanceType<typeof dimse.responses.NEventReportResponse>) => void,
    ): void {
      report({
        type: request.getEventTypeId(),
        elements: request.getDataset()?.getElements() ?? {},
        calledAet: this.calledAet.trim(),
      });
      const response = dimse.responses.NEventReportResponse.fromRequest(request);
      response.setStatus(0);
      answer(response);
    }
  }
  const server = new dimse.Server(Listener);
  return new Promise((resolve) => {
    server.on('listening', () => {
      const { port } = (server as unknown as { server: { address(): { port: number } } }).server.address();
      resolve({ port, stop: () => server.close() });
    });
    server.listen({ port: 0, host: '127.0.0.1' } as unknown as number);
  });
}

function ask(transactionUid: string, uids: string[]): Promise<number | undefined> {
  const request = new dimse.requests.NActionRequest('1.2.840.10008.1.20.1', '1.2.840.10008.1.20.1.1', 1);
  const references = uids.map((uid) => ({
    ReferencedSOPClassUID: instance.sopClassUid,
    ReferencedSOPInstanceUID: uid,
  }));
  request.setDataset(new dimse.Dataset({ TransactionUID: transactionUid, ReferencedSOPSequence: references }));
  return new Promise((resolve, reject) => {
    let status: number | undefined;
    request.on('response', (response: { getStatus(): number }) => (status = response.getStatus()));
    const client = new dimse.Client();
    client.addRequest(request);
    client.on('networkError', reject);
    client.on('closed', () => resolve(status));
    client.send('127.0.0.1', archive.dicomPort, 'STATION', archive.aet);
  });
}

async function store(): Promise<void> {
  const sent = await run('storescu', [
    '-xy',
    '-aec',
    archive.aet,
    '127.0.0.1',
    String(archive.dicomPort),
    join(folder, 'one.dcm'),
  ]);
  expect(sent.code).toBe(0);
}

const item = (uid: string) => expect.objectContaining({ ReferencedSOPInstanceUID: uid });
const asList = (value: unknown) => (value === undefined ? [] : Array.from(value as unknown[]));

test('honest: reports on an association of its own what it holds and what not', async () => {
  await store();
  const missing = newUid();
  const transaction = newUid();
  expect(await ask(transaction, [instance.sopInstanceUid, missing])).toBe(0);
  await expect.poll(() => reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ type: 2, calledAet: 'STATION', elements: { TransactionUID: transaction } });
  expect(asList(reports[0]!.elements['ReferencedSOPSequence'])).toEqual([item(instance.sopInstanceUid)]);
  expect(asList(reports[0]!.elements['FailedSOPSequence'])).toEqual([item(missing)]);
});

test('stores-nothing: commits to what it does not have', async () => {
  archive.become('stores-nothing');
  await store();
  await ask(newUid(), [instance.sopInstanceUid]);
  await expect.poll(() => reports).toHaveLength(1);
  expect(reports[0]!.type).toBe(1);
  expect(archive.stored()).toEqual([]);
});

test('commitment-fewer leaves the last one out, commitment-foreign names another transaction, commitment-failed fails all', async () => {
  await store();
  const transaction = newUid();
  archive.become('commitment-fewer');
  await ask(transaction, [newUid(), instance.sopInstanceUid]);
  archive.become('commitment-foreign');
  await ask(transaction, [instance.sopInstanceUid]);
  archive.become('commitment-failed');
  await ask(transaction, [instance.sopInstanceUid]);
  await expect.poll(() => reports).toHaveLength(3);
  expect(asList(reports[0]!.elements['ReferencedSOPSequence'])).toHaveLength(1);
  expect(reports[0]!.type).toBe(1);
  expect(reports[1]!.elements['TransactionUID']).not.toBe(transaction);
  expect(reports[2]!.type).toBe(2);
  expect(asList(reports[2]!.elements['FailedSOPSequence'])).toEqual([item(instance.sopInstanceUid)]);
});

test('commitment-refused says so at once, and no report comes', async () => {
  archive.become('commitment-refused');
  expect(await ask(newUid(), [instance.sopInstanceUid])).toBe(0x0110);
  expect(reports).toEqual([]);
});

test.each([
  ['refuses-association', /rejected/i],
  ['refuses-context', /No Acceptable Presentation Contexts|No presentation context/i],
  ['aborts-store', /abort/i],
  ['out-of-resources', /OutOfResources|0xa700/i],
  ['warns', /0xb000|Warning/i],
] as const)('%s shows in storescu', async (scenario, said) => {
  archive.become(scenario);
  const sent = await run('storescu', [
    '-xy',
    '-v',
    '-aec',
    archive.aet,
    '127.0.0.1',
    String(archive.dicomPort),
    join(folder, 'one.dcm'),
  ]);
  expect(sent.output).toMatch(said);
});

test('refuses-jpeg: the sender is left with uncompressed contexts only', async () => {
  archive.become('refuses-jpeg');
  const sent = await run('storescu', [
    '-xy',
    '-d',
    '-aec',
    archive.aet,
    '127.0.0.1',
    String(archive.dicomPort),
    join(folder, 'one.dcm'),
  ]);
  expect(sent.output).not.toContain('Accepted Transfer Syntax: =JPEGBaseline');
});
