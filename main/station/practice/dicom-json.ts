import type { SopReference } from './associate.ts';
import type { DatasetElement } from './dataset-reader.ts';
import { elementsOf, type ArchivedInstance } from './part10.ts';

/** Item of a Referenced or Failed SOP Sequence in the DICOM JSON model. */
export function referenceJson(
  { sopClassUid, sopInstanceUid }: SopReference,
  { warning, failure }: { warning?: number; failure?: number },
): object {
  return {
    '00081150': { vr: 'UI', Value: [sopClassUid] },
    '00081155': { vr: 'UI', Value: [sopInstanceUid] },
    ...(warning === undefined ? {} : { '00081196': { vr: 'US', Value: [warning] } }),
    ...(failure === undefined ? {} : { '00081197': { vr: 'US', Value: [failure] } }),
  };
}

/** An instance without its bulk data in the DICOM JSON model (PS3.18 F.2). */
export function toDicomJson(instance: ArchivedInstance): object {
  return datasetJson(elementsOf(instance));
}

const numbers: Readonly<Record<string, (value: Buffer, at: number) => number>> = {
  US: (value, at) => value.readUInt16LE(at),
  SS: (value, at) => value.readInt16LE(at),
  UL: (value, at) => value.readUInt32LE(at),
  SL: (value, at) => value.readInt32LE(at),
  FL: (value, at) => value.readFloatLE(at),
  FD: (value, at) => value.readDoubleLE(at),
};
const widths: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 };
const bulk = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN', 'AT']);

function datasetJson(elements: readonly DatasetElement[]): object {
  return Object.fromEntries(
    elements
      .filter(({ vr, fragments }) => !bulk.has(vr) && fragments === null)
      .map((one) => [one.tag, elementJson(one)]),
  );
}

function elementJson({ vr, value, items }: DatasetElement): object {
  if (items !== null) return items.length === 0 ? { vr } : { vr, Value: items.map(datasetJson) };
  const values = scalarValues(vr, value);
  return values.length === 0 ? { vr } : { vr, Value: values };
}

function scalarValues(vr: string, value: Buffer): unknown[] {
  const read = numbers[vr];
  const width = widths[vr] ?? 1;
  if (read !== undefined)
    return Array.from({ length: Math.floor(value.length / width) }, (_, at) => read(value, at * width));
  const text = value.toString('utf8').replace(/[\0 ]+$/, '');
  if (text === '') return [];
  const values = ['LT', 'ST', 'UT', 'UR'].includes(vr) ? [text] : text.split('\\').map((one) => one.trim());
  if (vr === 'PN') return values.map(personName);
  return vr === 'IS' || vr === 'DS' ? values.map(Number) : values;
}

function personName(text: string): object {
  const [Alphabetic, Ideographic, Phonetic] = text.split('=');
  return { Alphabetic, ...(Ideographic ? { Ideographic } : {}), ...(Phonetic ? { Phonetic } : {}) };
}
