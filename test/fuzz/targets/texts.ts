import { generateKeyPairSync } from 'node:crypto';
import { readArguments } from '../../../main/cli/arguments.ts';
import { parseDicomJson } from '../../../main/station/archive/dicomweb/dicom-json.ts';
import { parseMultipart, mediaParameter, mediaTypeOf } from '../../../main/station/archive/dicomweb/multipart.ts';
import { readStowAnswer } from '../../../main/station/archive/dicomweb/stow.ts';
import { FORMAT, verifyCertificate, writeCertificate } from '../../../main/station/release/certificate-format.ts';
import { contract } from '../../../shared/contract.ts';
import { check, isWithin, unlessRefused, type FuzzTarget } from '../target.ts';

/** The first line is a content type, the rest its body, as an archive answers. */
export const multipart: FuzzTarget = {
  name: 'multipart',
  covers: ['/dicomweb/multipart.ts'],
  seeds: () => [
    Buffer.from(
      'multipart/related; type="image/jpeg"; boundary=b\n--b\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\nabcd\r\n--b\r\n\r\nx\r\n--b--\r\n',
    ),
  ],
  dictionary: [
    '--b',
    '\r\n--b',
    '\r\n\r\n',
    '--b--',
    'boundary=',
    'boundary="',
    '\\"',
    '; ',
    'Content-Length: ',
    '\r\n',
    '\t',
  ],
  run(bytes) {
    const end = Math.max(0, bytes.indexOf(10));
    const header = bytes.toString('latin1', 0, end);
    const body = bytes.subarray(end + 1);
    mediaTypeOf(header);
    mediaParameter(header, 'type');
    const parts = unlessRefused(['peer-answer-unreadable'], () => parseMultipart(header, body)) ?? [];
    for (const part of parts) check(isWithin(part.body, body), 'a part lies within the body');
  },
};

const INSTANCE = { sopInstanceUid: '1.2.3', sopClassUid: '1.2.840.10008.5.1.4.1.1.77.1.4' };

/** The answer to STOW: stored is only what the archive names as stored, and as nothing else. */
export const stow: FuzzTarget = {
  name: 'stow',
  covers: ['/dicomweb/stow.ts', '/dicomweb/dicom-json.ts', '/dicomweb/status.ts'],
  seeds: () => {
    const item = {
      '00081150': { vr: 'UI', Value: [INSTANCE.sopClassUid] },
      '00081155': { vr: 'UI', Value: [INSTANCE.sopInstanceUid] },
    };
    return [
      JSON.stringify({ '00081199': { vr: 'SQ', Value: [item] } }),
      JSON.stringify([{ '00081198': { vr: 'SQ', Value: [{ ...item, '00081197': { vr: 'US', Value: [272] } }] } }]),
      JSON.stringify({ '00081199': { vr: 'SQ', Value: [{ ...item, '00081196': { vr: 'US', Value: ['45056'] } }] } }),
    ].map((text) => Buffer.from(text));
  },
  dictionary: [
    '"00081199"',
    '"00081198"',
    '"00081155"',
    '"00081150"',
    '"00081197"',
    '"00081196"',
    '"Value"',
    '[',
    ']',
    '{',
    '}',
    'null',
    '"1.2.3"',
    '__proto__',
    ':',
    ',',
  ],
  run(bytes) {
    for (const status of [200, 202, 400, 409, 503]) {
      const answer = { status, headers: {}, mediaType: 'application/dicom+json', body: bytes };
      const codes = [
        'peer-answer-unreadable',
        'peer-refuses-request',
        'peer-busy',
        'peer-denies-access',
        'peer-redirects',
      ];
      const result = unlessRefused(codes, () =>
        readStowAnswer(answer as unknown as Parameters<typeof readStowAnswer>[0], [INSTANCE]),
      )?.get(INSTANCE.sopInstanceUid);
      if (result?.outcome !== 'stored' && result?.outcome !== 'warning') continue;
      const text = JSON.stringify(parseDicomJson(bytes));
      check(
        text.includes('00081199') && text.includes(INSTANCE.sopInstanceUid),
        'stored is only what was named as stored',
      );
    }
  },
};

