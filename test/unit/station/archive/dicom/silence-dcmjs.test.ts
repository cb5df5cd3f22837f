import { createRequire } from 'node:module';
import dcmjs from 'dcmjs';
import { afterEach, expect, test, vi } from 'vitest';
import { silenceDcmjs } from '../../../../../main/station/archive/dicom/index.ts';

afterEach(() => vi.restoreAllMocks());

test('no copy of dcmjs writes attribute values to the console', () => {
  const methods = ['log', 'warn', 'error', 'info', 'debug'] as const;
  const spies = methods.map((name) => vi.spyOn(console, name).mockReturnValue());
  silenceDcmjs();
  const commonJs = createRequire(createRequire(import.meta.url).resolve('dcmjs-dimse'))('dcmjs') as typeof dcmjs;
  for (const library of [dcmjs, commonJs]) {
    library.data.DicomMetaDictionary.denaturalizeDataset({ '00991001': 'secret', NoSuchName: 'secret' });
    library.log.warn('secret');
    library.log.getLogger('validation.dcmjs').warn('secret');
    library.log.getLogger('made later').warn('secret');
  }
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});
