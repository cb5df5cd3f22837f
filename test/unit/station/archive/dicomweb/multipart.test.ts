import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mediaParameter, parseMultipart } from '../../../../../main/station/archive/dicomweb/multipart.ts';

const type = (boundary: string) => `multipart/related; type="image/jpeg"; boundary="${boundary}"`;

function build(boundary: string, parts: { headers: string[]; body: Uint8Array }[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(({ headers, body }) => [
      Buffer.from(`--${boundary}\r\n${headers.map((one) => `${one}\r\n`).join('')}\r\n`),
      body,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}

test('gives every part back byte for byte, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9A-Za-z'()+_,\-./:=?]{8,40}$/),
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      (boundary, bodies) => {
        const parts = bodies.map((body) => ({
          headers: [`Content-Type: image/jpeg`, `Content-Length: ${body.length}`],
          body,
        }));
        const found = parseMultipart(type(boundary), build(boundary, parts));
        expect(found.map((part) => Buffer.from(part.body))).toEqual(bodies.map((body) => Buffer.from(body)));
      },
    ),
  );
});

test('never takes a cut-off body for a whole one', () => {
  const whole = build('b0undary', [{ headers: ['Content-Type: image/jpeg'], body: Buffer.from('picture bytes') }]);
  const closed = whole.length - 2;
  for (let length = 0; length < closed; length += 1) {
    expect(() => parseMultipart(type('b0undary'), whole.subarray(0, length)), `cut at ${length}`).toThrow(
      expect.objectContaining({ code: 'peer-answer-unreadable' }),
    );
  }
});

test('throws nothing but its own error on any bytes', () => {
  const pieces = fc.constantFrom(
    '--b',
    '--b--',
    '\r\n',
    '\r\n\r\n',
    'Content-Length: 3',
    'x:y',
    ':',
    ' ',
    '\0',
    'b',
    '--',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (list) => {
      try {
        parseMultipart('multipart/related; boundary=b', Buffer.from(list.join('')));
      } catch (error) {
        expect(error).toMatchObject({ code: 'peer-answer-unreadable' });
      }
    }),
    { numRuns: 2000 },
  );
});

test('bytes that only begin like a delimiter belong to the part', () => {
  const body = Buffer.from('\r\n--boundX\r\n--bound-\r\n--bound x');
  const [part] = parseMultipart(type('bound'), build('bound', [{ headers: ['a: b'], body }]));
  expect(part!.body.toString()).toBe(body.toString());
});

test('skips a preamble, ignores an epilogue, allows white space after a boundary', () => {
  const body = Buffer.from('preamble\r\n--b \t\r\nContent-Type: image/jpeg\r\n\r\nabc\r\n--b--\r\nepilogue');
  const [part] = parseMultipart('multipart/related; boundary=b', body);
  expect(part!.headers.get('content-type')).toBe('image/jpeg');
  expect(part!.body.toString()).toBe('abc');
});

test.each([
  ['no boundary', 'multipart/related', '--b\r\na: b\r\n\r\nx\r\n--b--'],
  ['a boundary with forbidden bytes', 'multipart/related; boundary="b\tc"', '--b\r\na: b\r\n\r\nx\r\n--b--'],
  ['a boundary longer than 70', `multipart/related; boundary=${'b'.repeat(71)}`, `--${'b'.repeat(71)}--`],
  ['a wrong length', 'multipart/related; boundary=b', '--b\r\nContent-Length: 4\r\n\r\nabc\r\n--b--'],
  ['a header twice', 'multipart/related; boundary=b', '--b\r\nx: 1\r\nX: 2\r\n\r\nabc\r\n--b--'],
  ['a header without a name', 'multipart/related; boundary=b', '--b\r\n: 1\r\n\r\nabc\r\n--b--'],
  ['headers without an end', 'multipart/related; boundary=b', '--b\r\nx: 1\r\n--b--'],
  ['endless headers', 'multipart/related; boundary=b', `--b\r\nx: ${'1'.repeat(9000)}\r\n\r\nabc\r\n--b--`],
])('refuses %s', (_, contentType, body) => {
  expect(() => parseMultipart(contentType, Buffer.from(body))).toThrow(
    expect.objectContaining({ code: 'peer-answer-unreadable' }),
  );
});

test.each([
  ['multipart/related; type="image/jpeg"; boundary=abc', 'boundary', 'abc'],
  ['multipart/related;BOUNDARY="a;b=\\"c\\""', 'boundary', 'a;b="c"'],
  ['image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50', 'transfer-syntax', '1.2.840.10008.1.2.4.50'],
  ['image/jpeg ; a = b ; transfer-syntax = "1.2"', 'transfer-syntax', '1.2'],
  ['multipart/related; type="x; boundary=evil"; boundary=good', 'boundary', 'good'],
  ['image/jpeg', 'boundary', null],
  ['', 'boundary', null],
])('reads a parameter out of %s', (header, name, value) => {
  expect(mediaParameter(header, name)).toBe(value);
});
