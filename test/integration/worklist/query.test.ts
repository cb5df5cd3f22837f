import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND, EXPLICIT_LITTLE_ENDIAN, runRequests } from '../../../main/station/archive/dimse/index.ts';
import type { Peer } from '../../../main/station/archive/dimse/index.ts';
import { MODALITY_WORKLIST_FIND, queryWorklist } from '../../../main/station/worklist/query/index.ts';
import { startWlmscpfs } from '../../support/dcmtk.ts';
import type { WorklistServer } from '../../support/dcmtk.ts';
import { startFakeArchive } from '../../support/fake-archive.ts';
import { startOrthanc } from '../../support/orthanc.ts';
import type { OrthancServer } from '../../support/orthanc.ts';
import { dicomDate, encodeElements } from '../../support/worklist-file.ts';
import type { WorklistFixture } from '../../support/worklist-file.ts';

const raw = (text: string): Buffer => Buffer.from(text, 'latin1');
const today = dicomDate();
const entries: WorklistFixture[] = [
  { patientName: 'Müller^Jürgen', patientId: 'P1' },
  { patientName: 'Gonçalves^José', patientId: 'P2', characterSet: 'ISO_IR 100' },
  {
    patientName: raw('Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B'),
    patientId: 'P3',
    characterSet: '\\ISO 2022 IR 87',
  },
  {
    patientName: raw('\xb8\xd2\xd0\xdd\xde\xd2^\xb8\xd2\xd0\xdd'),
    patientId: 'P4',
    characterSet: 'ISO_IR 144',
    stationAet: 'OTHER',
  },
  { patientName: "O'Brien^X", patientId: 'P5', modality: 'US' },
];
/** Mislabelled by the server: must never reach a screen. */
const mangled: WorklistFixture = { patientName: raw('M\xfcller^Falsch'), patientId: 'P6', characterSet: 'ISO_IR 192' };

let wlmscpfs: WorklistServer;
let orthanc: OrthancServer;
const peers: Record<string, Peer> = {};

beforeAll(async () => {
  wlmscpfs = await startWlmscpfs([...entries, mangled]);
  orthanc = await startOrthanc({
    stationAet: 'IMGST',
    stationHost: '127.0.0.1',
    stationPort: 11113,
    worklist: entries,
  });
  peers['wlmscpfs'] = { host: '127.0.0.1', port: wlmscpfs.port, calledAet: wlmscpfs.aet, callingAet: 'IMGST' };
  peers['Orthanc'] = { host: '127.0.0.1', port: orthanc.dicomPort, calledAet: orthanc.aet, callingAet: 'IMGST' };
});
afterAll(async () => {
  await wlmscpfs?.stop();
  await orthanc?.stop();
});

describe.each(['wlmscpfs', 'Orthanc'])('the worklist of %s', (server) => {
  const peer = (): Peer => peers[server] as Peer;
  const ids = async (query: Parameters<typeof queryWorklist>[1]) =>
    (await queryWorklist(peer(), query)).entries.map((entry) => entry.patient.id).sort();

  it('comes whole, with every name as it is written', async () => {
    const { entries: found, skipped, truncated } = await queryWorklist(peer(), {});
    const names = Object.fromEntries(found.map((entry) => [entry.patient.id, entry.patient.name]));
    expect(names).toEqual({
      P1: { alphabetic: 'Müller^Jürgen', ideographic: null, phonetic: null },
      P2: { alphabetic: 'Gonçalves^José', ideographic: null, phonetic: null },
      P3: { alphabetic: 'Yamada^Tarou', ideographic: '山田^太郎', phonetic: 'やまだ^たろう' },
      P4: { alphabetic: 'Иванов^Иван', ideographic: null, phonetic: null },
      P5: { alphabetic: "O'Brien^X", ideographic: null, phonetic: null },
    });
    expect(skipped).toEqual(server === 'wlmscpfs' ? [{ reason: 'name-not-decodable' }] : []);
    expect(truncated).toBe(false);
  });

  it('carries over what the archive needs, verbatim', async () => {
    const { entries: found } = await queryWorklist(peer(), { patientId: 'P1' });
    expect(found).toMatchObject([
      {
        patient: { id: 'P1', issuer: 'HOSP', birthDate: '19700101', sex: 'F' },
        accessionNumber: 'A1001',
        studyInstanceUid: '2.25.71001',
        requestedProcedureId: 'RP1',
        scheduledProcedureStepId: 'SPS1',
        scheduledProtocolCodes: [{ value: 'DERM1', scheme: '99LOCAL', meaning: 'Lesion photographs' }],
        requestedProcedureCodes: [{ value: 'PHOTO', scheme: '99LOCAL', meaning: 'Photographic image' }],
        scheduledStart: { date: today, time: '100000' },
        incomplete: [],
      },
    ]);
  });

  it('is matched by station, modality, day, accession number and name', async () => {
    expect(await ids({ stationAet: 'OTHER' })).toEqual(['P4']);
    expect(await ids({ modality: 'US' })).toEqual(['P5']);
    expect(await ids({ from: today, to: today, modality: 'US' })).toEqual(['P5']);
    expect(await ids({ from: '19990101', to: '19991231' })).toEqual([]);
    expect(await ids({ accessionNumber: 'A1002' })).toEqual(['P2']);
    expect(await ids({ patientName: "O'Bri" })).toEqual(['P5']);
  });
});

