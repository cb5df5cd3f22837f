import { setTimeout as pause } from 'node:timers/promises';
import type { Asked, DeviceFacts, Told } from '../protocol.ts';
import { MOST_DEVICES, MOST_LINE, MOST_REPORT_BYTES } from '../limits.ts';
import { findEvdev, openEvdev } from './evdev-devices.ts';
import type { Found, Open } from './found.ts';
import { findHid, openHid } from './hid-devices.ts';
import { ReportValve } from './report-valve.ts';

// The process of pedals, buttons and scanners: native code that talks to devices anybody may plug in. It reads what the station asks for
// and tells reports; what they mean is the station's matter.

const LOOK_MS = 1000;

interface Lane {
  readonly found: Found;
  readonly facts: DeviceFacts;
  /** Being opened, or open. */
  open: Promise<Open | null> | null;
  isReading: boolean;
}

const lanes = new Map<string, Lane>();
let asked: Asked = { wanted: [], everything: false };
let ids = 0;
let toldOf = '';
let isEnding = false;
let wake = new AbortController();

/** The same clock in all processes of a machine, which nobody sets (ms). */
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;

function tell(told: Told): void {
  if (!isEnding) process.stdout.write(`${JSON.stringify(told)}\n`);
}

function tellDevices(everything: boolean): void {
  const all = [...lanes.values()];
  const told: Told = {
    what: 'devices',
    devices: all.map(({ facts }) => facts),
    reading: all.filter(({ isReading }) => isReading).map(({ facts }) => facts.id),
    everything,
  };
  const text = JSON.stringify(told);
  if (text === toldOf) return;
  toldOf = text;
  tell(told);
}

function isWanted({ facts, isScanner }: Found): boolean {
  if (isScanner || asked.everything) return true;
  return asked.wanted.some(
    ({ source, vendorId, productId }) =>
      source === facts.source && vendorId === facts.vendorId && productId === facts.productId,
  );
}

/** Looks what is plugged; opens what is asked for and not read yet, closes what is not asked for any more. */
async function look(): Promise<void> {
  const { everything } = asked;
  const found = [...(await findHid().catch(() => [])), ...(await findEvdev())].slice(0, MOST_DEVICES);
  const keys = new Set(found.map(({ key }) => key));
  for (const [key, lane] of lanes) if (!keys.has(key)) await drop(key, lane);
  for (const one of found) {
    const known = lanes.get(one.key);
    // Another device at the same place: the former went between two looks.
    if (known && JSON.stringify(known.found.facts) !== JSON.stringify(one.facts)) await drop(one.key, known);
    const lane = lanes.get(one.key) ?? { found: one, facts: { id: ids++, ...one.facts }, open: null, isReading: false };
    lanes.set(one.key, lane);
    if (!isWanted(one)) await close(lane);
    else await read(one.key, lane);
  }
  tellDevices(everything);
}

async function read(key: string, lane: Lane): Promise<void> {
  if (lane.open !== null) return;
  const valve = new ReportValve(lane.found.isScanner);
  const onReport = (report: Uint8Array) => {
    const hex = Buffer.from(report.subarray(0, MOST_REPORT_BYTES)).toString('hex');
    const at = now();
    if (hex !== '' && valve.passes(hex, at)) tell({ what: 'report', id: lane.facts.id, at, hex });
  };
  const onGone = () => {
    // What is plugged in again at the same place is another one: nothing of this one goes on.
    void drop(key, lane).then(() => wake.abort());
  };
  const opening = lane.found.facts.source === 'hid' ? openHid : openEvdev;
  lane.open = opening(key, onReport, onGone).catch(() => null);
  lane.isReading = (await lane.open) !== null;
  // Nobody may open it, or another program has it: it is tried again at the next look.
  if (!lane.isReading) lane.open = null;
}

async function close(lane: Lane): Promise<void> {
  const { open } = lane;
  lane.open = null;
  lane.isReading = false;
  await (await open)?.close().catch(() => undefined);
}

async function drop(key: string, lane: Lane): Promise<void> {
  if (lanes.get(key) === lane) lanes.delete(key);
  await close(lane);
}

/** node-hid hangs at the exit of a process that still reads a device: everything is closed first, and not waited for for long. */
async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await Promise.race([Promise.all([...lanes.values()].map((lane) => close(lane))), pause(500)]);
  process.kill(process.pid, 'SIGKILL');
}

let pending = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  pending += text;
  if (pending.length > MOST_LINE) void end();
  const lines = pending.split('\n');
  pending = lines.pop() ?? '';
  const last = lines.at(-1);
  if (last === undefined) return;
  asked = JSON.parse(last) as Asked;
  wake.abort();
});
// Ends with the station, whatever way that ends.
process.stdin.on('end', () => void end());
process.stdin.on('error', () => void end());
process.stdout.on('error', () => void end());

// It ends by end() alone.
for (;;) {
  wake = new AbortController();
  await look();
  await pause(LOOK_MS, undefined, { signal: wake.signal }).catch(() => undefined);
}
