// Runs a command as an ordinary user on a virtual display. Chromium's sandbox refuses to run as root, and we never switch it off to
// please a test: root lends the run to the system user `photodock-e2e` instead, with a home, runtime and temp folder of its own that
// vanish afterwards.
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ask, root, run, say, toolEnvironment } from './toolchain.mjs';

export const seatUser = 'photodock-e2e';
export const isRoot = process.getuid?.() === 0;

/**
 * Prepares a place to run in; call `close()` when done.
 * - `run(command, args, environment)` runs it there under Xvfb and resolves to the exit code;
 * - `output` is a folder the command may write to and we can read (PHOTODOCK_OUTPUT in its environment).
 */
export function openSeat() {
  // Short on purpose: Unix sockets below it may have 107 bytes in all.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pd-'));
  const places = {
    home: path.join(folder, 'home'),
    runtime: path.join(folder, 'run'),
    temp: path.join(folder, 'tmp'),
    output: path.join(folder, 'out'),
  };
  for (const place of Object.values(places)) mkdirSync(place, { mode: 0o700 });
  let reach = { prefix: [], cwd: root, undo() {} };
  if (isRoot) {
    const { uid, gid } = ensureUser();
    for (const place of [folder, ...Object.values(places)]) chownSync(place, uid, gid);
    makeReadable();
    reach = reachCheckout(folder);
  }
  const usable = sandboxIsUsable();
  if (!usable)
    say(
      'sandbox: user namespaces are not usable on this machine, so Electron runs WITHOUT its sandbox in this run (PHOTODOCK_NO_SANDBOX=1)',
    );
  const base = toolEnvironment({
    HOME: places.home,
    XDG_RUNTIME_DIR: places.runtime,
    XDG_CONFIG_HOME: path.join(places.home, '.config'),
    XDG_CACHE_HOME: path.join(places.home, '.cache'),
    XDG_DATA_HOME: path.join(places.home, '.local', 'share'),
    TMPDIR: places.temp,
    // Of its own: what another user compiled is not to be run.
    NODE_COMPILE_CACHE: path.join(places.home, '.cache', 'node'),
    PHOTODOCK_OUTPUT: places.output,
    ...(usable ? {} : { PHOTODOCK_NO_SANDBOX: '1' }),
  });
  for (const name of Object.keys(base)) {
    if (/^(npm_|SUDO_|DISPLAY$|WAYLAND_DISPLAY$|XAUTHORITY$|DBUS_SESSION_BUS_ADDRESS$)/.test(name)) delete base[name];
  }
  base.PATH = base.PATH.replaceAll(root, reach.cwd);
  if (isRoot) Object.assign(base, { USER: seatUser, LOGNAME: seatUser });
  const display = ['xvfb-run', '--auto-servernum', '--server-args=-screen 0 1600x1000x24 -nolisten tcp'];
  // runuser puts the user's own home in the environment (there is none): ours goes in behind it.
  const lend = isRoot ? ['runuser', '-u', seatUser, '--', 'env', `HOME=${places.home}`] : [];
  return {
    output: places.output,
    run(command, args, environment = {}) {
      const [first, ...rest] = [...reach.prefix, ...lend, ...display, command, ...args];
      return run(first, rest, { cwd: reach.prefix.length > 0 ? '/' : root, env: { ...base, ...environment } });
    },
    close() {
      endLeftovers(`PHOTODOCK_OUTPUT=${places.output}`);
      reach.undo();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The ordinary user the run is lent to: made once, without password, login or home. */
function ensureUser() {
  const known = () => ask('getent', ['passwd', seatUser]).out.split(':');
  if (known().length < 4) {
    say(`user: making the system user ${seatUser} for runs that need an ordinary user`);
    const made = ask('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      seatUser,
    ]);
    if (!made.ok) throw new Error(`cannot make the user ${seatUser}: ${made.err.trim()}`);
  }
  const [, , uid, gid] = known();
  return { uid: Number(uid), gid: Number(gid) };
}

/** A checkout made under a strict umask gets read rights for others: it holds our source, nothing secret. */
function makeReadable() {
  const closed = ask('find', [
    root,
    '-name',
    '.git',
    '-prune',
    '-o',
    '!',
    '-type',
    'l',
    '!',
    '-perm',
    '-o=r',
    '-print',
    '-quit',
  ]).out.trim();
  if (closed === '') return;
  say('checkout: its files are made readable for other users, so that the run can be lent to one');
  ask('chmod', ['-R', 'a+rX', root]);
}

/**
 * Lets the user reach a checkout below a folder that is closed to others (/root, a private temp folder). First choice: a bind mount in a
 * mount namespace of its own, which leaves no trace whatever happens. Where the machine forbids mounts: the right to pass through the
 * closed folders, taken back at the end.
 */
function reachCheckout(folder) {
  if (ask('runuser', ['-u', seatUser, '--', 'test', '-r', path.join(root, 'package.json')], { cwd: '/' }).ok)
    return { prefix: [], cwd: root, undo() {} };
  const point = path.join(folder, 'checkout');
  const enter = 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec "$@"';
  const prefix = ['unshare', '--mount', '--propagation', 'private', '--', 'sh', '-c', enter, 'sh', root, point];
  mkdirSync(point);
  if (ask(prefix[0], [...prefix.slice(1), 'true'], { cwd: '/' }).ok) {
    // rmdir, never a recursive removal: should the mount ever be visible here, this fails and the checkout is safe.
    return { prefix, cwd: point, undo: () => rmdirSync(point) };
  }
  rmdirSync(point);
  const opened = [];
  for (let ancestor = path.dirname(root); ancestor !== path.dirname(ancestor); ancestor = path.dirname(ancestor)) {
    const mode = statSync(ancestor).mode & 0o7777;
    if ((mode & 0o001) === 0) opened.push([ancestor, mode]);
  }
  say(`checkout: others may pass through ${opened.map(([name]) => name).join(', ')} until this run ends`);
  for (const [name, mode] of opened) chmodSync(name, mode | 0o001);
  const undo = () => opened.splice(0).forEach(([name, mode]) => chmodSync(name, mode));
  process.once('exit', undo);
  return { prefix: [], cwd: root, undo };
}

/** Whether an ordinary user (the caller; for root: `user`) may make user namespaces, which Chromium's sandbox is built on. */
export function sandboxIsUsable(user = seatUser) {
  const lend = isRoot ? ['runuser', '-u', user, '--'] : [];
  const [first, ...rest] = [...lend, 'unshare', '--user', '--map-root-user', 'true'];
  return process.platform !== 'linux' || ask(first, rest, { cwd: '/' }).ok;
}

/** A station outlives its window by design. Ends what this seat started and nothing else, known by the mark in its environment. */
function endLeftovers(mark) {
  if (process.platform !== 'linux') return;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // gone already, or not ours to look at
    }
  }
}
