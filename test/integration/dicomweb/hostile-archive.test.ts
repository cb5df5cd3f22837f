import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import {
  closePeer,
  readFrame,
  requestCommitment,
  stowInstances,
  type Peer,
} from '../../../main/station/archive/dicomweb/index.ts';
import { startHostileArchive, type HostileArchive, type HostileScenarioName } from '../../support/hostile-archive.ts';
import { newUid, sampleInstance, sampleJpeg } from './sample-instance.ts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let archive: HostileArchive;
let peer: Peer;

async function open(scenario: HostileScenarioName) {
  archive = await startHostileArchive({ scenario, stationAet: 'STATION', stationPort: 1 });
  peer = { baseUrl: archive.dicomWebUrl, timeouts: { idleMs: 300 } };
  const instances = [
    await sampleInstance({ jpeg: await evenJpeg() }),
    await sampleInstance({ jpeg: await evenJpeg() }),
  ];
  return { instances, results: () => stowInstances(peer, null, instances) };
}

/** No padding byte, so that hashes of stream and frame are the same. */
async function evenJpeg(): Promise<Buffer> {
  for (;;) {
    const jpeg = await sampleJpeg();
    if (jpeg.length % 2 === 0) return jpeg;
  }
}

afterEach(async () => {
  closePeer(peer);
  await archive.stop();
});

const outcomes: [HostileScenarioName, { outcome: string; code: number | null }[]][] = [
  [
    'honest',
    [
      { outcome: 'stored', code: null },
      { outcome: 'stored', code: null },
    ],
  ],
  [
    'stores-nothing',
    [
      { outcome: 'stored', code: null },
      { outcome: 'stored', code: null },
    ],
  ],
  [
    'warns',
    [
      { outcome: 'warning', code: 0xb000 },
      { outcome: 'warning', code: 0xb000 },
    ],
  ],
  [
    'out-of-resources',
    [
      { outcome: 'refused', code: 0xa700 },
      { outcome: 'refused', code: 0xa700 },
    ],
  ],
  [
    'failures-in-200',
    [
      { outcome: 'refused', code: 0xa700 },
      { outcome: 'refused', code: 0xa700 },
    ],
  ],
  [
    'foreign-in-200',
    [
      { outcome: 'unknown', code: null },
      { outcome: 'unknown', code: null },
    ],
  ],
  [
    'contradicts',
    [
      { outcome: 'unknown', code: 0x0110 },
      { outcome: 'unknown', code: 0x0110 },
    ],
  ],
  [
    'empty-200',
    [
      { outcome: 'unknown', code: null },
      { outcome: 'unknown', code: null },
    ],
  ],
  [
    'empty-202',
    [
      { outcome: 'unknown', code: null },
      { outcome: 'unknown', code: null },
    ],
  ],
  [
    'partly-400',
    [
      { outcome: 'stored', code: null },
      { outcome: 'unknown', code: null },
    ],
  ],
  [
    'conflict-409',
    [
      { outcome: 'refused', code: 272 },
      { outcome: 'refused', code: 272 },
    ],
  ],
];

describe('what STOW makes of an archive', () => {
  test.each(outcomes)('%s', async (scenario, expected) => {
    const { results } = await open(scenario);
    expect([...(await results()).values()]).toMatchObject(expected);
  });

  test.each([
    [
      'redirects',
      {
        code: 'peer-redirects',
        details: { status: 307, to: expect.stringMatching(/^http:\/\/localhost:\d+$/) as unknown },
      },
    ],
    ['html-200', { code: 'peer-answer-unreadable', details: { mediaType: 'text/html' } }],
    ['html-500', { code: 'peer-busy', retryAfterMs: null }],
    ['broken-json', { code: 'peer-answer-unreadable' }],
    ['endless-answer', { code: 'peer-answer-too-large' }],
    ['busy-503', { code: 'peer-busy', retryAfterMs: 7000 }],
    ['denies-401', { code: 'peer-denies-access' }],
    ['resets', { code: 'peer-unreachable', details: { reason: 'ECONNRESET' } }],
    ['never-answers-store', { code: 'peer-timeout', details: { reason: 'ETIMEDOUT' } }],
  ] as const)('%s', async (scenario, error) => {
    const { results } = await open(scenario);
    await expect(results()).rejects.toMatchObject(error);
  });

  test('a cancelled request ends with the reason it was cancelled for', async () => {
    const { instances } = await open('never-answers-store');
    const cancel = new AbortController();
    const sending = stowInstances({ baseUrl: archive.dicomWebUrl }, null, instances, cancel.signal);
    await expect.poll(() => archive.storeRequests()).toBe(1);
    cancel.abort(new Error('cancelled by a person'));
    await expect(sending).rejects.toThrow('cancelled by a person');
  });
});

describe('reading back', () => {
  test.each(['honest', 'no-frames'] as const)('%s: the same picture', async (scenario) => {
    const { instances, results } = await open(scenario);
    await results();
    const back = await readFrame(peer, instances[0]!);
    expect(back?.kind).toBe(scenario === 'honest' ? 'frame' : 'instance');
    expect(back?.bytes.includes(instances[0]!.jpeg)).toBe(true);
    expect(archive.stored()[0]?.frameSha256).toBe(sha256(instances[0]!.jpeg));
  });

  test('stores-nothing: said stored, committed, and is not there', async () => {
    const { instances, results } = await open('stores-nothing');
    await results();
    const committed = await requestCommitment(peer, newUid(), instances);
    const named = instances.map(({ sopClassUid, sopInstanceUid }) => ({ sopClassUid, sopInstanceUid }));
    expect(committed).toEqual({ state: 'answered', committed: named, failed: [] });
    expect(await readFrame(peer, instances[0]!)).toBeNull();
    expect(archive.stored()).toEqual([]);
  });

  test('keeps-other-pixels: said stored, committed, and is another picture', async () => {
    const { instances, results } = await open('keeps-other-pixels');
    expect([...(await results()).values()].map((one) => one.outcome)).toEqual(['stored', 'stored']);
    const back = await readFrame(peer, instances[0]!);
    expect(back?.bytes.length).toBe(instances[0]!.jpeg.length);
    expect(back?.bytes.equals(instances[0]!.jpeg)).toBe(false);
  });

  test.each(['read-back-cut-off', 'read-back-html'] as const)(
    '%s: named, never taken for a picture',
    async (scenario) => {
      const { instances, results } = await open(scenario);
      await results();
      await expect(readFrame(peer, instances[0]!)).rejects.toMatchObject({ code: 'peer-answer-unreadable' });
    },
  );
});

test('storage commitment names what it does not have', async () => {
  const { instances, results } = await open('honest');
  await results();
  const missing = { sopClassUid: instances[0]!.sopClassUid, sopInstanceUid: newUid() };
  const otherClass = { sopClassUid: '1.2.840.10008.5.1.4.1.1.77.1.7', sopInstanceUid: instances[1]!.sopInstanceUid };
  const { sopClassUid, sopInstanceUid } = instances[0]!;
  expect(await requestCommitment(peer, newUid(), [instances[0]!, missing, otherClass])).toEqual({
    state: 'answered',
    committed: [{ sopClassUid, sopInstanceUid }],
    failed: [
      { ...missing, reason: 0x0112 },
      { ...otherClass, reason: 0x0119 },
    ],
  });
});
