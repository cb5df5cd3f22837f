import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStowAnswer } from '../../../../../main/station/archive/dicomweb/stow.ts';

const sopClassUid = '1.2.840.10008.5.1.4.1.1.77.1.4';
const instance = { sopClassUid, sopInstanceUid: '2.25.7' };

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, mediaType: 'application/dicom+json', body: Buffer.from(text) };
}

function item(uid: string, more: Record<string, unknown> = {}, sopClass = sopClassUid) {
  return { '00081150': { vr: 'UI', Value: [sopClass] }, '00081155': { vr: 'UI', Value: [uid] }, ...more };
}

const sequence = (...Value: unknown[]) => ({ vr: 'SQ', Value });
const judge = (status: number, body: unknown) => readStowAnswer(answer(status, body), [instance]).get('2.25.7');

test('stored is what the archive names as stored, whatever the HTTP status', () => {
  fc.assert(
    fc.property(fc.constantFrom(200, 202, 400, 409, 500, 503), (status) => {
      expect(judge(status, { '00081199': sequence(item('2.25.7')) })).toEqual({
        outcome: 'stored',
        code: null,
        httpStatus: status,
      });
    }),
  );
});

test('an answer wrapped in a list of one is understood', () => {
  expect(judge(200, [{ '00081199': sequence(item('2.25.7')) }])?.outcome).toBe('stored');
});

test('stored under another SOP class is not stored', () => {
  expect(judge(200, { '00081199': sequence(item('2.25.7', {}, '1.2.840.10008.5.1.4.1.1.2')) })?.outcome).toBe(
    'unknown',
  );
});

test('a warning reason makes it a warning, zero does not', () => {
  const warned = (code: unknown) =>
    judge(200, { '00081199': sequence(item('2.25.7', { '00081196': { vr: 'US', Value: [code] } })) });
  expect(warned(0xb007)).toMatchObject({ outcome: 'warning', code: 0xb007 });
  expect(warned('45056')).toMatchObject({ outcome: 'warning', code: 0xb000 });
  expect(warned(0)).toMatchObject({ outcome: 'stored', code: null });
});

test('a UID that only looks like ours is not ours', () => {
  for (const uid of ['2.25.70', '2.25', '2.25.7\0', ' 2.25.7']) {
    expect(judge(200, { '00081199': sequence(item(uid)) })?.outcome).toBe('unknown');
  }
});

test('no JSON whatsoever makes an instance stored unless it names its UID as such', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        expect(judge(200, { '00081199': value })?.outcome).toBe('unknown');
        expect(judge(200, value)?.outcome).toBe('unknown');
      } catch (error) {
        expect(error).toMatchObject({ code: 'peer-answer-unreadable' });
      }
    }),
  );
});

test('when nothing is said about any instance, the status speaks', () => {
  expect(() => judge(413, '')).toThrow(expect.objectContaining({ code: 'peer-refuses-request' }));
  expect(() => judge(403, '{}')).toThrow(expect.objectContaining({ code: 'peer-denies-access' }));
  expect(() => judge(429, '')).toThrow(expect.objectContaining({ code: 'peer-busy' }));
  expect(() => judge(200, '<html>')).toThrow(expect.objectContaining({ code: 'peer-answer-unreadable' }));
  expect(judge(200, '')?.outcome).toBe('unknown');
});
