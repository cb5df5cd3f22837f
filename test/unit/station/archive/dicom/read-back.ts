import dcmjs from 'dcmjs';

/** The natural dataset of built bytes, read by the library: names for tags, for assertions. */
// oxlint-disable-next-line typescript/no-explicit-any -- a dataset has any shape
export function readBack(bytes: Buffer): Record<string, any> {
  const copy = new Uint8Array(bytes).buffer;
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(dcmjs.data.DicomMessage.readFile(copy).dict);
}
