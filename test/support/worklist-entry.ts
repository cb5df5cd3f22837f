import type { WorklistEntry } from '../../shared/domain/worklist.ts';

/** A worklist entry as the station keeps it; study and step are made of the patient's id unless given. */
export function worklistEntry(of: {
  id: string;
  name: string;
  ideographic?: string;
  phonetic?: string;
  accession?: string;
  otherIds?: string[];
  study?: string;
  step?: string;
  incomplete?: string[];
}): WorklistEntry {
  const digits = [...of.id].map((character) => character.codePointAt(0)).join('');
  return {
    patient: {
      name: { alphabetic: of.name, ideographic: of.ideographic ?? null, phonetic: of.phonetic ?? null },
      id: of.id,
      issuer: null,
      birthDate: '19700101',
      sex: 'F',
      otherIds: of.otherIds ?? [],
    },
    accessionNumber: of.accession ?? null,
    studyInstanceUid: of.study ?? `2.25.${digits}`,
    requestedProcedureId: 'RP',
    requestedProcedureDescription: 'Photographs',
    requestedProcedureCodes: [],
    scheduledProcedureStepId: of.step ?? 'SPS',
    scheduledProcedureStepDescription: null,
    scheduledProtocolCodes: [],
    scheduledStationAet: null,
    modality: 'XC',
    scheduledStart: { date: '20260101', time: '080000' },
    referringPhysicianName: null,
    admissionId: null,
    patientLocation: null,
    confidentiality: null,
    medicalAlerts: null,
    priority: null,
    incomplete: of.incomplete ?? [],
  };
}