/** Arguments apart by line ends: a command, or a usage error in words. */
export const cli: FuzzTarget = {
  name: 'cli-arguments',
  covers: ['/cli/arguments.ts'],
  seeds: () =>
    [
      'dock\n/media/card',
      'audit\nverify\n--json',
      'file\nx\n--region\nSCT:1\n--side=R',
      '--data\nd\nstatus\n--config=c',
      '--help',
      'release\n--',
      '--\n-x',
    ].map((text) => Buffer.from(text)),
  dictionary: [
    '--json',
    '--help',
    '--version',
    '--data',
    '--config=',
    '--',
    '-',
    '\n',
    'dock',
    'audit',
    'verify',
    'file',
    'constructor',
    '__proto__',
    '--no-json',
    '=',
    '\0',
    '\xff',
  ],
  run(bytes) {
    const given = bytes.toString('utf8').split('\n');
    const read = unlessRefused(['usage'], () => readArguments(given));
    if (read) check(read.command !== null || read.operands.length >= 0, 'a command line is read');
  },
};

const { privateKey } = generateKeyPairSync('ed25519');
const genuine = writeCertificate(
  [{ format: FORMAT, docking: 'd' }, { item: 'i', file: 'IMG_1.JPG', sha256: 'a' }, { equation: { listed: 1 } }],
  privateKey,
);

/** A certificate that anybody may have changed: a verdict every time, and "genuine" for nothing but the genuine one. */
export const certificate: FuzzTarget = {
  name: 'certificate',
  covers: ['/release/certificate-format.ts'],
  seeds: () => [Buffer.from(genuine)],
  dictionary: [
    '"hash":',
    '"file":"x"',
    '"item":',
    '{"toString":1,"valueOf":1}',
    '"signature":',
    '"format":',
    ',\n',
    '[\n',
    '\n]\n',
    '__proto__',
    'null',
    '{}',
    '"equation":0',
  ],
  run(bytes) {
    const text = bytes.toString('utf8');
    const verdict = verifyCertificate(text);
    if (verdict.ok) check(text === genuine || !text.includes(publicKeyOf(genuine)), 'only the genuine text is genuine');
    else
      check(
        verdict.line >= 1 && verdict.line <= text.split('\n').length + 2 && verdict.what !== '',
        'the bad line is named',
      );
  },
};

const publicKeyOf = (text: string) => /"publicKey":"([^"]+)"/.exec(text)?.[1] ?? '';

/** The first line names a call, the rest is its input: parsed or refused, and nothing gets into the station that the schema does not name. */
export const calls: FuzzTarget = {
  name: 'contract',
  // The contract is data; what parses by it is zod.
  covers: ['/zod/v4/core/schemas.js', '/zod/v4/core/checks.js', '/zod/v4/core/parse.js'],
  seeds: () => Object.keys(contract).map((name) => Buffer.from(`${name}\n${JSON.stringify(EXAMPLE)}`)),
  dictionary: [
    '"captureIds":["',
    '"dockingId":"',
    '"path":"',
    '"__proto__":{"admin":true}',
    '"limit":',
    '1e309',
    '-1',
    'null',
    'true',
    '[]',
    '{}',
    '"\\u0000"',
    '"\\ud800"',
  ],
  run(bytes) {
    const end = Math.max(0, bytes.indexOf(10));
    const name = bytes.toString('utf8', 0, end);
    if (!Object.hasOwn(contract, name)) return;
    let input: unknown;
    try {
      input = JSON.parse(bytes.toString('utf8', end + 1));
    } catch {
      return;
    }
    const parsed = contract[name as keyof typeof contract].input.safeParse(input);
    if (!parsed.success) return;
    check(JSON.stringify(parsed.data).length <= bytes.length + 1000, 'parsing adds nothing but defaults');
    check(!('admin' in parsed.data), 'nobody reaches the prototype');
    const again = contract[name as keyof typeof contract].input.safeParse(parsed.data);
    check(again.success && JSON.stringify(again.data) === JSON.stringify(parsed.data), 'parsing twice is parsing once');
  },
};

const EXAMPLE = {
  dockingId: '12345678',
  captureId: '12345678',
  captureIds: ['12345678'],
  worklistItemId: '12345678',
  id: '12345678',
  limit: 5,
  query: 'x',
  path: '/x',
  login: 'lead',
  displayName: 'L',
  password: 'password-1',
  role: 'lead',
  region: { scheme: 'SCT', code: '1' },
  laterality: 'R',
  view: null,
  burnedIn: false,
  recognizable: true,
  stage: 'unfiled',
  reason: 'other',
  disabled: false,
};
