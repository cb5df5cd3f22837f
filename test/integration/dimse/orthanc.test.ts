import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  COMMAND,
  createListener,
  datasetOf,
  echo,
  encodeElements,
  readBackByGet,
  readBackByMove,
  requestCommitment,
  runRequests,
  STORAGE_COMMITMENT,
  storeInstance,
} from '../../../main/station/archive/dimse/index.ts';
import type { CommitmentReport, Listener, Peer } from '../../../main/station/archive/dimse/index.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { instanceFile, newUid } from '../../support/instance-file.ts';
import { startOrthanc } from '../../support/orthanc.ts';
import type { OrthancServer } from '../../support/orthanc.ts';
import { freePort, removeFolder, run, tempFolder } from '../../support/server-process.ts';

let orthanc: OrthancServer;
let listener: Listener;
let peer: Peer;
let reports: CommitmentReport[];
let onReport: (report: CommitmentReport) => Promise<void>;

beforeAll(async () => {
  const stationPort = await freePort();
  orthanc = await startOrthanc({ stationAet: 'IMGST', stationHost: '127.0.0.1', stationPort });
  listener = await createListener({
    aet: 'IMGST',
    port: stationPort,
    allowedCallingAets: ['ARCHIVE'],
    onCommitmentReport: (report) => onReport(report),
  });
  peer = { host: '127.0.0.1', port: orthanc.dicomPort, calledAet: orthanc.aet, callingAet: 'IMGST' };
});
beforeEach(() => {
  reports = [];
  onReport = async (report) => void reports.push(report);
});
afterAll(async () => {
  await listener?.close();
  await orthanc?.stop();
});

describe('with a real archive', () => {
  it('C-ECHO succeeds, and fails by name when the AE title is wrong', async () => {
    await echo(peer);
    await expect(echo({ ...peer, calledAet: 'OTHER' })).rejects.toMatchObject({
      code: 'association-rejected',
      details: { reason: 7 },
    });
  });

  it('an instance is stored, committed and read back byte for byte, by C-MOVE and by C-GET', async () => {
    const instance = instanceFile(700_001);
    expect(await storeInstance(peer, instance)).toEqual({ status: 0, outcome: 'stored' });
    expect(await orthanc.find(instance.sopInstanceUid)).not.toBeNull();

    const transactionUid = newUid();
    const reference = { sopClassUid: instance.sopClassUid, sopInstanceUid: instance.sopInstanceUid };
    expect(await requestCommitment(peer, transactionUid, [reference])).toEqual({ status: 0 });
    await expect
      .poll(() => reports)
      .toEqual([{ transactionUid, callingAet: 'ARCHIVE', eventTypeId: 1, ok: [reference], failed: [] }]);

    for (const received of [
      await readBackByMove(peer, listener, instance),
      await readBackByGet(peer, instance, instance),
    ]) {
      expect(received).toMatchObject({
        sopInstanceUid: instance.sopInstanceUid,
        transferSyntaxUid: instance.transferSyntaxUid,
      });
      expect(received?.dataset.equals(datasetOf(instance.bytes))).toBe(true);
    }
  });

  it('commitment names what the archive does not hold', async () => {
    const held = instanceFile();
    await storeInstance(peer, held);
    const missing = { sopClassUid: held.sopClassUid, sopInstanceUid: newUid() };
    await requestCommitment(peer, newUid(), [
      { sopClassUid: held.sopClassUid, sopInstanceUid: held.sopInstanceUid },
      missing,
    ]);
    await expect
      .poll(() => reports)
      .toMatchObject([
        { eventTypeId: 2, ok: [{ sopInstanceUid: held.sopInstanceUid }], failed: [{ ...missing, reason: 0x0112 }] },
      ]);
  });

  it('reading back what the archive never had gives null, not an error and not something else', async () => {
    const absent = instanceFile();
    expect(await readBackByMove(peer, listener, absent)).toBeNull();
    expect(await readBackByGet(peer, absent, absent)).toBeNull();
  });

  it('a kept first copy under the same UID is seen by its bytes', async () => {
    const first = instanceFile();
    const second = instanceFile(5_000, {
      sopInstanceUid: first.sopInstanceUid,
      studyUid: first.studyUid,
      seriesUid: first.seriesUid,
    });
    await storeInstance(peer, first);
    expect((await storeInstance(peer, second)).outcome).toBe('stored');
    const held = await readBackByMove(peer, listener, second);
    expect(held?.dataset.equals(datasetOf(second.bytes))).toBe(false);
    expect(held?.dataset.equals(datasetOf(first.bytes))).toBe(true);
  });

  it('an archive that holds the instance but cannot reach us is an error, not "absent"', async () => {
    const instance = instanceFile();
    await storeInstance(peer, instance);
    const deaf: Listener = { ...listener, aet: 'NOBODY' };
    await expect(readBackByMove(peer, deaf, instance)).rejects.toMatchObject({ code: 'unexpected-status' });
  });
});

