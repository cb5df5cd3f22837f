import { codeItems } from './coded-concept.ts';
import type { Dataset, PersonName } from './dataset.ts';
import type { DicomTime } from './date-time.ts';
import { descriptiveText } from './descriptive-text.ts';
import type { InstanceInput } from './instance-input.ts';

/** Patient module (PS3.3 C.7.1.1): identity, verbatim. */
export function patientModule({ patient }: InstanceInput): Dataset {
  return {
    PatientName: patient.name.alphabetic || patient.name.ideographic || patient.name.phonetic ? patient.name : null,
    PatientID: patient.id,
    IssuerOfPatientID: patient.issuer || undefined,
    PatientBirthDate: patient.birthDate,
    PatientSex: patient.sex,
  };
}

/**
 * General Study module (C.7.2.1). One Study is one worklist entry and should bear one date: the Study's start when known,
 * else the start of the Series, else the camera's time, else the time of the content.
 */
export function studyModule(input: InstanceInput, captured: DicomTime | null, content: DicomTime): Dataset {
  const { request, series, uids } = input;
  const start =
    request.studyStart ?? (series.date ? { date: series.date, time: series.time } : null) ?? captured ?? content;
  return {
    StudyInstanceUID: uids.study,
    StudyDate: start.date,
    StudyTime: start.time,
    // Type 2, but a reader that builds a DICOMDIR needs one: the nearest identifier the request has, else the day.
    StudyID: request.studyId || request.requestedProcedureId || request.accessionNumber || start.date,
    AccessionNumber: request.accessionNumber,
    ReferringPhysicianName: request.referringPhysicianName ? parseName(request.referringPhysicianName) : null,
    StudyDescription:
      descriptiveText(request.requestedProcedureDescription, 64) ??
      descriptiveText(request.scheduledProcedureStepDescription, 64) ??
      undefined,
    ProcedureCodeSequence: codeItems(request.procedureCodes),
    AdmissionID: request.admissionId || undefined,
  };
}

/** General Series module (C.7.3.1) with the request it answers. Laterality stays with the image, never with the series. */
export function seriesModule({ series, uids, filing, request }: InstanceInput): Dataset {
  const link = requestLink(request, uids.study);
  return {
    Modality: 'XC',
    SeriesInstanceUID: uids.series,
    SeriesNumber: String(series.number),
    SeriesDescription: descriptiveText(series.description, 64) ?? undefined,
    SeriesDate: series.date || undefined,
    SeriesTime: series.time || undefined,
    OperatorsName: filing.operator ? parseName(filing.operator) : undefined,
    RequestAttributesSequence: link ? [link] : undefined,
  };
}

/** The item of Request Attributes Sequence (table 10-9), or null when the capture answers no request. */
function requestLink(request: InstanceInput['request'], studyUid: string): Dataset | null {
  if (!request.requestedProcedureId && !request.scheduledProcedureStepId) return null;
  return {
    StudyInstanceUID: studyUid,
    AccessionNumber: request.accessionNumber || undefined,
    RequestedProcedureID: request.requestedProcedureId || undefined,
    RequestedProcedureDescription: descriptiveText(request.requestedProcedureDescription, 64) ?? undefined,
    RequestedProcedureCodeSequence: codeItems(request.procedureCodes),
    ScheduledProcedureStepID: request.scheduledProcedureStepId || undefined,
    ScheduledProcedureStepDescription: descriptiveText(request.scheduledProcedureStepDescription, 64) ?? undefined,
    ScheduledProtocolCodeSequence: codeItems(request.protocolCodes),
  };
}

/** A name as DICOM text; its `=` separates the alphabetic, ideographic and phonetic group. */
function parseName(text: string): PersonName {
  const [alphabetic = '', ideographic = '', ...phonetic] = text.split('=');
  return { alphabetic, ideographic, phonetic: phonetic.join('=') };
}
