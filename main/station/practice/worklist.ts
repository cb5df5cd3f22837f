import { createHash } from 'node:crypto';
import { practicePatients, type PracticePatient } from './patients.ts';

type Identifier = Readonly<Record<string, unknown>>;
type Dataset = Record<string, unknown>;

/** Answers a Modality Worklist query (PS3.4 K.4.1) from the practice patients, all of them scheduled for today. */
export function findInWorklist(query: Identifier, stationAet: string, now: Date): Dataset[] {
  return practicePatients
    .map((patient, at) => worklistEntry(patient, at, stationAet, now))
    .filter((entry) => matches(query, entry))
    .map((entry) => ({ ...pick(query, entry), SpecificCharacterSet: 'ISO_IR 192' }));
}

function worklistEntry(patient: PracticePatient, at: number, stationAet: string, now: Date): Dataset {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + (patient.inDays ?? 0));
  const date = dicomDate(day);
  const number = String(at + 1).padStart(4, '0');
  const key = `${date.slice(2)}${number}`;
  return {
    PatientName: [patient.name],
    PatientID: patient.id,
    IssuerOfPatientID: 'PRACTICE',
    PatientBirthDate: patient.birthDate,
    PatientSex: patient.sex,
    AccessionNumber: `P${key}`,
    StudyInstanceUID: derivedUid(`practice-study-${key}`),
    ReferringPhysicianName: [{ Alphabetic: 'Practice^Doctor' }],
    RequestingPhysician: [{ Alphabetic: 'Practice^Doctor' }],
    RequestedProcedureID: `RP${key}`,
    RequestedProcedureDescription: patient.procedure,
    RequestedProcedureCodeSequence: [
      { CodeValue: 'PHOTO', CodingSchemeDesignator: '99PRACTICE', CodeMeaning: 'Photography' },
    ],
    RequestedProcedurePriority: 'ROUTINE',
    AdmissionID: `ADM${number}`,
    CurrentPatientLocation: patient.location,
    MedicalAlerts: '',
    Allergies: '',
    PatientComments: 'Invented for practice',
    ScheduledProcedureStepSequence: [
      {
        ScheduledStationAETitle: stationAet,
        ScheduledProcedureStepStartDate: date,
        ScheduledProcedureStepStartTime: patient.time,
        Modality: 'XC',
        ScheduledPerformingPhysicianName: [{ Alphabetic: 'Practice^Photographer' }],
        ScheduledProcedureStepDescription: patient.procedure,
        ScheduledProtocolCodeSequence: [
          { CodeValue: 'PHOTO', CodingSchemeDesignator: '99PRACTICE', CodeMeaning: 'Photography' },
        ],
        ScheduledProcedureStepID: `SPS${key}`,
        ScheduledStationName: 'Practice station',
        ScheduledProcedureStepLocation: patient.location,
        ScheduledProcedureStepStatus: 'SCHEDULED',
      },
    ],
  };
}

/** Every key with a value must match; keys without a value match everything. */
function matches(query: Identifier, entry: Dataset): boolean {
  return Object.entries(query).every(([keyword, asked]) => {
    if (keyword === 'SpecificCharacterSet') return true;
    const held = entry[keyword];
    const [item] = items(asked);
    if (item !== undefined && Array.isArray(held) && keyword.endsWith('Sequence')) {
      return (held as Dataset[]).some((one) => matches(item, one));
    }
    const key = text(asked);
    return key === '' || key === '*' || valueMatches(keyword, key, text(held));
  });
}

function valueMatches(keyword: string, key: string, held: string): boolean {
  if (/(Date|Time)$/.test(keyword) && key.includes('-')) {
    const [from = '', to = ''] = key.split('-');
    return held >= from && (to === '' || held.slice(0, to.length) <= to);
  }
  const pattern = key.split(/([*?])/).map((part) => (part === '*' ? '.*' : part === '?' ? '.' : escaped(part)));
  const expression = new RegExp(`^${pattern.join('')}$`, keyword.includes('Name') ? 'iu' : 'u');
  return held.split(/[=\\]/).some((value) => expression.test(value.trim()));
}

function escaped(part: string): string {
  return part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
}

/** Only what was asked for, as a worklist server does; keys it does not know come back empty. */
function pick(query: Identifier, entry: Dataset): Dataset {
  const picked: Dataset = {};
  for (const [keyword, asked] of Object.entries(query)) {
    const held = entry[keyword];
    const [item] = items(asked);
    if (held === undefined) picked[keyword] = keyword.endsWith('Sequence') ? [] : '';
    else if (item !== undefined && keyword.endsWith('Sequence') && Object.keys(item).length > 0) {
      picked[keyword] = (held as Dataset[]).map((one) => pick(item, one));
    } else picked[keyword] = held;
  }
  return picked;
}

function items(value: unknown): Dataset[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return list.filter((one): one is Dataset => typeof one === 'object' && one !== null);
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(text).join('\\');
  if (typeof value !== 'object') return String(value).trim();
  const { Alphabetic, Ideographic, Phonetic } = value as Record<string, string | undefined>;
  return [Alphabetic, Ideographic, Phonetic].filter(Boolean).join('=');
}

/** YYYYMMDD in local time. */
function dicomDate(day: Date): string {
  return `${day.getFullYear()}${String(day.getMonth() + 1).padStart(2, '0')}${String(day.getDate()).padStart(2, '0')}`;
}

/** The same UID for the same key, under the UUID root (PS3.5 B.2). */
function derivedUid(key: string): string {
  return `2.25.${BigInt(`0x${createHash('sha256').update(key).digest('hex').slice(0, 32)}`)}`;
}
