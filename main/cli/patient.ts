import type { PatientView } from '../../shared/contract.ts';

/** A patient as the command line prints it, for somebody who asked for patients. */
export function patientJson(patient: PatientView) {
  return {
    name: patient.name.display,
    ideographicName: patient.name.ideographic,
    phoneticName: patient.name.phonetic,
    mrn: patient.mrn,
    issuer: patient.issuer,
    birthDate: patient.birthDate,
    sex: patient.sex,
  };
}

/** Milliseconds since the epoch as ISO 8601. */
export function moment(at: number): string {
  return new Date(at).toISOString();
}
