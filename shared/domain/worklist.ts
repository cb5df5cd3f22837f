/** A coded concept as the worklist sent it. */
export interface WorklistCode {
  value: string;
  scheme: string;
  meaning: string | null;
}

/** The three component groups of a DICOM person name, components separated by `^`. */
export interface PersonName {
  alphabetic: string;
  ideographic: string | null;
  phonetic: string | null;
}

export interface WorklistPatient {
  name: PersonName;
  id: string;
  /** Issuer of Patient ID */
  issuer: string | null;
  /** YYYYMMDD */
  birthDate: string | null;
  sex: string | null;
  otherIds: string[];
}

/** One scheduled procedure step of a Modality Worklist. Text is decoded; what could not be decoded is named in `incomplete`. */
export interface WorklistEntry {
  patient: WorklistPatient;
  accessionNumber: string | null;
  /** Empty only when the worklist left it out; then `incomplete` says so. */
  studyInstanceUid: string;
  requestedProcedureId: string | null;
  requestedProcedureDescription: string | null;
  requestedProcedureCodes: WorklistCode[];
  scheduledProcedureStepId: string | null;
  scheduledProcedureStepDescription: string | null;
  scheduledProtocolCodes: WorklistCode[];
  scheduledStationAet: string | null;
  modality: string | null;
  /** YYYYMMDD, and HHMMSS[.FFFFFF] or empty */
  scheduledStart: { date: string; time: string } | null;
  referringPhysicianName: string | null;
  admissionId: string | null;
  patientLocation: string | null;
  /** Confidentiality Constraint on Patient Data */
  confidentiality: string | null;
  medicalAlerts: string | null;
  priority: string | null;
  /** Fields that are missing although a photograph needs them, or that could not be decoded with certainty. */
  incomplete: string[];
}

/** Why a worklist answer is not shown at all. Never holds the value. */
export type WorklistSkipReason =
  'malformed' | 'unknown-character-set' | 'name-not-decodable' | 'patient-id-not-decodable' | 'no-patient-name';
