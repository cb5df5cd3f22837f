import type { WorklistCode, WorklistEntry, WorklistSkipReason } from '../../../../shared/domain/worklist.ts';
import { readElements } from '../../archive/dimse/index.ts';
import type { ElementSet } from '../../archive/dimse/index.ts';
import { characterSetsOf, decodeText } from './character-set.ts';
import type { DecodeFailure } from './character-set.ts';
import { isEmptyName, personName } from './person-name.ts';

/** Either an entry fit to be shown, or why it must not be. */
export type ReadEntry = { entry: WorklistEntry } | { skipped: WorklistSkipReason };

/** Reads text of one data set or item, noting what could not be decoded. */
class TextReader {
  readonly #elements: ElementSet;
  readonly #terms: string[];
  readonly #undecoded: string[];

  constructor(elements: ElementSet, inherited: string[], undecoded: string[]) {
    this.#elements = elements;
    const own = elements.ascii(0x00080005);
    this.#terms = own === null ? inherited : characterSetsOf(own);
    this.#undecoded = undecoded;
  }

  /** The text, null when absent or empty, or the failure. */
  strict(tag: number, vr: string): string | null | { failure: DecodeFailure } {
    const bytes = this.#elements.bytes(tag);
    if (!bytes || bytes.length === 0) return null;
    const decoded = decodeText(bytes, this.#terms, vr);
    if ('failure' in decoded) return decoded;
    return decoded.text.trim() || null;
  }

  /** As strict, but a failure becomes null and is noted under `field`. */
  text(tag: number, vr: string, field: string): string | null {
    const value = this.strict(tag, vr);
    if (value === null || typeof value === 'string') return value;
    if (!this.#undecoded.includes(field)) this.#undecoded.push(field);
    return null;
  }

  ascii(tag: number): string | null {
    return this.#elements.ascii(tag);
  }

  items(tag: number): TextReader[] {
    return this.#elements.items(tag).map((item) => new TextReader(item, this.#terms, this.#undecoded));
  }

  codes(tag: number, field: string): WorklistCode[] {
    return this.items(tag).flatMap((item) => {
      // long and URN code values have elements of their own
      const value = item.text(0x00080100, 'SH', field) ?? item.text(0x00080119, 'UC', field) ?? item.ascii(0x00080120);
      if (value === null) return [];
      const meaning = item.text(0x00080104, 'LO', field);
      return [{ value, scheme: item.text(0x00080102, 'SH', field) ?? '', meaning }];
    });
  }
}

/**
 * Reads one C-FIND answer. The patient's name and id must decode with certainty; every other text that does not is null
 * and named in `incomplete`.
 * @param assumedCharacterSet for servers that leave (0008,0005) out although they use more than ASCII
 */
export function readEntry(
  dataset: Buffer,
  transferSyntaxUid: string,
  assumedCharacterSet: string | null = null,
): ReadEntry {
  try {
    return read(readElements(dataset, transferSyntaxUid), assumedCharacterSet);
  } catch {
    return { skipped: 'malformed' };
  }
}

function read(elements: ElementSet, assumedCharacterSet: string | null): ReadEntry {
  const incomplete: string[] = [];
  const top = new TextReader(elements, characterSetsOf(assumedCharacterSet), incomplete);
  const name = top.strict(0x00100010, 'PN');
  if (name === null) return { skipped: 'no-patient-name' };
  if (typeof name !== 'string')
    return { skipped: name.failure === 'unknown-character-set' ? 'unknown-character-set' : 'name-not-decodable' };
  const id = top.strict(0x00100020, 'LO');
  if (id !== null && typeof id !== 'string') return { skipped: 'patient-id-not-decodable' };
  const parsedName = personName(name);
  if (isEmptyName(parsedName)) return { skipped: 'no-patient-name' };
  const studyInstanceUid = top.ascii(0x0020000d);
  if (id === null) incomplete.push('patientId');
  if (studyInstanceUid === null) incomplete.push('studyInstanceUid');
  const step = top.items(0x00400100)[0];
  const startDate = step?.ascii(0x00400002) ?? null;
  const otherIds = [
    ...(top.text(0x00101000, 'LO', 'otherIds')?.split('\\') ?? []),
    ...top.items(0x00101002).map((item) => item.text(0x00100020, 'LO', 'otherIds')),
  ].flatMap((one) => one?.trim() || []);
  const entry: WorklistEntry = {
    patient: {
      name: parsedName,
      id: id ?? '',
      issuer: top.text(0x00100021, 'LO', 'issuer'),
      birthDate: top.ascii(0x00100030),
      sex: top.ascii(0x00100040),
      otherIds: [...new Set(otherIds)],
    },
    accessionNumber: top.text(0x00080050, 'SH', 'accessionNumber'),
    studyInstanceUid: studyInstanceUid ?? '',
    requestedProcedureId: top.text(0x00401001, 'SH', 'requestedProcedureId'),
    requestedProcedureDescription: top.text(0x00321060, 'LO', 'requestedProcedureDescription'),
    requestedProcedureCodes: top.codes(0x00321064, 'requestedProcedureCodes'),
    scheduledProcedureStepId: step?.text(0x00400009, 'SH', 'scheduledProcedureStepId') ?? null,
    scheduledProcedureStepDescription: step?.text(0x00400007, 'LO', 'scheduledProcedureStepDescription') ?? null,
    scheduledProtocolCodes: step?.codes(0x00400008, 'scheduledProtocolCodes') ?? [],
    scheduledStationAet: step?.ascii(0x00400001) ?? null,
    modality: step?.ascii(0x00080060) ?? null,
    scheduledStart: startDate === null ? null : { date: startDate, time: step?.ascii(0x00400003) ?? '' },
    referringPhysicianName: top.text(0x00080090, 'PN', 'referringPhysicianName'),
    admissionId: top.text(0x00380010, 'LO', 'admissionId'),
    patientLocation: top.text(0x00380300, 'LO', 'patientLocation'),
    confidentiality: top.text(0x00403001, 'LO', 'confidentiality'),
    medicalAlerts: top.text(0x00102000, 'LO', 'medicalAlerts'),
    priority: top.text(0x00401003, 'SH', 'priority'),
    incomplete,
  };
  return { entry };
}
