import { expect, test } from 'vitest';
import { EXIT, exitOf } from '../../../main/cli/exit-code.ts';

test.each([
  ['not-allowed', EXIT.notAllowed],
  ['wrong-password', EXIT.notAllowed],
  ['wait-before-sign-in', EXIT.notAllowed],
  ['usage', EXIT.usage],
  ['unknown-region', EXIT.usage],
  ['other-config', EXIT.usage],
  ['peer-unreachable', EXIT.peer],
  ['association-rejected', EXIT.peer],
  ['not-connected', EXIT.inPart],
  ['timed-out', EXIT.inPart],
  ['internal', EXIT.defect],
  ['station-silent', EXIT.defect],
  ['a-code-that-nobody-has-thought-of', EXIT.defect],
])('%s ends with %i', (code, exit) => {
  expect(exitOf(code)).toBe(exit);
});
