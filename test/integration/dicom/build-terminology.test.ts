import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './dicom-tools.ts';

test("the committed code list is what the script builds from Debian's pydicom", () => {
  const script = join(import.meta.dirname, '../../../scripts/build-terminology.py');
  const { text, status } = run('/usr/bin/python3', ['-B', script, '--check']);
  expect(text.trim()).toBe('cid-4029.json is as built');
  expect(status).toBe(0);
});
