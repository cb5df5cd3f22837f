import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOrthanc } from '../../support/orthanc.ts';
import type { OrthancServer } from '../../support/orthanc.ts';
import { freePort, removeFolder, run, tempFolder } from '../../support/server-process.ts';
import type { CliOptions } from './support.ts';
import { ask, contentsOf, examplePictures, writeConfig } from './support.ts';

// The command line alone takes real camera pictures (and the broken ones beside them) from a folder into a real archive and
// erases exactly what the archive is proven to hold.

interface CertificateItem {
  file: string;
  end: string;
  captureStage: string | null;
  record: { sopInstanceUid: string; derivation: string | null; pixelSha256: string } | null;
}

const HAND = ['--region', 'SCT:33712006', '--laterality', 'L'] as const;

/** Which of the pictures a decoder of ours, asked by the test itself, can show. */
async function displayable(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of (await contentsOf(folder)).keys()) {
    const shown = await sharp(join(folder, name), { failOn: 'error' })
      .stats()
      .then(
        () => true,
        () => false,
      );
    if (shown) names.push(name);
  }
  return names.sort();
}

describe.each(['dimse', 'dicomweb'] as const)('by the command line alone, archive by %s', (kind) => {
  let folder: string;
  let card: string;
  let orthanc: OrthancServer;
  let options: CliOptions;
  let before: Map<string, string>;
  let pictures: string[];
  let dockingId: string;
  let certificateFile: string;
  let items: CertificateItem[];

  beforeAll(async () => {
    folder = await tempFolder(`cli-${kind}`);
    card = join(folder, 'card');
    await cp(examplePictures, card, { recursive: true, preserveTimestamps: true });
    before = await contentsOf(card);
    pictures = await displayable(card);
    const stationPort = await freePort();
    orthanc = await startOrthanc({
      stationAet: 'PHOTODOCK',
      stationHost: '127.0.0.1',
      stationPort,
      worklist: [
        {
          patientName: 'Müller^Änne',
          patientId: 'MRN-4711',
          birthDate: '19601224',
          sex: 'F',
          accessionNumber: 'ACC-1',
          studyInstanceUid: '1.2.826.0.1.3680043.10.1.1',
          requestedProcedureId: 'RP1',
          requestedProcedureDescription: 'Photography of the hand',
          scheduledProcedureStepId: 'SPS1',
          // Private, but one that the validator knows: a hospital's own codes are no fault of the object.
          codingScheme: '99_OFFIS_DCMTK',
        },
      ],
    });
    const peer = { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet };
    const config = await writeConfig(join(folder, 'station.json'), {
      station: { name: 'DERM1', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
      archive:
        kind === 'dimse'
          ? { kind, name: 'Orthanc', ...peer, commitment: true, readBack: { kind: 'move' } }
          : { kind, name: 'Orthanc', baseUrl: orthanc.dicomWebUrl },
      worklist: peer,
      intake: { mountRoots: [], watchFolders: [] },
    });
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, 'correct horse\n', { mode: 0o600 });
    options = { data: join(folder, 'data'), config, passwordFile };
    certificateFile = join(folder, 'certificate.json');
  });

  afterAll(async () => {
    await orthanc?.stop();
    await removeFolder(folder);
  });

  test('init makes the data folder and its first lead, once', async () => {
    const first = await ask(options, 'init', ['--name', 'Lea Lead']);
    expect(first).toMatchObject({ exit: 0, value: { stationName: 'DERM1', person: { login: 'lead', role: 'lead' } } });
  });

  test('doctor finds every peer', async () => {
    const { exit, value } = await ask(options, 'doctor');
    expect(value.checks.filter(({ state }) => state !== 'ok')).toMatchObject([
      { step: 'backup', code: 'backup-never' },
    ]);
    expect(value.checks.map(({ step }) => step)).toEqual(expect.arrayContaining(['archive', 'worklist', 'audit']));
    expect(exit).toBe(0);
  });

  test('dock --wait proven seals everything and erases nothing', async () => {
    const { exit, value } = await ask(options, 'dock', [card, '--wait', 'proven']);
    dockingId = value.docking.id;
    expect(exit).toBe(0);
    expect(value.docking).toMatchObject({ state: 'sealed', listed: before.size, unreadable: 0 });
    expect(value.captures).toBe(pictures.length);
    expect(pictures.length).toBeGreaterThan(5);
    expect(await contentsOf(card)).toEqual(before);
  });

  test('file files what can be displayed and names the rest', async () => {
    const { value: list } = await ask(options, 'worklist', ['--refresh']);
    expect(list.items).toHaveLength(1);
    expect(list.items[0]?.patient).toMatchObject({ mrn: 'MRN-4711', sex: 'F' });
    const { exit, value } = await ask(options, 'file', [
      '--docking',
      dockingId,
      '--worklist-item',
      list.items[0]!.id,
      ...HAND,
      '--view',
      'back of hand',
      '--recognizable',
    ]);
    expect(value.filed).toHaveLength(pictures.length);
    expect(value.refused.map(({ name }) => name).sort()).toEqual(
      [...before.keys()].filter((name) => !pictures.includes(name)).sort(),
    );
    expect(exit).toBe(4);
  });

  test('deliver ends when the archive has proven everything', async () => {
    const { exit, value } = await ask(options, 'deliver', ['--until-idle', '--timeout', '100']);
    expect(value.stuck).toEqual([]);
    expect(value.captures).toMatchObject({ filed: 0, delivered: 0, confirmed: pictures.length });
    expect(exit).toBe(0);
    expect(await orthanc.instances()).toHaveLength(pictures.length);
  });

  test('status adds up', async () => {
    const { value } = await ask(options, 'status');
    const [docking] = value.dockings;
    expect(docking).toMatchObject({ listed: before.size, confirmed: pictures.length, inDelivery: 0 });
    expect(
      docking!.confirmed + docking!.unfiled + docking!.rejected + docking!.unreadable + docking!.housekeeping,
    ).toBe(before.size);
    const { value: listed } = await ask(options, 'captures', ['--stage', 'confirmed', '--docking', dockingId]);
    expect(listed.captures.map(({ name }) => name).sort()).toEqual(pictures);
    expect(listed.captures[0]?.filing).toMatchObject({
      region: 'SCT:33712006',
      laterality: 'L',
      recognizable: true,
      burnedIn: false,
    });
  });

  test('release erases what is confirmed, and leaves the rest byte for byte', async () => {
    const { exit, value } = await ask(options, 'release', ['--docking', dockingId]);
    expect(value.erased).toBe(pictures.length);
    expect(value.docking.onMedium).toEqual({
      present: 0,
      absent: pictures.length,
      kept: before.size - pictures.length,
      eraseUnverified: 0,
    });
    const stays = new Map([...before].filter(([name]) => !pictures.includes(name)));
    expect(new Set(value.stays.map(({ file }) => file))).toEqual(new Set(stays.keys()));
    expect(value.stays.every(({ because }) => because.length > 0)).toBe(true);
    expect(await contentsOf(card)).toEqual(stays);
    expect(exit).toBe(4);
  });

  test('every instance fetched back is clean, and has the pixels that the station sealed', async () => {
    const written = await ask(options, 'certificate', [
      '--docking',
      dockingId,
      '--out',
      certificateFile,
      '--html',
      join(folder, 'page.html'),
    ]);
    expect(written).toMatchObject({ exit: 0, value: { listed: before.size, erased: pictures.length, clear: false } });
    expect(await readFile(join(folder, 'page.html'), 'utf8')).toContain(dockingId);
    items = (JSON.parse(await readFile(certificateFile, 'utf8')) as CertificateItem[]).filter((one) => 'file' in one);
    const records = items.filter(({ record }) => record !== null);
    expect(records.map(({ file }) => file).sort()).toEqual(pictures);
    for (const { file, end, record } of records) {
      expect(end, file).toBe('erased');
      const orthancId = await orthanc.find(record!.sopInstanceUid);
      const part10 = join(folder, 'fetched.dcm');
      await writeFile(part10, await orthanc.file(orthancId!));
      const { output } = await run('dciodvfy', ['-new', part10]);
      expect(
        output.split('\n').filter((line) => /^(Error|Warning)/.test(line)),
        file,
      ).toEqual([]);
      expect(pixelHashes(await orthanc.frame(orthancId!)), file).toContain(record!.pixelSha256);
    }
  });

  test('the certificate verifies, by its own station and by its key alone', async () => {
    const byData = await ask({ data: options.data }, 'verify-certificate', [certificateFile]);
    expect(byData).toMatchObject({
      exit: 0,
      value: { signedBy: 'this-station', alteredLine: null, items: before.size },
    });
    const elsewhere = { data: join(folder, 'none') };
    const key = ['--key', join(options.data, 'certificate-key.pem')];
    expect((await ask(elsewhere, 'verify-certificate', [certificateFile, ...key])).exit).toBe(0);
  });

  test('one changed byte is named by its line, wherever it is', async () => {
    const lines = (await readFile(certificateFile, 'utf8')).split('\n');
    // Header, two items, the equation, the signature.
    for (const line of [2, 3, 3 + Math.floor(items.length / 2), lines.length - 3, lines.length - 2]) {
      const text = lines[line - 1]!;
      const middle = Math.floor(text.length / 2);
      const changed = String.fromCharCode(text.charCodeAt(middle) ^ 1);
      const copy = join(folder, 'altered.json');
      await writeFile(copy, lines.with(line - 1, text.slice(0, middle) + changed + text.slice(middle + 1)).join('\n'));
      const { exit, value } = await ask({ data: options.data }, 'verify-certificate', [copy]);
      expect(value.alteredLine).toBe(line);
      expect(exit).toBe(4);
    }
  });

  test('the audit chain is whole', async () => {
    const { exit, value } = await ask(options, 'audit verify');
    expect(exit).toBe(0);
    expect(value.lines).toBeGreaterThan(before.size);
  });
});

/** The stream as it came, and without the one padding byte that makes its length even. */
function pixelHashes(stream: Buffer): string[] {
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  return stream.at(-1) === 0 ? [hash(stream), hash(stream.subarray(0, -1))] : [hash(stream)];
}
