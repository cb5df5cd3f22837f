// npm start: sets the machine up, builds, and opens the station's window. Without a display it runs the tour of the practice hospital
// on a virtual one (scripts/tour.ts) and leaves its pictures in test-results/tour.
//   npm start -- --data DIR --config FILE
import { cpSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { isRoot, openSeat, sandboxIsUsable } from './as-user.mjs';
import { build } from './build.mjs';
import { provideElectron } from './electron-runtime.mjs';
import { setup, SetupNeeded } from './setup.mjs';
import { ask, root, run, say, toolEnvironment } from './toolchain.mjs';

const given = process.argv.slice(2);

async function openWindow() {
  const electron = await provideElectron();
  const person = isRoot ? ordinaryPerson() : undefined;
  const helper = path.join(electron.folder, 'chrome-sandbox');
  if (process.platform === 'linux' && !sandboxIsUsable(person?.name) && (statSync(helper).mode & 0o4000) === 0) {
    throw new SetupNeeded(
      `Chromium's sandbox needs user namespaces, which are closed on this machine, and Photodock does not run without it. Paste this once:\n\n` +
        `  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'\n`,
    );
  }
  const lend = person ? ['runuser', '-u', person.name, '--'] : [];
  const wayland = process.env.WAYLAND_DISPLAY && !process.env.DISPLAY ? ['--ozone-platform=wayland'] : [];
  const [first, ...rest] = [...lend, electron.file, ...wayland, root, ...given];
  const home = person
    ? { HOME: person.home, USER: person.name, LOGNAME: person.name, XDG_RUNTIME_DIR: `/run/user/${person.uid}` }
    : {};
  return run(first, rest, { env: toolEnvironment(home) });
}

/** Chromium's sandbox refuses root: the window belongs to whoever called sudo, or owns the checkout. */
function ordinaryPerson() {
  const owner = statSync(root).uid;
  const wanted = process.env.SUDO_USER ?? (owner === 0 ? undefined : String(owner));
  const [name, , uid, , , home] = wanted ? ask('getent', ['passwd', wanted]).out.trim().split(':') : [];
  if (!name || uid === '0')
    throw new SetupNeeded(
      'The window does not run as root, because its sandbox would be off. Run "npm start" as an ordinary user.',
    );
  return { name, uid, home };
}

async function runTour() {
  say('start: there is no display, so the tour of the practice hospital runs on a virtual one');
  const pictures = path.join(root, 'test-results', 'tour');
  const seat = openSeat();
  try {
    const code = await seat.run('node', ['scripts/tour.ts', ...given]);
    rmSync(pictures, { recursive: true, force: true });
    cpSync(seat.output, pictures, { recursive: true });
    if (code === 0) say(`start: the tour's pictures and certificate are in ${path.relative(process.cwd(), pictures)}`);
    return code;
  } finally {
    seat.close();
  }
}

try {
  await setup({ forTests: false });
  if (!(await build())) throw new Error('The build failed');
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  process.exitCode = await (display ? openWindow() : runTour());
} catch (error) {
  process.stderr.write(`${error instanceof SetupNeeded ? error.message : error.stack}\n`);
  process.exitCode = error.exitCode ?? 1;
}
