import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The linter keeps the layers of CONTRIBUTING.md. Each rule is shown to bite on one offending file, and to let its neighbour pass.

const root = path.resolve(import.meta.dirname, '../..');

/** [file, what it imports, whether that is allowed] */
const cases: ReadonlyArray<readonly [string, string, 'allowed' | 'refused']> = [
  ['shared/domain/stage.ts', './errors.ts', 'allowed'],
  ['shared/contract.ts', 'zod', 'allowed'],
  ['shared/contract.ts', '../main/station/store/index.ts', 'refused'],
  ['shared/domain/stage.ts', '../../renderer/i18n/words.ts', 'refused'],
  ['shared/domain/stage.ts', 'node:fs', 'refused'],
  ['shared/domain/stage.ts', 'electron', 'refused'],

  ['renderer/screens/dock/dock.tsx', '../../../shared/contract.ts', 'allowed'],
  ['renderer/screens/dock/dock.tsx', 'react', 'allowed'],
  ['renderer/screens/dock/dock.tsx', '../../../main/station/store/index.ts', 'refused'],
  ['renderer/screens/dock/dock.tsx', '../../../preload/index.ts', 'refused'],
  ['renderer/screens/dock/dock.tsx', 'electron', 'refused'],
  ['renderer/screens/dock/dock.tsx', 'node:fs', 'refused'],
  ['renderer/screens/dock/dock.tsx', 'fs', 'refused'],

  ['preload/index.ts', 'electron', 'allowed'],
  ['preload/index.ts', '../shared/contract.ts', 'allowed'],
  ['preload/index.ts', 'node:fs', 'refused'],
  ['preload/index.ts', '../main/shell/relay.ts', 'refused'],

  ['main/index.ts', 'electron', 'allowed'],
  ['main/shell/window.ts', 'electron', 'allowed'],
  ['main/shell/window.ts', 'electron/main', 'allowed'],
  ['main/shell/window.ts', '../client/index.ts', 'allowed'],
  ['main/shell/window.ts', '../station/store/index.ts', 'refused'],
  ['main/client/client.ts', 'electron', 'refused'],
  ['main/cli/photodock.ts', 'electron', 'refused'],
  ['main/cli/photodock.ts', '../shell/window.ts', 'refused'],
  ['main/cli/photodock.ts', '../station/release/index.ts', 'allowed'],
  ['main/cli/photodock.ts', '../station/release/gate.ts', 'refused'],
  ['main/station/station.ts', 'electron', 'refused'],
  ['main/station/door/server.ts', 'electron/main', 'refused'],
  ['main/station/door/server.ts', '../../shell/relay.ts', 'refused'],
  ['main/station/main.ts', '../shell/relay.ts', 'refused'],
  ['main/station/door/server.ts', '../../../renderer/i18n/words.ts', 'refused'],

  ['main/station/station.ts', './store/index.ts', 'allowed'],
  ['main/station/station.ts', './store/driver.ts', 'refused'],
  ['main/station/intake/intake.ts', '../store/index.ts', 'allowed'],
  ['main/station/intake/intake.ts', '../store/driver.ts', 'refused'],
  ['main/station/intake/intake.ts', './volume/list.ts', 'allowed'],
  ['main/station/intake/volume/list.ts', '../source.ts', 'allowed'],
  ['main/station/intake/volume/list.ts', '../../store/sealed/format.ts', 'refused'],

  ['main/station/intake/ptp/client.ts', 'usb', 'refused'],
  ['main/station/intake/ptp/client.ts', 'node-hid', 'refused'],
  ['main/station/intake/ptp/process/usb-pipe.ts', 'usb', 'allowed'],
  ['main/station/intake/ptp/process/usb-pipe.ts', '../transport.ts', 'allowed'],
  ['main/station/intake/ptp/process/usb-pipe.ts', '../../../store/index.ts', 'refused'],
  ['main/station/intake/ptp/process/usb-pipe.ts', 'node:net', 'refused'],

  ['main/station/imaging/client.ts', 'node:child_process', 'allowed'],
  ['main/station/imaging/client.ts', '../../../shared/domain/errors.ts', 'allowed'],
  ['main/station/imaging/client.ts', './jpeg/index.ts', 'allowed'],
  ['main/station/imaging/client.ts', '../store/index.ts', 'refused'],
  ['main/station/imaging/jpeg/strip.ts', '../../archive/index.ts', 'refused'],
  ['main/station/imaging/child/main.ts', 'node:net', 'refused'],
  ['main/station/imaging/child/main.ts', 'node:http', 'refused'],
  ['main/station/imaging/child/main.ts', 'https', 'refused'],
  ['main/station/imaging/child/main.ts', 'node:tls', 'refused'],
  ['main/station/imaging/child/main.ts', 'dcmjs-dimse', 'refused'],
];

describe('layer rules', () => {
  let folder = '';
  let findings: ReadonlySet<string> = new Set();

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'layers-'));
    await copyFile(path.join(root, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
    for (const [index, [file, imported]] of cases.entries()) {
      const numbered = path.join(folder, numberedName(file, index));
      await mkdir(path.dirname(numbered), { recursive: true });
      await writeFile(numbered, `import { thing } from '${imported}';\nexport const kept = thing;\n`);
    }
    findings = await restrictedImports(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.for(cases.map((one, index) => [...one, index] as const))('%s importing %s is %s', ([file, , verdict, index]) => {
    expect(findings.has(numberedName(file, index))).toBe(verdict === 'refused');
  });

  test('a dynamic import is no way round', async () => {
    const file = 'main/station/release/dynamic.ts';
    await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
    await writeFile(path.join(folder, file), `export const late = () => import('../store/driver.ts');\n`);
    expect(await restrictedImports(folder)).toContain(file);
  });

  test('the imaging room may not use the network that needs no import', async () => {
    const file = 'main/station/imaging/child/fetches.ts';
    await writeFile(path.join(folder, file), `export const got = () => fetch('http://127.0.0.1');\n`);
    const found = await lint(folder);
    expect(found.some((one) => one.filename === file && one.code.includes('no-restricted-globals'))).toBe(true);
  });

  test('every room of the station is named in the rules', async () => {
    const entries = await readdir(path.join(root, 'main/station'), { withFileTypes: true });
    const rooms = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    const rules = await readFile(path.join(root, '.oxlintrc.json'), 'utf8');
    expect(rooms.filter((room) => !rules.includes(`"**/${room}/**"`))).toEqual([]);
  });
});

/** Two cases about the same file need two files: the number goes before the ending; main/index.ts keeps its name. */
function numberedName(file: string, index: number): string {
  if (file === 'main/index.ts') return file;
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${index}${ext}`);
}

interface Finding {
  readonly code: string;
  readonly filename: string;
}

async function lint(folder: string): Promise<readonly Finding[]> {
  const oxlint = path.join(root, 'node_modules/.bin/oxlint');
  const run = promisify(execFile)(oxlint, ['--format', 'json'], { cwd: folder, maxBuffer: 32 * 1024 * 1024 });
  // oxlint ends with 1 when it has findings: they are what we came for.
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics;
}

async function restrictedImports(folder: string): Promise<ReadonlySet<string>> {
  const found = await lint(folder);
  return new Set(found.filter((one) => one.code.includes('no-restricted-imports')).map((one) => one.filename));
}
