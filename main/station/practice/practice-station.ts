import type { PracticeHospital } from './practice-hospital.ts';

/** What a station must know to work with a practice hospital, as plain data. */
export interface PracticeStation {
  /** Our own AE title, and where we listen for commitment reports and instances sent back. */
  readonly station: { readonly aet: string; readonly host: string; readonly port: number };
  readonly archive: {
    readonly dimse: { readonly host: string; readonly port: number; readonly aet: string };
    readonly dicomWeb: { readonly baseUrl: string };
  };
  readonly worklist: { readonly host: string; readonly port: number; readonly aet: string };
}

/** The addresses of a practice hospital. */
export function practiceStation(hospital: PracticeHospital): PracticeStation {
  const dimse = { host: '127.0.0.1', port: hospital.dicomPort, aet: hospital.aet };
  return {
    station: { aet: hospital.stationAet, host: '127.0.0.1', port: hospital.stationPort },
    archive: { dimse, dicomWeb: { baseUrl: hospital.dicomWebUrl } },
    worklist: dimse,
  };
}
