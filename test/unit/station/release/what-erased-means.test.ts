import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MediumKind } from '../../../../shared/domain/media.ts';
import { accountOf, erasedWords, statementOf } from '../../../../main/cli/certificate-text.ts';
import { FORMAT, verifyCertificate, writeCertificate } from '../../../../main/station/release/certificate-format.ts';
import { certificateHtml } from '../../../../main/station/release/certificate-html.ts';
import { whatErasedMeans } from '../../../../main/station/release/what-erased-means.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const device = (kind: MediumKind, maker: string | null = null, model: string | null = null) => ({ kind, maker, model });

/** A certificate of one erased picture on this medium. */
function certificateOf(medium: Readonly<Record<string, unknown>>, means: string): string {
  const onMedium = { present: 0, absent: 1, kept: 0, eraseUnverified: 0 };
  const equation = { listed: 1, confirmed: 1, inDelivery: 0, unfiled: 0, rejected: 0, unreadable: 0, housekeeping: 0 };
  return writeCertificate(
    [
      {
        format: FORMAT,
        docking: 'docking-1',
        issuedAt: '2026-01-01T00:00:00.000Z',
        station: {},
        medium,
        archive: 'A',
        means,
      },
      {
        item: 1,
        file: 'DCIM/A.JPG',
        bytes: 1,
        end: 'erased',
        because: [],
        stage: 'proven',
        code: null,
        record: null,
        sealed: null,
      },
      { equation, addsUp: true, onMedium, clear: true },
    ],
    privateKey,
  );
}

describe('what a certificate says of erasing', () => {
  test('cards: as it always was, so that certificates that were given out stay what they are', () => {
    expect(whatErasedMeans(device('card'))).toBe(
      'erased = deleted from the medium and checked absent in a new listing; not a promise that flash cells are overwritten',
    );
  });

  test('cameras and phones are asked anew, and no more than their answer is said', () => {
    expect(whatErasedMeans(device('camera'))).toContain(
      'deleted on the camera by its own command and no longer listed',
    );
    const android = whatErasedMeans(device('phone', 'Google', 'Pixel 9'));
    expect(android).toContain('deletion requested from the phone and no longer listed in a new session');
    expect(android).not.toContain('Recently Deleted');
  });

  test('iPhones: the pictures lie in "Recently Deleted" for 30 days, and copies may be in iCloud', () => {
    for (const phone of [device('phone', 'Apple Inc.', 'iPhone'), device('phone', null, 'iPad')]) {
      expect(whatErasedMeans(phone)).toMatch(/Recently Deleted.*30 days.*iCloud/);
    }
    expect(whatErasedMeans(device('camera', 'Apple Inc.', 'QuickTake'))).not.toContain('Recently Deleted');
  });
});

test('the page to print and the command line say it of the medium that the certificate is about', () => {
  const phone = device('phone', 'Apple Inc.', 'iPhone');
  const text = certificateOf({ ...phone, label: 'iPhone', serial: 'F2L' }, whatErasedMeans(phone));
  const page = certificateHtml(text);
  expect(page).toContain('deletion requested, no longer listed');
  expect(page).toContain('SN F2L');
  expect(page).toContain('Recently Deleted');
  const account = accountOf(JSON.parse(text) as unknown[]);
  expect(account && statementOf(account)).toContain('Recently Deleted');
  expect(erasedWords(account?.kind ?? null)).toContain('deletion requested');
});

test('a certificate of before there were devices still verifies, and reads as it did', () => {
  const old = certificateOf({ id: 'medium-01', kind: 'card', label: 'CARD' }, whatErasedMeans(device('card')));
  expect(verifyCertificate(old).ok).toBe(true);
  const page = certificateHtml(old);
  expect(page).toContain('deleted, checked absent');
  expect(page).toContain('1 deleted and checked absent,');
  expect(page).not.toContain('SN ');
  const account = accountOf(JSON.parse(old) as unknown[]);
  expect(account && statementOf(account)).toBeNull();
});
