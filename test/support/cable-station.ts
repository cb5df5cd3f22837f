import type { CallOutput } from '../../shared/contract.ts';
import type { DockingView } from '../../shared/contract/types.ts';
import { testJpeg } from './jpeg.ts';
import type { OrthancServer } from './orthanc.ts';
import { startOrthanc } from './orthanc.ts';
import { freePort } from './server-process.ts';
import type { TestStation, TestStationOptions } from './station.ts';
import { startTestStation } from './station.ts';
import type { RigObject, UsbRig } from './usb-rig/rig.ts';
import { startRig } from './usb-rig/rig.ts';

export interface CableStationOptions {
  /** Sections of station.json beside the archive's. */
  readonly config?: Readonly<Record<string, object>>;
  readonly station?: Omit<TestStationOptions, 'config'>;
}

/** A real station whose devices hang on the rig, and a real Orthanc it delivers to by DICOMweb. */
export class CableStation {
  readonly rig: UsbRig;
  readonly orthanc: OrthancServer;
  readonly station: TestStation;

  private constructor(rig: UsbRig, orthanc: OrthancServer, station: TestStation) {
    this.rig = rig;
    this.orthanc = orthanc;
    this.station = station;
  }

  static async start({ config = {}, station: options = {} }: CableStationOptions = {}): Promise<CableStation> {
    const rig = await startRig();
    const orthanc = await startOrthanc({
      stationAet: 'PHOTODOCK',
      stationHost: '127.0.0.1',
      stationPort: await freePort(),
      worklist: [{ patientName: 'Cable^Test', patientId: 'MRN-1', studyInstanceUid: '1.2.826.0.1.3680043.10.1.8' }],
    });
    const { devices = {}, ...rest } = config;
    const station = await startTestStation({
      ...options,
      config: {
        station: { name: 'CABLE', department: 'Dermatology' },
        archive: { kind: 'dicomweb', name: 'Orthanc', baseUrl: orthanc.dicomWebUrl },
        worklist: { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet },
        intake: { mountRoots: [], watchFolders: [] },
        ...rest,
        devices: { buttons: false, launch: rig.launch, ...devices },
      },
    });
    await station.firstLead();
    await station.until('worklist.list', {}, ({ items }) => items.length > 0);
    return new CableStation(rig, orthanc, station);
  }

  /** The newest docking of a medium of this serial number, once it is as asked. */
  async docking(serial: string, isRight: (docking: DockingView) => boolean, timeoutMs = 60_000): Promise<DockingView> {
    const find = ({ dockings }: CallOutput<'dockings.list'>) => dockings.find((one) => one.medium.serial === serial);
    const answer = await this.station.until(
      'dockings.list',
      {},
      (value) => {
        const docking = find(value);
        return docking !== undefined && isRight(docking);
      },
      timeoutMs,
    );
    return find(answer)!;
  }

  /** Files every unfiled capture of a docking to the one patient. */
  async fileAll(dockingId: string): Promise<number> {
    const { captures } = await this.station.call('captures.list', { dockingId, stage: 'unfiled' });
    const { items } = await this.station.call('worklist.list', {});
    if (captures.length === 0) return 0;
    const { filed } = await this.station.call('captures.file', {
      captureIds: captures.map((one) => one.id),
      worklistItemId: items[0]!.id,
      region: { scheme: 'SCT', code: '33712006' },
      laterality: 'R',
      view: null,
      burnedIn: false,
      recognizable: false,
    });
    return filed.length;
  }

  async stop(): Promise<void> {
    await this.station.stop();
    await this.rig.stop();
    await this.orthanc.stop();
  }
}

/** Pictures as a camera numbers them; no two numbers give the same. */
export async function cameraPictures(count: number, first = 1, folder = 'DCIM/100CANON'): Promise<RigObject[]> {
  const pictures: RigObject[] = [];
  for (let number = first; number < first + count; number += 1) {
    const bytes = await testJpeg(7000 + number, 320);
    const second = String(number % 60).padStart(2, '0');
    pictures.push({
      path: `${folder}/IMG_${String(number).padStart(4, '0')}.JPG`,
      base64: bytes.toString('base64'),
      time: `20261120T0910${second}`,
    });
  }
  return pictures;
}
