import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeStowAnswer } from '../../../../../main/station/archive/dicomweb/stow-answer.ts';
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

/** One entry of a list of the response module, as archives write it and as they should not. */
interface Entry {
  readonly uid: string;
  readonly sopClass: string | null;
  readonly code: number | null;
}
const ENTRIES: readonly Entry[] = ['2.25.7', '2.25.70'].flatMap((uid) =>
  [sopClassUid, '1.2.840.10008.5.1.4.1.1.2', null].flatMap((sopClass) =>
    [null, 0, 0xb000, 0xb007].map((code) => ({ uid, sopClass, code })),
  ),
);
const LISTS: readonly (readonly Entry[])[] = [
  [],
  ...ENTRIES.map((entry) => [entry]),
  ...ENTRIES.flatMap((one) => ENTRIES.map((two) => [one, two])),
];
const written = (entries: readonly Entry[], codeTag: string) =>
  sequence(
    ...entries.map(({ uid, sopClass, code }) => ({
      '00081155': { vr: 'UI', Value: [uid] },
      ...(sopClass === null ? {} : { '00081150': { vr: 'UI', Value: [sopClass] } }),
      ...(code === null ? {} : { [codeTag]: { vr: 'US', Value: [code] } }),
    })),
  );

test('every pair of lists of up to two entries: stored only when named as stored, each time under its class, and never as failed', () => {
  for (const stored of LISTS)
    for (const failed of LISTS.filter((list) => list.length < 2)) {
      const module = { '00081199': written(stored, '00081196'), '00081198': written(failed, '00081197') };
      const ours = stored.filter(({ uid }) => uid === '2.25.7');
      const failure = failed.find(({ uid }) => uid === '2.25.7');
      const isOurClass = ours.every(({ sopClass }) => sopClass === null || sopClass === sopClassUid);
      const warning = ours.map(({ code }) => code).find((code) => code !== null && code !== 0) ?? null;
      const expected = failure
        ? { outcome: ours.length > 0 ? 'unknown' : 'refused', code: failure.code }
        : ours.length === 0
          ? null
          : !isOurClass
            ? { outcome: 'unknown', code: null }
            : { outcome: warning === null ? 'stored' : 'warning', code: warning };
      const judged = judgeStowAnswer(module, instance);
      if (JSON.stringify(judged) !== JSON.stringify(expected))
        expect({ module, judged }).toEqual({ module, judged: expected });
    }
});

test('of several failures of one instance the first is told, also where it is named as stored', () => {
  const failed = written([{ uid: '2.25.7', sopClass: null, code: 0x0110 }, ...ENTRIES.slice(0, 1)], '00081197');
  expect(judgeStowAnswer({ '00081198': failed }, instance)).toEqual({ outcome: 'refused', code: 0x0110 });
});
