import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FORMAT, verifyCertificate, writeCertificate } from '../../../../main/station/release/certificate-format.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
const elements = [
  { format: FORMAT, docking: 'd-1', issuedAt: '2026-01-01T00:00:00.000Z' },
  { item: 1, file: 'DCIM/IMG_1.JPG', bytes: 10 },
  { item: 2, file: 'DCIM/é "2"\n.JPG', bytes: 0 },
  { equation: { listed: 2, confirmed: 2 }, clear: true },
];
const text = writeCertificate(elements, privateKey);
const lineAt = (byte: number) =>
  Buffer.from(text)
    .subarray(0, byte)
    .filter((one) => one === 10).length + 1;

test('a certificate verifies, gives its elements back, and is plain JSON of one element a line', () => {
  expect(verifyCertificate(text, publicKey)).toEqual({ ok: true, elements, publicKey });
  expect(JSON.parse(text)).toHaveLength(elements.length + 1);
  expect(text.split('\n')).toHaveLength(elements.length + 4);
});

test('every single changed byte is found, and the line it lies in is named', () => {
  const bytes = Buffer.from(text);
  const wrong: string[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    for (const value of new Set([bytes[at]! ^ 1, bytes[at]! ^ 0x20, 0x20, 0x0a, 0x30, 0x2c])) {
      if (value === bytes[at]) continue;
      const changed = Buffer.from(bytes);
      changed[at] = value;
      const verdict = verifyCertificate(changed.toString('utf8'), publicKey);
      if (verdict.ok) wrong.push(`byte ${at} -> ${value}: not found`);
      else if (verdict.line !== lineAt(at))
        wrong.push(`byte ${at} -> ${value}: line ${verdict.line}, not ${lineAt(at)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('every removed byte and every added byte is found', () => {
  const bytes = Buffer.from(text);
  for (let at = 0; at <= bytes.length; at += 1) {
    const removed = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    if (at < bytes.length) expect(verifyCertificate(removed.toString('utf8')).ok, `without byte ${at}`).toBe(false);
    const added = Buffer.concat([bytes.subarray(0, at), Buffer.from(' '), bytes.subarray(at)]);
    expect(verifyCertificate(added.toString('utf8')).ok, `blank before byte ${at}`).toBe(false);
  }
});

describe('lines', () => {
  const lines = text.split('\n');
  test.each([1, 2, 3, 4])('removed line %i is named where the next one stands', (index) => {
    expect(verifyCertificate(lines.toSpliced(index, 1).join('\n'))).toMatchObject({ ok: false, line: index + 1 });
  });
  test('swapped, repeated and added ones are named', () => {
    expect(verifyCertificate(lines.with(2, lines[3]!).with(3, lines[2]!).join('\n'))).toMatchObject({
      ok: false,
      line: 3,
    });
    expect(verifyCertificate(lines.toSpliced(3, 0, lines[2]!).join('\n'))).toMatchObject({ ok: false, line: 4 });
    expect(verifyCertificate(`${text}{}\n`)).toMatchObject({ ok: false, line: lines.length });
  });
  test('an altered item is named by its file', () => {
    const verdict = verifyCertificate(text.replace('"bytes":10', '"bytes":11'));
    expect(verdict).toMatchObject({ ok: false, line: 3, what: 'item 1 (DCIM/IMG_1.JPG)' });
  });
});

test('a text written anew and signed by another key is told apart from ours', () => {
  const other = writeCertificate(elements, generateKeyPairSync('ed25519').privateKey);
  expect(verifyCertificate(other).ok).toBe(true);
  expect(verifyCertificate(other, publicKey)).toMatchObject({
    ok: false,
    why: expect.stringContaining('another key') as string,
  });
});

test.each([
  '',
  '[',
  '[\n]\n',
  '{}',
  'hello',
  '[\n{}\n]\n',
  '[\n{"signature":{}}\n]\n',
  '\n\n\n\n',
  '[\nnull,\nnull\n]\n',
])('what is no certificate is refused, not a crash: %j', (other) => {
  expect(verifyCertificate(other).ok).toBe(false);
});