describe('the station’s listener', () => {
  const station = (): Peer => ({ host: '127.0.0.1', port: listener.port, calledAet: 'IMGST', callingAet: 'ARCHIVE' });
  const report = (transactionUid: string) => ({
    context: { sopClassUid: STORAGE_COMMITMENT, transferSyntaxUids: ['1.2.840.10008.1.2.1'] },
    command: {
      field: COMMAND.eventReport,
      affectedSopClassUid: STORAGE_COMMITMENT,
      affectedSopInstanceUid: `${STORAGE_COMMITMENT}.1`,
      eventTypeId: 1,
    },
    dataset: (uid: string) =>
      encodeElements(
        [
          [0x00081195, 'UI', transactionUid],
          [
            0x00081199,
            'SQ',
            [
              [
                [0x00081150, 'UI', '1.2'],
                [0x00081155, 'UI', '1.3'],
              ],
            ],
          ],
        ],
        uid,
      ),
  });

  it('answers C-ECHO of dcmtk, and only between the AE titles it knows', async () => {
    const port = String(listener.port);
    expect((await run('echoscu', ['-aet', 'ARCHIVE', '-aec', 'IMGST', '127.0.0.1', port])).code).toBe(0);
    expect((await run('echoscu', ['-aet', 'STRANGER', '-aec', 'IMGST', '127.0.0.1', port])).output).toContain(
      'Calling AE Title Not Recognized',
    );
    expect((await run('echoscu', ['-aet', 'ARCHIVE', '-aec', 'ANOTHER', '127.0.0.1', port])).output).toContain(
      'Called AE Title Not Recognized',
    );
  });

  it('says success to a report only after it has been kept', async () => {
    const steps: string[] = [];
    let keep!: () => void;
    onReport = (kept) =>
      new Promise<void>((resolve) => {
        steps.push(`asked to keep ${kept.ok.length}`);
        keep = () => (steps.push('kept'), resolve());
      });
    const answered = runRequests(station(), [report('2.25.5')]).then(([answer]) =>
      steps.push(`answered ${answer?.status}`),
    );
    await expect.poll(() => steps).toEqual(['asked to keep 1']);
    keep();
    await answered;
    expect(steps).toEqual(['asked to keep 1', 'kept', 'answered 0']);
  });

  it('says failure when the report could not be kept, or is no report', async () => {
    onReport = () => Promise.reject(new Error('disk full'));
    expect((await runRequests(station(), [report('2.25.6')]))[0]?.status).toBe(0x0110);
    const broken = { ...report(''), dataset: () => Buffer.from('not a data set') };
    onReport = async (kept) => void reports.push(kept);
    expect((await runRequests(station(), [broken]))[0]?.status).toBe(0x0110);
    expect(reports).toEqual([]);
  });

  it('takes no instance that nobody is reading back', async () => {
    const folder = await tempFolder('store');
    const instance = instanceFile();
    await writeFile(join(folder, 'a.dcm'), instance.bytes);
    const send = () =>
      run('storescu', [
        '-v',
        '-xy',
        '-aet',
        'ARCHIVE',
        '-aec',
        'IMGST',
        '127.0.0.1',
        String(listener.port),
        join(folder, 'a.dcm'),
      ]);
    expect((await send()).output).toContain('No Acceptable Presentation Contexts');
    const other = listener.expectStore(newUid());
    expect((await send()).output).toContain('0x124');
    other.cancel();
    const expectation = listener.expectStore(instance.sopInstanceUid);
    expect((await send()).code).toBe(0);
    expect((await expectation.received).dataset.equals(datasetOf(instance.bytes))).toBe(true);
    expectation.cancel();
    await removeFolder(folder);
  });

  it('trap 8: hangs up on a length no association needs, before it buffers', async () => {
    const socket = connect({ port: listener.port, host: '127.0.0.1' });
    const closed = new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined));
    socket.write(Buffer.from([1, 0, 0x10, 0, 0, 0]));
    await closed;
    await echo(station());
  });

  it('hangs up on a connection that says nothing', async () => {
    const impatient = await createListener({
      aet: 'IMGST',
      port: 0,
      allowedCallingAets: ['ARCHIVE'],
      onCommitmentReport: onReport,
      idleMs: 50,
    });
    const socket = connect({ port: impatient.port, host: '127.0.0.1' });
    await new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined));
    await impatient.close();
  });

  it('lets nobody connect from an address that is not listed', async () => {
    const strict = await createListener({
      aet: 'IMGST',
      port: 0,
      allowedCallingAets: ['ARCHIVE'],
      allowedHosts: ['192.0.2.1'],
      onCommitmentReport: onReport,
    });
    await expect(echo({ ...station(), port: strict.port })).rejects.toMatchObject({ code: 'association-aborted' });
    await strict.close();
  });

  it('says by name that its port is taken', async () => {
    const again = createListener({
      aet: 'IMGST',
      port: listener.port,
      allowedCallingAets: [],
      onCommitmentReport: onReport,
    });
    await expect(again).rejects.toMatchObject({ code: 'listener-failed', details: { reason: 'EADDRINUSE' } });
  });
});
