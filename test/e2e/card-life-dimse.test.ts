import { test } from '@playwright/test';
import { startOrthanc } from '../support/orthanc.ts';
import type { OrthancServer } from '../support/orthanc.ts';
import { liveThrough, OTHERS, PATIENT } from './support/card-life.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// C-STORE with storage commitment, read-back by C-MOVE, and the archive's own worklist: a real Orthanc.

let orthanc: OrthancServer;
let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  orthanc = await startOrthanc({
    stationAet: STATION_AET,
    stationHost: '127.0.0.1',
    stationPort: places.listenPort,
    worklist: [PATIENT, ...OTHERS],
  });
  const peer = { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet };
  ward = await Ward.open(places, {
    archive: { kind: 'dimse', name: 'Orthanc', ...peer },
    worklist: { ...peer, refreshSeconds: 5 },
  });
});

test.afterAll(async () => {
  await ward.close();
  await orthanc.stop();
});

test('a card is docked, sealed, filed by keyboard, confirmed, erased and certified; what is no picture stays', async () => {
  await ward.createLead();
  const notes = { 'NOTES.XYZ': Buffer.from('nobody knows what this is') };
  await liveThrough(ward, orthanc, { patient: 'okon', region: 'back of hand', side: 'R' }, notes);
});
