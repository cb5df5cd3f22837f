import { codeItem } from './coded-concept.ts';
import type { Dataset } from './dataset.ts';
import { asDateTime, type DicomTime, moveToOffset } from './date-time.ts';
import { descriptiveText } from './descriptive-text.ts';
import { decimal } from './exposure.ts';
import type { Derivation, FilingInput, InstanceInput, JpegRecord } from './instance-input.ts';

/** PS3.16 CID 244. Laterality of the region, beside ImageLaterality of the image. */
const modifiers = {
  R: { scheme: 'SCT', code: '24028007', meaning: 'Right' },
  L: { scheme: 'SCT', code: '7771000', meaning: 'Left' },
  B: { scheme: 'SCT', code: '51440002', meaning: 'Bilateral' },
} as const;
const lossyCompression = { scheme: 'DCM', code: '113040', meaning: 'Lossy Compression' };
const imageView = { scheme: 'DCM', code: '111031', meaning: 'Image View' };

/** General Image, Acquisition and Image Pixel modules (PS3.3 C.7.6.1, C.7.10.1, C.7.6.3) without the pixels. */
export function imageModule(
  input: InstanceInput,
  captured: DicomTime | null,
  content: DicomTime,
  stationOffset: string,
): Dataset {
  const { record, filing } = input;
  const taken = captured && moveToOffset(captured, stationOffset);
  return {
    ImageType: [record.derivation === 'none' ? 'ORIGINAL' : 'DERIVED', 'PRIMARY'],
    InstanceNumber: String(input.instanceNumber),
    ContentDate: content.date,
    ContentTime: content.time,
    AcquisitionDate: taken?.date,
    AcquisitionTime: taken?.time,
    AcquisitionDateTime: captured ? asDateTime(captured) : undefined,
    PatientOrientation: [], // Type 2C: nobody knows it for a photograph
    SamplesPerPixel: record.components,
    PhotometricInterpretation: record.photometric,
    PlanarConfiguration: record.components === 3 ? 0 : undefined,
    Rows: record.height,
    Columns: record.width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    BurnedInAnnotation: filing.burnedIn ? 'YES' : 'NO',
    RecognizableVisualFeatures: filing.recognizable ? 'YES' : 'NO',
    ...colourModule(record),
    ...lossyHistory(record),
    ...(record.derivation === 'none' ? {} : derived(record.derivation)),
  };
}

/** The region of the body (PS3.3 A.32.4.3.2, CID 4029), its side, and the view as coded acquisition context. */
export function anatomyModule({ region, laterality, view }: FilingInput): Dataset {
  const side = laterality ?? 'U';
  const viewText = descriptiveText(view, 1024);
  return {
    AnatomicRegionSequence: [
      {
        ...codeItem(region),
        AnatomicRegionModifierSequence: side === 'U' ? undefined : [codeItem(modifiers[side])],
      },
    ],
    ImageLaterality: side,
    AcquisitionContextSequence: viewText
      ? [{ ValueType: 'TEXT', ConceptNameCodeSequence: [codeItem(imageView)], TextValue: viewText }]
      : [],
    ImageComments: viewText ?? undefined, // where viewers show it
  };
}

/** ICC Profile module (C.11.15): for colour images only. */
function colourModule(record: JpegRecord): Dataset {
  if (record.components === 1) return {};
  return {
    ICCProfile: record.iccProfile && record.iccProfile.byteLength > 0 ? record.iccProfile : undefined,
    ColorSpace: record.colorSpace ?? undefined,
  };
}

/** Methods that readers know as defined terms. HEVC (ISO_23008_2) came later and draws warnings: it is told in words. */
const codedMethods = ['ISO_10918_1', 'ISO_14495_1', 'ISO_15444_1', 'ISO_13818_2', 'ISO_14496_10'];

/** Every lossy step that can be coded with its ratio, in order (C.7.6.1.1.5). The last one is the JPEG in this object. */
function lossyHistory(record: JpegRecord): Dataset {
  const uncompressed = record.width * record.height * record.components;
  const steps = [{ method: 'ISO_10918_1', ratio: uncompressed / record.jpeg.byteLength }];
  const previous = record.derivation === 'none' ? null : codedStep(record.derivation);
  if (previous) steps.unshift(previous);
  return {
    LossyImageCompression: '01',
    LossyImageCompressionRatio: steps.map((step) => decimal(Number(step.ratio.toPrecision(4))) ?? ''),
    LossyImageCompressionMethod: steps.map((step) => step.method),
  };
}

/** The lossy step before ours, if its method is a known term and its ratio is known: each value must have its partner. */
function codedStep({ lossyPrevious }: Derivation): { method: string; ratio: number } | null {
  if (!lossyPrevious || !codedMethods.includes(lossyPrevious.method)) return null;
  const { method, ratio } = lossyPrevious;
  return ratio !== null && Number.isFinite(ratio) && ratio > 0 ? { method, ratio } : null;
}

/** The source of a derived picture is no DICOM object, so there is no Source Image Sequence to point to. */
function derived(derivation: Derivation): Dataset {
  const { method, description, lossyPrevious } = derivation;
  const ratio = lossyPrevious?.ratio ? ` (${Number(lossyPrevious.ratio.toPrecision(4))}:1)` : '';
  const before =
    lossyPrevious && !codedStep(derivation) ? `; before that compressed by ${lossyPrevious.method}${ratio}` : '';
  return {
    DerivationDescription: descriptiveText(`${method}: ${description}${before}`, 1024),
    DerivationCodeSequence: [codeItem(lossyCompression)],
  };
}
