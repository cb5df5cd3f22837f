import { describe, expect, it } from 'vitest';
import { ScanDetector } from '../../renderer/screens/file/scan-detector.ts';
import { withoutScan } from '../../renderer/screens/file/use-filing-keys.ts';

function press(detector: ScanDetector, keys: readonly string[], gap: number, from = 1000): string | null {
  let code: string | null = null;
  keys.forEach((key, index) => (code = detector.press(key, from + index * gap)));
  return code;
}

/** One key for each character, then these. */
function typed(text: string, ...then: string[]): string[] {
  return Array.from(text).concat(then);
}

describe('a wristband scanner that types', () => {
  it('is recognised by its speed and its Enter', () => {
    expect(press(new ScanDetector(), typed('MRN0047110', 'Enter'), 8)).toBe('MRN0047110');
  });

  it('sends Shift before capitals and is still recognised', () => {
    expect(press(new ScanDetector(), ['Shift', 'M', 'Shift', 'R', '1', '2', '3', 'Enter'], 8)).toBe('MR123');
  });

  it('is not heard in a person who types the same at a hand’s speed', () => {
    expect(press(new ScanDetector(), typed('MRN0047110', 'Enter'), 90)).toBeNull();
  });

  it('is not heard in words, however fast they come', () => {
    expect(press(new ScanDetector(), typed('hand', 'Enter'), 5)).toBeNull();
    expect(press(new ScanDetector(), typed('back of hand 12', 'Enter'), 5)).toBeNull();
  });

  it('starts afresh after a pause, so that letters typed before it do not stick to the code', () => {
    const detector = new ScanDetector();
    press(detector, ['p'], 8);
    expect(press(detector, typed('4711-88', 'Enter'), 8, 5000)).toBe('4711-88');
  });

  it('needs its Enter as fast as its characters', () => {
    const detector = new ScanDetector();
    press(detector, typed('471188'), 8);
    expect(detector.press('Enter', 5000)).toBeNull();
  });

  it('is taken out of the field that caught it, and nothing else is', () => {
    expect(withoutScan('close471188', '471188')).toBe('close');
    expect(withoutScan('close', '471188')).toBe('close');
  });
});
