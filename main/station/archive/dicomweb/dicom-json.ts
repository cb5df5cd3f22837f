/** One data set of the DICOM JSON model (PS3.18 annex F), read with suspicion: every shape is checked where it is used. */
export type DicomJson = Readonly<Record<string, unknown>>;

/** Parses a body as one DICOM JSON data set (or an array of exactly one); null when it is anything else. */
export function parseDicomJson(body: Buffer): DicomJson | null {
  let value: unknown = null;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    // Not JSON: it stays null.
  }
  if (Array.isArray(value)) value = value.length === 1 ? value[0] : null;
  return isDataset(value) ? value : null;
}

/** Items of a sequence; [] when absent or not a sequence. */
export function sequenceItems(dataset: DicomJson, tag: string): DicomJson[] {
  return values(dataset, tag).filter(isDataset);
}

/** First value as text, or null. */
export function textValue(dataset: DicomJson, tag: string): string | null {
  const [first] = values(dataset, tag);
  return typeof first === 'string' ? first : null;
}

/** First value as an integer, or null. Some archives send numbers as text. */
export function integerValue(dataset: DicomJson, tag: string): number | null {
  const [first] = values(dataset, tag);
  const number = typeof first === 'string' && /^\d{1,9}$/.test(first) ? Number(first) : first;
  return Number.isInteger(number) ? (number as number) : null;
}

function values(dataset: DicomJson, tag: string): unknown[] {
  const attribute = Object.hasOwn(dataset, tag) ? dataset[tag] : undefined;
  if (!isDataset(attribute)) return [];
  return Array.isArray(attribute['Value']) ? attribute['Value'] : [];
}

function isDataset(value: unknown): value is DicomJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
