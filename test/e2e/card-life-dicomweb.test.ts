import { test } from '@playwright/test';
import { startWlmscpfs } from '../support/dcmtk.ts';
import type { WorklistServer } from '../support/dcmtk.ts';
import { startOrthanc } from '../support/orthanc.ts';
import type { OrthancServer } from '../support/orthanc.ts';
import { liveThrough, OTHERS, PATIENT } from './support/card-life.ts';
import { placesForWard, STATION_AET, Ward } from './support/ward.ts';

// STOW-RS and WADO-RS against a real Orthanc; the worklist is dcmtk's.

let orthanc: OrthancServer;
let worklist: WorklistServer;
let ward: Ward;

test.beforeAll(async () => {
  const places = await placesForWard();
  [orthanc, worklist] = await Promise.all([
    startOrthanc({ stationAet: STATION_AET, stationHost: '127.0.0.1', stationPort: places.listenPort }),
    startWlmscpfs([PATIENT, ...OTHERS]),
  ]);
  ward = await Ward.open(places, {
    archive: { kind: 'dicomweb', name: 'Orthanc', baseUrl: orthanc.dicomWebUrl },
    worklist: { host: worklist.host, port: worklist.port, calledAet: worklist.aet, refreshSeconds: 5 },
  });
});

test.afterAll(async () => {
  await ward.close();
  await Promise.all([orthanc.stop(), worklist.stop()]);
});

test('a card is docked, sealed, filed by keyboard, confirmed, erased and certified; it is clear', async () => {
  await ward.createLead();
  // The side is named in the region's own words.
  await liveThrough(ward, orthanc, { patient: 'A7001', region: 'back of left hand' });
});
