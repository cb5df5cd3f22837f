/** Opens every HID device of the rig behind its `launch` and says what it reports; hidraw build of node-hid. Reads camera buttons of evdev too. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

interface HidDevice {
  on(event: 'data', listener: (report: Buffer) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
}
interface NodeHid {
  setDriverType(type: 'hidraw'): void;
  devices(): { path?: string; usagePage?: number; usage?: number; product?: string; serialNumber?: string }[];
  HID: new (path: string) => HidDevice;
}
const hid = createRequire(import.meta.url)('node-hid') as NodeHid;
hid.setDriverType('hidraw');

function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** opendir() passes umockdev; readdir() does not. */
function names(folder: string): string[] {
  const found: string[] = [];
  const open = fs.opendirSync(folder);
  for (let entry = open.readSync(); entry !== null; entry = open.readSync()) found.push(entry.name);
  open.closeSync();
  return found;
}

const acts: Readonly<Record<string, () => object>> = {
  list: () => ({ devices: hid.devices() }),
  open() {
    for (const { path, usagePage } of hid.devices()) {
      if (path === undefined) continue;
      const device = new hid.HID(path);
      device.on('data', (report) => say({ event: 'report', usagePage, hex: report.toString('hex') }));
      device.on('error', () => say({ event: 'gone', usagePage }));
    }
    return { open: true };
  },
  keys() {
    for (const name of names('/sys/class/input').filter((one) => one.startsWith('event'))) {
      const stream = fs.createReadStream(`/dev/input/${name}`);
      stream.on('data', (chunk) => {
        const bytes = Buffer.from(chunk);
        say({ event: 'key', code: bytes.readUInt16LE(18), value: bytes.readInt32LE(20) });
      });
      stream.on('close', () => say({ event: 'keys-gone' }));
    }
    return { open: true };
  },
};

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { do: what } = JSON.parse(line) as { do: string };
  try {
    say({ answer: acts[what]?.() ?? { error: 'unknown' } });
  } catch (error) {
    say({ answer: { error: error instanceof Error ? error.message : String(error) } });
  }
});
// process.exit() hangs while a device is being read (node-hid 3.4).
lines.on('close', () => process.kill(process.pid, 'SIGKILL'));
say({ event: 'ready' });
