import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDoorFile } from '../../../main/client/index.ts';
import { removeFolder, tempFolder } from '../../support/server-process.ts';
import type { CliOptions } from './support.ts';
import { ask, askFailing, examplePictures, lives, startByNpm, startCli, writeConfig } from './support.ts';

// The practice hospital by the command line: no configuration, people who are there already.

const HAND = ['--region', 'SCT:33712006', '--laterality', 'R'] as const;

describe('in the practice hospital', () => {
  let folder: string;
  let lead: CliOptions;
  let staff: CliOptions;
  let config: string;
  const servers: ReturnType<typeof startCli>[] = [];

  beforeAll(async () => {
    folder = await tempFolder('cli-practice');
    const data = join(folder, 'data');
    lead = { data, password: 'practice-lead' };
    staff = { data, user: 'staff', password: 'practice-staff' };
    config = await writeConfig(join(folder, 'station.json'), {
      station: { name: 'DERM1' },
      archive: { kind: 'dicomweb', name: 'Away', baseUrl: 'http://127.0.0.1:1/dicom-web' },
    });
    await mkdir(join(folder, 'card'));
    for (const name of ['sony-alpha-6000.jpg', 'test1.jpg'])
      await copyFile(join(examplePictures, name), join(folder, 'card', name));
    // The same content under another name: it is filed, delivered and erased with the picture that it is.
    await copyFile(join(examplePictures, 'test1.jpg'), join(folder, 'card', 'zz-copy.jpg'));
  });
  afterAll(async () => {
    for (const { child } of servers) child.kill('SIGTERM');
    await Promise.all(servers.map(({ finished }) => finished));
    await removeFolder(folder);
  });

  async function serve() {
    const server = startCli(lead, ['serve', '--json']);
    servers.push(server);
    await until(async () => {
      if (server.child.exitCode !== null) throw new Error(`serve ended: ${server.texts.stdout}${server.texts.stderr}`);
      return server.texts.stderr.includes('serving');
    });
    return server;
  }

  test('npm run photodock takes paths from where one stands, and prints nothing but the document', async () => {
    const words = ['dock', 'card', '--wait', 'proven', '--json', '--data', 'data'];
    const { exit, stdout } = await startByNpm({ ...lead, cwd: folder }, words).finished;
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      docking: { listed: 3, unfiled: 3, onMedium: { present: 3 } },
    });
    expect(exit).toBe(0);
    expect(await readDoorFile(lead.data)).toBeNull();
  });

  test('the whole way, told to people in plain words', async () => {
    const { value } = await ask(lead, 'status');
    const docking = value.dockings[0]!.id;
    const { value: list } = await ask(lead, 'worklist');
    const item = list.items.find(({ incomplete }) => incomplete.length === 0)!;
    const filed = await startCli(lead, ['file', '--docking', docking, '--worklist-item', item.id, ...HAND]).finished;
    expect(filed).toMatchObject({ exit: 0, stdout: '3 captures filed.\n' });
    const delivered = await startCli(lead, ['deliver', '--until-idle']).finished;
    expect(delivered).toMatchObject({ exit: 0 });
    expect(delivered.stdout).toContain('3 in all');
    const released = await startCli(lead, ['release', '--docking', docking]).finished;
    expect(released.stdout).toContain('3 items deleted and checked absent.');
    expect(released.stdout).toContain('Clear: nothing is left on the medium.');
    expect(released.exit).toBe(0);
    expect(await readdir(join(folder, 'card'))).toEqual([]);
    const out = join(folder, 'certificate.json');
    expect((await ask(lead, 'certificate', ['--docking', docking, '--out', out])).value).toMatchObject({
      clear: true,
      erased: 3,
    });
    const verified = await startCli(lead, ['verify-certificate', out]).finished;
    expect(verified.stdout).toContain("Signed with this station's key.");
    // Names are for whoever asked for them, and for nobody else.
    for (const { stdout, stderr } of [filed, delivered, released, verified]) {
      expect(stdout + stderr).not.toContain(item.patient.mrn);
      expect(stdout + stderr).not.toContain(item.patient.name);
    }
  });

  test('who is not allowed is told so, and ends with 3', async () => {
    expect(await askFailing(staff, ['audit', 'verify'])).toMatchObject({ exit: 3, value: { code: 'not-allowed' } });
    expect(await askFailing({ ...lead, password: 'wrong' }, ['status'])).toMatchObject({
      exit: 3,
      value: { code: 'wrong-password' },
    });
    expect(await askFailing({ ...lead, user: '' }, ['status'])).toMatchObject({
      exit: 3,
      value: { code: 'not-signed-in' },
    });
    expect(await askFailing({ ...lead, password: '' }, ['status'])).toMatchObject({
      exit: 3,
      value: { code: 'not-signed-in' },
    });
  });

  test('what cannot be meant ends with 2, and starts nothing', async () => {
    const id = '00000000-0000-0000-0000-000000000000';
    const wrong: [string[], string][] = [
      [['statuss'], 'usage'],
      [['status', 'more'], 'usage'],
      [['captures', '--stage', 'lost'], 'usage'],
      [['file', '--docking', id], 'usage'],
      [['deliver'], 'usage'],
      [['deliver', '--until-idle', '--timeout', 'soon'], 'usage'],
      [['init'], 'config-needed'],
      [['verify-certificate', join(folder, 'nothing.json')], 'cannot-read-file'],
    ];
    for (const [words, code] of wrong) {
      expect(await askFailing({ ...lead, user: '' }, words), words.join(' ')).toMatchObject({
        exit: 2,
        value: { code },
      });
    }
    const missing: [string[], string][] = [
      [['dock', join(folder, 'nowhere')], 'no-such-folder'],
      [['release', '--docking', id], 'no-such-docking'],
    ];
    for (const [words, code] of missing) {
      expect(await askFailing(lead, words), words.join(' ')).toMatchObject({ exit: 2, value: { code } });
    }
  });

  test('a data folder of the practice hospital is never opened with a configuration, nor one with patients without', async () => {
    expect(await askFailing({ ...lead, config }, ['status'])).toMatchObject({
      exit: 2,
      value: { code: 'other-folder-kind' },
    });
    const real = { data: join(folder, 'real') };
    expect((await ask({ ...real, config }, 'init')).exit).toBe(0);
    expect(await askFailing({ ...real, config }, ['init'])).toMatchObject({ exit: 2, value: { code: 'not-empty' } });
    expect(await askFailing(real, ['status'])).toMatchObject({ exit: 2, value: { code: 'other-folder-kind' } });
    const broken = join(folder, 'broken.json');
    await writeFile(broken, '{"station": {"name": 7}}');
    const wrong = await askFailing({ ...real, config: broken }, ['status']);
    expect(wrong).toMatchObject({ exit: 2, value: { code: 'config' } });
    expect(wrong.value.message).toContain('station.name');
  });

  describe('with a station that serves', () => {
    test('commands join it and leave it; it ends by the signal and is really gone', async () => {
      const server = await serve();
      const { pid } = (await readDoorFile(lead.data))!;
      const [one, two] = await Promise.all([ask(lead, 'status'), ask(lead, 'audit verify')]);
      expect([one.exit, two.exit]).toEqual([0, 0]);
      expect((await readDoorFile(lead.data))!.pid).toBe(pid);

      expect(await askFailing({ ...lead, config }, ['status'])).toMatchObject({
        exit: 2,
        value: { code: 'other-config' },
      });

      server.child.kill('SIGTERM');
      const { exit, stdout } = await server.finished;
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, startedHere: true, restarts: 0 });
      expect(exit).toBe(0);
      expect(lives(pid)).toBe(false);
    });

    test('a station that is killed is started again', async () => {
      const server = await serve();
      const first = (await readDoorFile(lead.data))!.pid;
      process.kill(first, 'SIGKILL');
      await until(async () => server.texts.stderr.includes('started again'));
      expect((await readDoorFile(lead.data))!.pid).not.toBe(first);
      expect((await ask(lead, 'status')).exit).toBe(0);
      server.child.kill('SIGINT');
      expect(JSON.parse((await server.finished).stdout)).toMatchObject({ restarts: 1 });
    });
  });

  test('commands at the same time do not take the station away from each other', async () => {
    const answers = await Promise.all([ask(lead, 'status'), ask(lead, 'captures'), ask(lead, 'audit verify')]);
    expect(answers.map(({ exit }) => exit)).toEqual([0, 0, 0]);
    expect(await readDoorFile(lead.data)).toBeNull();
  });
});

async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((done) => setTimeout(done, 50));
}
