import { PhotodockError } from '../../../../shared/domain/errors.ts';

/** A value that must not be written as it is. Names the attribute and the rule, never the value. */
export class DicomValueError extends PhotodockError {
  constructor(details: { tag: string; keyword: string; vr: string; reason: string }) {
    super('dicom-value', `${details.keyword} (${details.tag}) ${details.vr}: ${details.reason}`, details);
  }
}

/** A JPEG stream that may not stand under JPEG Baseline, or that still carries metadata segments. */
export class DicomJpegError extends PhotodockError {
  constructor(reason: string, details: Record<string, string | number> = {}) {
    super('dicom-jpeg', `JPEG stream cannot be wrapped: ${reason}`, { reason, ...details });
  }
}

/** Bytes that are not the DICOM they claim to be: cut short, lying about lengths, or of a kind we do not read. */
export class DicomParseError extends PhotodockError {
  constructor(reason: string, offset: number) {
    super('dicom-parse', `cannot read DICOM at byte ${offset}: ${reason}`, { reason, offset });
  }
}
