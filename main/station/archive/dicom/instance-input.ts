import type { PersonName } from './dataset.ts';

export type { PersonName } from './dataset.ts';

/** A coded concept. The scheme travels with the code: CID 4029 mixes SCT, FMA and DCM. */
export interface CodedConcept {
  scheme: string;
  code: string;
  meaning: string;
  version?: string | null;
}

/** How the record's JPEG came to be, when it is not the camera's own compressed stream. */
export interface Derivation {
  /** Short stable name of what was done, e.g. `heic-to-jpeg`. Stands in front of the description in the object. */
  method: string;
  /** What was done, in a sentence for a reader of the object. Holds no patient data. */
  description: string;
  /**
   * The lossy step before ours: PS3.3 C.7.6.1.1.5.1 defined term (`ISO_23008_2` for HEVC, `ISO_10918_1` for JPEG) and
   * uncompressed size : compressed size. A step of unknown ratio, or of a
   * method that readers do not know, is told in Derivation Description instead.
   */
  lossyPrevious: { method: string; ratio: number | null } | null;
}

/** The picture as it goes into the object: a metadata-free baseline JPEG stream and what is known of its pixels. */
export interface JpegRecord {
  jpeg: Uint8Array;
  width: number;
  height: number;
  components: 1 | 3;
  photometric: 'YBR_FULL_422' | 'RGB' | 'MONOCHROME2';
  iccProfile: Uint8Array | null;
  /** Colour space as a DICOM defined term (`SRGB`, `ADOBERGB`, `ROMMRGB`) or null when not one of them. */
  colorSpace: string | null;
  derivation: 'none' | Derivation;
}

/** What the worklist entry said. All of it verbatim; every value may be unknown. */
export interface RequestInput {
  accessionNumber: string | null;
  requestedProcedureId: string | null;
  scheduledProcedureStepId: string | null;
  requestedProcedureDescription: string | null;
  scheduledProcedureStepDescription: string | null;
  procedureCodes: readonly CodedConcept[] | null;
  protocolCodes: readonly CodedConcept[] | null;
  /** As in DICOM, `Family^Given^...`, groups separated by `=`. */
  referringPhysicianName: string | null;
  admissionId: string | null;
  studyId: string | null;
  /** Start of the Study, the same for all its instances: YYYYMMDD and HHMMSS. */
  studyStart: { date: string; time: string | null } | null;
}

export interface FilingInput {
  region: CodedConcept;
  laterality: 'R' | 'L' | 'B' | 'U' | null;
  view: string | null;
  burnedIn: boolean;
  recognizable: boolean;
  /** Who filed, as `Family^Given` or a plain name. */
  operator: string | null;
}

/** What the camera wrote into the picture. Hostile input: what does not fit is left out, it never stops a delivery. */
export interface AcquisitionInput {
  /** Local wall-clock time of the camera (`2026-11-21T10:15:00`), and its UTC offset if the camera recorded one. */
  capturedAt: { local: string | null; offset: string | null };
  camera: {
    make: string | null;
    model: string | null;
    serial: string | null;
    lensMake: string | null;
    lensModel: string | null;
    lensSerial: string | null;
    software: string | null;
  };
  /** How it was taken, in words, where the equipment has no EXIF to tell it by. Holds no patient data. */
  context?: string | null;
  /** Numbers as EXIF holds them (untranslated): `flash`, `meteringMode`, `exposureProgram` and `whiteBalance` are EXIF codes. */
  exposure: {
    exposureTimeSeconds: number | null;
    fNumber: number | null;
    focalLength: number | null;
    focalLengthIn35mm: number | null;
    iso: number | null;
    exposureProgram: number | null;
    exposureBias: number | null;
    meteringMode: number | null;
    flash: number | null;
    whiteBalance: number | null;
  };
}

/** Everything that one VL Photographic instance is built from. */
export interface InstanceInput {
  record: JpegRecord;
  uids: { study: string; series: string; instance: string };
  patient: {
    name: PersonName;
    id: string;
    issuer: string | null;
    birthDate: string | null;
    sex: 'M' | 'F' | 'O' | null;
  };
  request: RequestInput;
  filing: FilingInput;
  acquisition: AcquisitionInput;
  /** `date` YYYYMMDD and `time` HHMMSS: start of the Series, at the station's offset. */
  series: { number: number; description: string | null; date: string | null; time: string | null };
  instanceNumber: number;
  station: {
    name: string;
    institution: string | null;
    department: string | null;
    manufacturer: string;
    softwareVersion: string;
    /** UTC offset of the station's clock at `contentAt`: `+01:00` or `+0100`. */
    timezoneOffset: string;
  };
  /** When the content of the object was made, epoch milliseconds. */
  contentAt: number;
}