describe('a long worklist', () => {
  const long = Array.from({ length: 150 }, (_, at) => ({ patientName: `Long^List${at}`, patientId: `L${at}` }));

  it('trap 4: an answer that warns (FF01) is not the last one', async () => {
    const server = await startWlmscpfs(long);
    const statuses: number[] = [];
    const [final] = await runRequests(
      { host: '127.0.0.1', port: server.port, calledAet: server.aet, callingAet: 'IMGST' },
      [
        {
          context: { sopClassUid: MODALITY_WORKLIST_FIND, transferSyntaxUids: [EXPLICIT_LITTLE_ENDIAN] },
          command: { field: COMMAND.find, affectedSopClassUid: MODALITY_WORKLIST_FIND, priority: 0 },
          // wlmscpfs does not support the body part and warns with every answer
          dataset: () =>
            encodeElements([
              [0x00100010, 'PN', ''],
              [0x00180015, 'CS', ''],
            ]),
          onPending: (answer) => void statuses.push(answer.status),
        },
      ],
    );
    await server.stop();
    expect(statuses).toEqual(long.map(() => 0xff01));
    expect(final?.status).toBe(0);
  });

  it('comes whole every time, or says that it was cut', async () => {
    const server = await startWlmscpfs(long);
    const peer = { host: '127.0.0.1', port: server.port, calledAet: server.aet, callingAet: 'IMGST' };
    try {
      for (let round = 0; round < 5; round++) expect((await queryWorklist(peer, {})).entries).toHaveLength(150);
      expect(server.output()).not.toContain('Abort');
      const cut = await queryWorklist(peer, { limit: 10 });
      expect(cut.entries).toHaveLength(10);
      expect(cut.truncated).toBe(true);
      expect((await queryWorklist(peer, { limit: 150 })).truncated).toBe(false);
    } finally {
      await server.stop();
    }
  });
});

describe('a worklist server that breaks', () => {
  it('half way gives an error, never half a list', async () => {
    const dataset = encodeElements([
      [0x00080005, 'CS', 'ISO_IR 192'],
      [0x00100010, 'PN', 'Half^List'],
      [0x00100020, 'LO', 'H1'],
    ]);
    const fake = await startFakeArchive(async (message, network, socket) => {
      const pending = { field: 0x8020, respondedToMessageId: message.command.messageId ?? 0, status: 0xff00 };
      await network.send(message.contextId, pending, dataset);
      socket.end();
    });
    const peer = { host: '127.0.0.1', port: fake.port, calledAet: 'WORKLIST', callingAet: 'IMGST' };
    await expect(queryWorklist(peer, {})).rejects.toMatchObject({ code: 'association-aborted' });
    await fake.stop();
  });

  it('by status gives that status', async () => {
    const fake = await startFakeArchive((message, network) =>
      network.send(message.contextId, {
        field: 0x8020,
        respondedToMessageId: message.command.messageId ?? 0,
        status: 0xa700,
      }),
    );
    const peer = { host: '127.0.0.1', port: fake.port, calledAet: 'WORKLIST', callingAet: 'IMGST' };
    await expect(queryWorklist(peer, {})).rejects.toMatchObject({ code: 'unexpected-status', status: 0xa700 });
    await fake.stop();
  });
});
