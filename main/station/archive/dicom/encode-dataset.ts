import type { DcmjsDataset } from 'dcmjs';
import { attributes, type Keyword } from './attributes.ts';
import type { Dataset, PersonName } from './dataset.ts';

/** Turns a validated dataset into the form that dcmjs writes, VR stated for every attribute. */
export function encodeDataset(dataset: Dataset): DcmjsDataset {
  const encoded: DcmjsDataset = {};
  for (const [keyword, value] of Object.entries(dataset) as [Keyword, Dataset[Keyword]][]) {
    if (value === undefined) continue;
    const { tag, vr } = attributes[keyword];
    encoded[tag] = { vr, Value: encodeValue(vr, value) };
  }
  return encoded;
}

function encodeValue(vr: string, value: unknown): unknown[] {
  if (value === null) return [];
  if (vr === 'SQ') return (value as readonly Dataset[]).map(encodeDataset);
  if (vr === 'OB') return [toArrayBuffer(value as Uint8Array)];
  if (vr === 'PN') return [encodeName(value as PersonName)];
  return Array.isArray(value) ? value : [value];
}

function encodeName(name: PersonName): Record<string, string> {
  return {
    Alphabetic: name.alphabetic,
    ...(name.ideographic ? { Ideographic: name.ideographic } : {}),
    ...(name.phonetic ? { Phonetic: name.phonetic } : {}),
  };
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer; // a copy: dcmjs wants a buffer that starts at the first byte
}
