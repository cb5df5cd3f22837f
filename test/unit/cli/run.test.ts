import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../../main/cli/run.ts';
import { FailureOutput, outputs } from '../../../main/cli/schemas.ts';
import { writeCertificate, FORMAT } from '../../../main/station/release/certificate-format.ts';
import { testWorld } from './world.ts';

describe('ending', () => {
  test('wrong usage is told on standard error, or as a document, never both', async () => {
    const text = await run(['statuss'], testWorld('').world);
    expect(text).toMatchObject({ exit: 2, stdout: '' });
    expect(text.stderr).toContain('there is no command "statuss"');
    const json = await run(['statuss', '--json'], testWorld('').world);
    expect(json).toMatchObject({ exit: 2, stderr: '' });
    expect(FailureOutput.parse(JSON.parse(json.stdout)).code).toBe('usage');
  });

  test('no command at all is wrong usage; asked for help is not', async () => {
    expect((await run([], testWorld('').world)).exit).toBe(2);
    expect(await run(['--help'], testWorld('').world)).toMatchObject({ exit: 0, stderr: '' });
    expect((await run(['--version'], testWorld('').world)).stdout).toMatch(/^photodock \d+\.\d+\.\d+\n$/);
  });

  test('nobody named: not signed in, before any station is started', async () => {
    const ending = await run(
      ['status', '--json', '--data', join(tmpdir(), 'photodock-never-made')],
      testWorld('').world,
    );
    expect(ending.exit).toBe(3);
    expect(FailureOutput.parse(JSON.parse(ending.stdout)).code).toBe('not-signed-in');
  });
});

describe('verify-certificate, which needs no station', () => {
  let folder: string;
  let file: string;
  const keys = generateKeyPairSync('ed25519');
  const text = writeCertificate(
    [
      { format: FORMAT, docking: 'docking-1', issuedAt: '2026-01-02T03:04:05.000Z' },
      { item: 1, file: 'A.JPG', end: 'erased', because: [], stage: 'proven', code: null },
      { item: 2, file: 'B.JPG', end: 'kept', because: ['capture-not-confirmed'], stage: 'proven', code: null },
      { equation: { listed: 2 }, clear: false },
    ],
    keys.privateKey,
  );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-'));
    file = join(folder, 'certificate.json');
    await writeFile(file, text);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function verify(...words: string[]) {
    const env = { HOME: folder, XDG_DATA_HOME: join(folder, 'share') };
    const { exit, stdout } = await run(['verify-certificate', file, '--json', ...words], testWorld(null, env).world);
    return { exit, document: JSON.parse(stdout) as Record<string, unknown> };
  }
  const writeKey = async (name: string, key = keys.publicKey) =>
    writeFile(join(folder, name), key.export({ type: 'spki', format: 'pem' }));

  test('says what it could not check when no key is at hand', async () => {
    const { exit, document } = await verify();
    expect(outputs['verify-certificate'].parse(document)).toMatchObject({
      signedBy: 'not-checked',
      items: 2,
      docking: 'docking-1',
    });
    expect(exit).toBe(0);
  });

  test('compares the key of the data folder', async () => {
    await writeKey('certificate-key.pem');
    expect(await verify('--data', folder)).toMatchObject({ exit: 0, document: { signedBy: 'this-station' } });
    await writeKey('certificate-key.pem', generateKeyPairSync('ed25519').publicKey);
    expect(await verify('--data', folder)).toMatchObject({
      exit: 4,
      document: { code: 'other-key', signedBy: 'another-station' },
    });
  });

  test('a key that was asked for and is not there is no pass', async () => {
    expect(await verify('--data', folder)).toMatchObject({ exit: 2, document: { code: 'cannot-read-file' } });
    expect(await verify('--key', join(folder, 'none.pem'))).toMatchObject({ exit: 2 });
  });

  test('names the first line that is not as it was signed', async () => {
    await writeFile(file, text.replace('A.JPG', 'C.JPG').replace('B.JPG', 'D.JPG'));
    const { exit, document } = await verify();
    expect(outputs['verify-certificate'].parse(document)).toMatchObject({
      code: 'certificate-altered',
      alteredLine: 3,
    });
    expect(exit).toBe(4);
  });

  test('a line taken out is named where it is missing', async () => {
    await writeFile(file, text.split('\n').toSpliced(2, 1).join('\n'));
    expect((await verify()).document).toMatchObject({ alteredLine: 3 });
  });
});
