import { LEARN_MS } from '../../../shared/domain/buttons.ts';
import type { TeachingStep } from '../../../shared/domain/buttons.ts';
import { learn } from './learn.ts';
import type { TimedReport } from './learn.ts';
import { KEY_CAMERA } from './limits.ts';
import type { Mapping } from './mapping.ts';
import type { DeviceFacts } from './protocol.ts';

/** What a device says in this time after it was opened, before the person is asked to press, is the device at rest (ms). */
const AT_REST_MS = 700;
/** Whoever touches the button too early is waited for, but not longer than this: a device that talks all the time is no button (ms). */
const RESTLESS_MS = 3000;
/** Changes of a device within that time that no foot makes. */
const RESTLESS_CHANGES = 60;
/** Everything is opened within this time, or is not going to be (ms). */
const OPENED_BY_MS = 5000;
/** A proposal waits this long to be named and saved (ms). */
const PROPOSED_MS = 5 * 60_000;
const MOST_REPORTS = 2000;

interface Listener {
  readonly device: DeviceFacts;
  readonly reports: TimedReport[];
  presses: number;
  /** Changes while it should have been at rest. */
  changes: number;
  /** It never comes to rest: a sensor or a counter, and no button. */
  isRestless: boolean;
}

/**
 * One teaching of a button: everything is listened to for at most 30 s, until one device has told the same press twice. A device that talks
 * by itself is not taken for the button, because what it says twice is not the same.
 */
export class Teaching {
  #pressFrom: number;
  #isAllOpen = false;
  readonly #begunAt: number;
  readonly #listeners = new Map<number, Listener>();
  /** Of each device: when it was opened, and since when it is asked for presses. */
  readonly #rests = new Map<number, { readonly openedAt: number; readonly since: number }>();
  #proposal: Mapping | null = null;
  #proposedAt = 0;

  /** @param now ms on the clock of the reports */
  constructor(now: number) {
    this.#begunAt = now;
    this.#pressFrom = now + AT_REST_MS;
  }

  get proposal(): Mapping | null {
    return this.#proposal;
  }

  step(now: number): TeachingStep {
    if (this.#proposal) return now - this.#proposedAt > PROPOSED_MS ? 'timed-out' : 'proposed';
    if (now - this.#begunAt > LEARN_MS) return 'timed-out';
    const isOpening = !this.#isAllOpen && now - this.#begunAt < OPENED_BY_MS;
    if (isOpening || now < this.#pressFrom) return 'quiet';
    return [...this.#listeners.values()].some(({ presses }) => presses > 0) ? 'once' : 'press';
  }

  /**
   * These devices are read now: what is new among them shows first how it is at rest.
   * @param isAll nothing else is going to be opened
   */
  reads(ids: Iterable<number>, isAll: boolean, now: number): void {
    this.#isAllOpen ||= isAll;
    for (const id of ids) {
      if (!this.#rests.has(id)) this.#rest(id, now, now);
    }
  }

  #rest(id: number, openedAt: number, now: number): number {
    const since = now + AT_REST_MS;
    this.#rests.set(id, { openedAt, since });
    this.#pressFrom = Math.max(this.#pressFrom, since);
    return since;
  }

  /** Until it times out (ms). */
  left(now: number): number {
    const until = this.#proposal ? this.#proposedAt + PROPOSED_MS : this.#begunAt + LEARN_MS;
    return Math.max(0, until - now);
  }

  /** Whether devices are still to be listened to. */
  isListening(now: number): boolean {
    return this.#proposal === null && now - this.#begunAt <= LEARN_MS;
  }

  /** One report of a device. */
  report(device: DeviceFacts, bytes: Uint8Array, at: number): void {
    if (!this.isListening(at)) return;
    const listener = this.#listeners.get(device.id) ?? {
      device,
      reports: [],
      presses: 0,
      changes: 0,
      isRestless: false,
    };
    this.#listeners.set(device.id, listener);
    if (listener.isRestless || listener.reports.length >= MOST_REPORTS) return;
    const { openedAt, since } = this.#rests.get(device.id) ?? { openedAt: this.#begunAt, since: this.#pressFrom };
    const before = listener.reports.at(-1)?.bytes;
    // Touched too early: what came before is forgotten, and it is at rest from now on.
    const isTouched = at < since && before !== undefined && !isSame(before, bytes);
    if (isTouched) listener.changes++;
    listener.isRestless = listener.changes > RESTLESS_CHANGES;
    if (listener.isRestless) return;
    if (isTouched) listener.reports.length = 0;
    const from = isTouched && at - openedAt < RESTLESS_MS ? this.#rest(device.id, openedAt, at) : since;
    listener.reports.push({ at, bytes });
    const heard = learn(listener.reports, from);
    listener.presses = heard.presses;
    if (heard.presses !== 2) return;
    this.#proposedAt = at;
    this.#proposal = mappingOf(device, heard.pattern);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function mappingOf(device: DeviceFacts, { mask, value }: { mask: Uint8Array; value: Uint8Array }): Mapping {
  const { vendorId, productId, name: deviceName } = device;
  if (device.source === 'evdev') return { source: 'evdev', vendorId, productId, code: KEY_CAMERA, deviceName };
  const collection = device.collections[0] ?? { page: 0, usage: 0 };
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  return {
    source: 'hid',
    vendorId,
    productId,
    usagePage: collection.page,
    usage: collection.usage,
    interface: device.interface,
    mask: hex(mask),
    value: hex(value),
    deviceName,
  };
}
