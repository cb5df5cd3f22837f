// npm run package: lays out the station as plain files in dist/station and packages it beside the window with electron-builder.
// With only the development Electron at hand it refuses, unless --smoke asks for a package that proves the packaging and is not for use.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { developmentElectron, findElectron } from './electron-runtime.mjs';
import { nodePackage, root, run, say, since, toolEnvironment } from './toolchain.mjs';

const layout = path.join(root, 'dist', 'station');
const smoke = process.argv.includes('--smoke');

/** Every installed package that a shipped dependency needs, by npm's own list of what is production. */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'node_modules', '.package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(
      ([name, about]) =>
        name !== '' && !about.dev && !about.devOptional && !/^node_modules\/node-[a-z]+-[a-z0-9]+$/.test(name),
    )
    .map(([name]) => name)
    .filter((name, _index, all) => !all.some((other) => other !== name && name.startsWith(`${other}/`)));
}

function layOutStation() {
  rmSync(layout, { recursive: true, force: true });
  for (const part of ['main/station', 'main/cli', 'main/client', 'shared', 'resources', ...productionPackages()]) {
    cpSync(path.join(root, part), path.join(layout, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !/\/(obj\.target|deps\/sqlcipher-amalgamation)(\/|$)/.test(file),
    });
  }
  mkdirSync(layout, { recursive: true });
  cpSync(path.join(nodePackage, 'bin', 'node'), path.join(layout, 'node'));
  const { name, version, license } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  // "type": "module": Node reads our .ts files as modules.
  writeFileSync(
    path.join(layout, 'package.json'),
    `${JSON.stringify({ name, version, license, type: 'module' }, null, 2)}\n`,
  );
}

const electron = findElectron();
if (electron?.kind === 'development' && !smoke) {
  process.stderr.write(
    'Only the DEVELOPMENT Electron is here, and it is never shipped. "npm run package -- --smoke" proves the packaging alone.\n',
  );
  process.exit(1);
}
if (!(await build())) process.exit(1);
const started = Date.now();
layOutStation();
const where =
  electron?.kind === 'development'
    ? [`-c.electronDist=${electron.folder}`, `-c.electronVersion=${developmentElectron.version}`]
    : [];
const code = await run('electron-builder', ['--linux', ...(smoke ? ['dir'] : []), '--publish', 'never', ...where], {
  env: toolEnvironment(),
});
say(`package: ${code === 0 ? 'done' : 'FAILED'} (${since(started)})${smoke ? '. A SMOKE PACKAGE: not for use' : ''}`);
process.exit(code);
