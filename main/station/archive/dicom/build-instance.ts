import { createHash } from 'node:crypto';
import dcmjs from 'dcmjs';
import { attributes, type Keyword } from './attributes.ts';
import { checkJpeg } from './check-jpeg.ts';
import type { Dataset } from './dataset.ts';
import { cameraTime, dicomOffset, timeAtOffset } from './date-time.ts';
import { descriptiveText } from './descriptive-text.ts';
import { encodeDataset } from './encode-dataset.ts';
import { contributingEquipment, equipmentModule } from './equipment.ts';
import { DicomValueError } from './errors.ts';
import { exposureModule } from './exposure.ts';
import type { InstanceInput } from './instance-input.ts';
import { patientModule, seriesModule, studyModule } from './patient-and-study.ts';
import { anatomyModule, imageModule } from './photograph.ts';
import { silenceDcmjs } from './silence-dcmjs.ts';
import { jpegBaseline, vlPhotographicImageStorage } from './uids.ts';
import { validateDataset } from './validate-dataset.ts';

/** Identifies Photodock's encoder in the file header (PS3.7 D.3.3.2): a UUID of ours, never changed. */
const implementationClassUid = '2.25.44535899854815145823473949264133823766';

silenceDcmjs();

export interface BuiltInstance {
  /** The whole Part 10 file. */
  bytes: Buffer;
  /** SHA-256 and length of the JPEG stream, without the pad byte that an odd length gets inside the object. */
  pixelSha256: string;
  pixelLength: number;
}

/**
 * Builds a VL Photographic Image Storage instance (PS3.3 A.32.4) around a JPEG baseline stream, which goes in bit for bit as one
 * fragment. The same input gives the same bytes.
 * @throws DicomValueError when an identifying value does not fit its VR (it is never cut or changed)
 * @throws DicomJpegError when the stream is not clean baseline JPEG of the stated size
 */
export function buildInstance(input: InstanceInput): BuiltInstance {
  checkJpeg(input.record);
  const dataset = buildDataset(input);
  validateDataset(dataset);
  const file = new dcmjs.data.DicomDict(fileMeta(input));
  file.dict = encodeDataset(dataset);
  const bytes = Buffer.from(file.write({ fragmentMultiframe: false, allowInvalidVRLength: true }));
  const { jpeg } = input.record;
  return { bytes, pixelSha256: createHash('sha256').update(jpeg).digest('hex'), pixelLength: jpeg.byteLength };
}

function buildDataset(input: InstanceInput): Dataset {
  requireIdentity(input);
  const stationOffset = dicomOffset(input.station.timezoneOffset);
  if (stationOffset === null) throw broken('TimezoneOffsetFromUTC', 'the station offset is no UTC offset');
  const content = timeAtOffset(input.contentAt, stationOffset);
  const captured = cameraTime(input.acquisition.capturedAt.local, input.acquisition.capturedAt.offset);
  return {
    SpecificCharacterSet: 'ISO_IR 192', // dcmjs always writes UTF-8
    SOPClassUID: vlPhotographicImageStorage,
    SOPInstanceUID: input.uids.instance,
    // It would speak for every time without an offset in the object: not to be said when a camera's zone is unknown.
    TimezoneOffsetFromUTC: captured && captured.offset === null ? undefined : stationOffset,
    ...patientModule(input),
    ...studyModule(input, captured, content),
    ...seriesModule(input),
    ...equipmentModule(input),
    ...contributingEquipment(input, content),
    ...exposureModule(input.acquisition),
    ...imageModule(input, captured, content, stationOffset),
    ...anatomyModule(input.filing),
    AcquisitionContextDescription: descriptiveText(input.acquisition.context ?? null, 1024) ?? undefined,
    PixelData: input.record.jpeg,
  };
}

/** DICOM allows an empty Patient ID; this station does not: identity comes from the worklist or a downtime entry. */
function requireIdentity({ patient, uids, filing }: InstanceInput): void {
  if (patient.id.trim() === '') throw broken('PatientID', 'empty');
  if (!uids.study) throw broken('StudyInstanceUID', 'empty');
  if (!uids.series) throw broken('SeriesInstanceUID', 'empty');
  if (!uids.instance) throw broken('SOPInstanceUID', 'empty');
  if (!filing.region.code || !filing.region.scheme) throw broken('AnatomicRegionSequence', 'no region code');
}

function fileMeta({ uids, station }: InstanceInput): Record<string, { vr: string; Value: unknown[] }> {
  return {
    '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    '00020002': { vr: 'UI', Value: [vlPhotographicImageStorage] },
    '00020003': { vr: 'UI', Value: [uids.instance] },
    '00020010': { vr: 'UI', Value: [jpegBaseline] },
    '00020012': { vr: 'UI', Value: [implementationClassUid] },
    '00020013': { vr: 'SH', Value: [versionName(station.softwareVersion)] },
  };
}

/** At most 16 characters, e.g. `PHOTODOCK_0_1_0`. */
function versionName(version: string): string {
  return `PHOTODOCK_${version.replace(/[^0-9A-Za-z]+/g, '_')}`.toUpperCase().slice(0, 16);
}

function broken(keyword: Keyword, reason: string): DicomValueError {
  const { tag, vr } = attributes[keyword];
  return new DicomValueError({ tag, keyword, vr, reason });
}
