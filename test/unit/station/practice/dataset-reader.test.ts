import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDataset } from '../../../../main/station/practice/dataset-reader.ts';
import { frameOf, instanceFromPart10, toPart10 } from '../../../../main/station/practice/part10.ts';
import { sampleInstance } from '../../../integration/dicomweb/sample-instance.ts';

test('takes an instance apart and puts it together without changing its data set', async () => {
  const sample = await sampleInstance();
  const instance = instanceFromPart10(sample.bytes);
  expect(instance).toMatchObject({
    sopInstanceUid: sample.sopInstanceUid,
    studyUid: sample.studyUid,
    seriesUid: sample.seriesUid,
  });
  expect(frameOf(instance)!.subarray(0, sample.jpeg.length).equals(sample.jpeg)).toBe(true);
  expect(instanceFromPart10(toPart10(instance)).dataset.equals(instance.dataset)).toBe(true);
});

test('a cut-off instance is refused at every length', async () => {
  const { dataset } = instanceFromPart10((await sampleInstance()).bytes);
  for (let length = dataset.length - 1; length > dataset.length - 400; length -= 1) {
    expect(() => readDataset(dataset.subarray(0, length), true)).toThrow(
      expect.objectContaining({ code: 'practice-dataset-unreadable' }),
    );
  }
});

test('throws nothing but its own error on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, explicit) => {
      try {
        readDataset(Buffer.from(bytes), explicit);
      } catch (error) {
        expect(error).toMatchObject({ code: 'practice-dataset-unreadable' });
      }
    }),
    { numRuns: 2000 },
  );
});
