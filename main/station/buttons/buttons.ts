import { randomUUID } from 'node:crypto';
import type { ButtonView, CallOutput, StationEvent, TeachingView } from '../../../shared/contract.ts';
import { LEARN_MS, SCAN_KEPT_MS, SCANNER_USAGE } from '../../../shared/domain/buttons.ts';
import type { ButtonAction } from '../../../shared/domain/buttons.ts';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import { appendAudit } from '../audit/index.ts';
import type { SignedIn } from '../people/index.ts';
import type { IndexStore, Transaction } from '../store/index.ts';
import { ButtonProcess } from './button-process.ts';
import { MOST_BUTTONS, readBundle, writeBundle } from './bundle.ts';
import { KeptScans } from './kept-scans.ts';
import { isSameButton, Mapping } from './mapping.ts';
import { PosCodes } from './pos-report.ts';
import { PressEdge } from './press-edge.ts';
import type { DeviceFacts } from './protocol.ts';
import { isOf, patternOf } from './recognize.ts';
import { Teaching } from './teaching.ts';

export class ButtonError extends PhotodockError {}

export interface ButtonsOptions {
  readonly store: IndexStore;
  /** `devices.buttons` of station.json. */
  readonly isOn: boolean;
  /** `devices.launch` of station.json. */
  readonly launch: readonly string[];
  /** Nothing is told of presses and scans while nobody is signed in. */
  readonly isAnybodySignedIn: () => boolean;
  readonly tell: (event: StationEvent) => void;
  /** The answer of `buttons.list` has changed. */
  readonly onChange: () => void;
  readonly onFailure: (code: string) => void;
}

interface ButtonRow {
  id: string;
  label: string;
  mapping: string;
  action: ButtonAction;
  taught_at: number;
  taught_by: string | null;
}

interface Known extends Omit<ButtonRow, 'mapping'> {
  readonly mapping: Mapping;
}

/** The clock of the reports, which nobody sets (ms). */
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;

/** Pedals, buttons on devices and scanners: what was taught, what is plugged, and what a report of it means. */
export class Buttons {
  readonly #options: ButtonsOptions;
  readonly #process: ButtonProcess | null;
  readonly #lastPressed = new Map<string, number>();
  readonly #scans = new KeptScans();
  readonly #timers = new Set<NodeJS.Timeout>();
  #known: readonly Known[];
  #devices = new Map<number, DeviceFacts>();
  #reading: ReadonlySet<number> = new Set();
  #readsEverything = false;
  #isRestarting = false;
  /** By button and device: two pedals of one kind are two. */
  #edges = new Map<string, PressEdge>();
  #codes = new Map<number, PosCodes>();
  #teaching: Teaching | null = null;

  private constructor(options: ButtonsOptions, known: readonly Known[]) {
    this.#options = options;
    this.#known = known;
    this.#process = options.isOn
      ? new ButtonProcess({
          launch: options.launch,
          nodePath: process.execPath,
          onDevices: (devices, reading, everything) => this.#take(devices, reading, everything),
          onReport: (id, report, at) => this.#report(id, report, at),
          onFailure: (code) => {
            this.#isRestarting = true;
            options.onFailure(code);
            options.onChange();
          },
        })
      : null;
    this.#ask();
  }

  /** Begins to listen to what was taught before, and to scanners. */
  static async open(options: ButtonsOptions): Promise<Buttons> {
    return new Buttons(options, await knownIn(options.store.read));
  }

  async list(): Promise<CallOutput<'buttons.list'>> {
    const people = await this.#options.store.read.all<{ id: string; name: string }>(
      'SELECT id, display_name AS name FROM person',
    );
    const names = new Map(people.map(({ id, name }) => [id, name]));
    const isScanner = (device: DeviceFacts) => isScannerDevice(device) && this.#reading.has(device.id);
    return {
      listening: this.#process === null ? 'off' : this.#isRestarting ? 'restarting' : 'on',
      buttons: this.#known.map((known) => this.#viewOf(known, names.get(known.taught_by ?? '') ?? null)),
      scanners: [...this.#devices.values()].filter(isScanner).map(({ name }) => name),
    };
  }

  #viewOf(known: Known, taughtBy: string | null): ButtonView {
    const { id, label, action, mapping, taught_at: taughtAt } = known;
    const connected = [...this.#devices.values()].some(
      (device) => this.#reading.has(device.id) && isOf(mapping, device),
    );
    const { source, deviceName } = mapping;
    const lastPressedAt = this.#lastPressed.get(id) ?? null;
    return { id, label, action, source, deviceName, connected, lastPressedAt, taughtAt, taughtBy };
  }

  /** Begins a teaching; one that is under way is begun anew. @throws ButtonError `buttons-off` */
  startTeaching(): TeachingView {
    if (this.#process === null) throw new ButtonError('buttons-off', 'buttons are switched off in station.json');
    this.#teaching = new Teaching(now());
    this.#teaching.reads(this.#reading, this.#readsEverything, now());
    this.#ask();
    // Devices that were opened for it are let go of when its time is over.
    this.#later(LEARN_MS + 100, () => this.#ask());
    return this.teaching();
  }

  teaching(): TeachingView {
    const teaching = this.#teaching;
    if (!teaching) return { step: null, devices: 0, secondsLeft: 0, proposal: null };
    const at = now();
    const { proposal } = teaching;
    const devices = [...this.#devices.values()].filter(({ id }) => this.#reading.has(id));
    return {
      step: teaching.step(at),
      devices: devices.filter((device) => !isScannerDevice(device)).length,
      secondsLeft: Math.ceil(teaching.left(at) / 1000),
      proposal: proposal && {
        source: proposal.source,
        deviceName: proposal.deviceName,
        taughtAs: this.#known.find(({ mapping }) => isSameButton(mapping, proposal))?.label ?? null,
      },
    };
  }

  stopTeaching(): void {
    this.#teaching = null;
    this.#ask();
  }

  /** Keeps what the teaching has found. @throws ButtonError `no-button-proposed`, `button-taught-already`, `too-many-buttons` */
  async save(label: string, action: ButtonAction, person: SignedIn): Promise<ButtonView> {
    const teaching = this.#teaching;
    const mapping = teaching?.step(now()) === 'proposed' ? teaching.proposal : null;
    if (!mapping) throw new ButtonError('no-button-proposed', 'no press was heard that could be kept');
    const id = randomUUID();
    await this.#write(async (tx, known) => {
      if (known.some((one) => isSameButton(one.mapping, mapping)))
        throw new ButtonError('button-taught-already', 'this button is in the list');
      await this.#insert(tx, known.length, { id, label, action, mapping }, person);
      const { source, vendorId, productId } = mapping;
      await appendAudit(tx, {
        person: person.personId,
        action: 'button-taught',
        subject: id,
        facts: { source, vendorId, productId, does: action },
      });
    });
    if (this.#teaching === teaching) this.stopTeaching();
    return this.#viewOf(
      this.#known.find((one) => one.id === id)!,
      person.displayName,
    );
  }

  /** @throws ButtonError `no-such-button` */
  async remove(id: string, person: SignedIn): Promise<void> {
    await this.#write(async (tx) => {
      const removed = await tx.run('DELETE FROM button WHERE id = ?', [id]);
      if (removed === 0) throw new ButtonError('no-such-button', 'there is no such button');
      await appendAudit(tx, { person: person.personId, action: 'button-removed', subject: id });
    });
  }

  /** The text of the file for another station. */
  async export(person: SignedIn): Promise<string> {
    const buttons = this.#known.map(({ label, action, mapping }) => ({ label, action, mapping }));
    await this.#options.store.write((tx) =>
      appendAudit(tx, {
        person: person.personId,
        action: 'buttons-exported',
        subject: 'buttons',
        facts: { count: buttons.length },
      }),
    );
    return writeBundle(buttons);
  }

  /** Adds what is not known yet. @throws BundleError; ButtonError `too-many-buttons` */
  async import(text: string, person: SignedIn): Promise<{ added: number; known: number }> {
    const bundled = readBundle(text);
    let added = 0;
    await this.#write(async (tx, before) => {
      added = 0;
      const mappings = before.map(({ mapping }) => mapping);
      for (const one of bundled) {
        if (mappings.some((mapping) => isSameButton(mapping, one.mapping))) continue;
        await this.#insert(tx, mappings.length, { id: randomUUID(), ...one }, person);
        mappings.push(one.mapping);
        added++;
      }
      await appendAudit(tx, {
        person: person.personId,
        action: 'buttons-imported',
        subject: 'buttons',
        facts: { added, known: bundled.length - added },
      });
    });
    return { added, known: bundled.length - added };
  }

  /** The code of a scan, once, within 15 s. @throws ButtonError `scan-gone` */
  takeScan(scanId: string): string {
    const code = this.#scans.take(scanId, now());
    if (code === null) throw new ButtonError('scan-gone', 'this scan was taken, or is too old');
    return code;
  }

  /** Process id of the process that listens, while it runs: what a test kills. */
  get processId(): number | null {
    return this.#process?.pid ?? null;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#process?.close();
  }

  async #insert(
    tx: Transaction,
    count: number,
    button: { id: string; label: string; action: ButtonAction; mapping: Mapping },
    person: SignedIn,
  ): Promise<void> {
    if (count >= MOST_BUTTONS) throw new ButtonError('too-many-buttons', `a station keeps ${MOST_BUTTONS} buttons`);
    const { id, label, action, mapping } = button;
    await tx.run(
      'INSERT INTO button (id, label, source, mapping, action, taught_at, taught_by) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [id, label, mapping.source, JSON.stringify(mapping), action, Date.now(), person.personId],
    );
  }

  /** Changes the table, and listens to what it holds then. */
  async #write(change: (tx: Transaction, known: readonly Known[]) => Promise<void>): Promise<void> {
    this.#known = await this.#options.store.write(async (tx) => {
      await change(tx, await knownIn(tx));
      return knownIn(tx);
    });
    this.#ask();
    this.#options.onChange();
  }

  #ask(): void {
    this.#process?.ask({
      wanted: this.#known.map(({ mapping: { source, vendorId, productId } }) => ({ source, vendorId, productId })),
      everything: this.#teaching?.isListening(now()) ?? false,
    });
  }

  #take(devices: readonly DeviceFacts[], reading: ReadonlySet<number>, everything: boolean): void {
    this.#readsEverything = everything;
    this.#isRestarting = false;
    this.#devices = new Map(devices.map((device) => [device.id, device]));
    this.#reading = reading;
    this.#teaching?.reads(reading, everything, now());
    // What is plugged in again begins anew: nothing of it is held.
    for (const key of this.#edges.keys()) if (!reading.has(Number(key.split('/')[1]))) this.#edges.delete(key);
    for (const id of this.#codes.keys()) if (!reading.has(id)) this.#codes.delete(id);
    this.#options.onChange();
  }

  #report(deviceId: number, report: Uint8Array, at: number): void {
    const device = this.#devices.get(deviceId);
    if (!device) return;
    if (isScannerDevice(device)) return this.#scanned(device, report, at);
    const isTeaching = this.#teaching?.isListening(at) ?? false;
    if (isTeaching) this.#teaching?.report(device, report, at);
    if (isTeaching && this.#teaching?.proposal) this.#ask();
    for (const known of this.#known) {
      if (!isOf(known.mapping, device)) continue;
      const key = `${known.id}/${deviceId}`;
      const edge = this.#edges.get(key) ?? new PressEdge(patternOf(known.mapping));
      this.#edges.set(key, edge);
      // While somebody teaches, a press is a press to be learnt and takes no picture.
      if (edge.report(report, at) && !isTeaching) this.#pressed(known);
    }
  }

  #pressed({ id: buttonId, action }: Known): void {
    this.#lastPressed.set(buttonId, Date.now());
    if (!this.#options.isAnybodySignedIn()) return;
    this.#options.tell({ name: 'button', payload: { buttonId, action } });
    this.#options.onChange();
  }

  #scanned({ id }: DeviceFacts, report: Uint8Array, at: number): void {
    const codes = this.#codes.get(id) ?? new PosCodes();
    this.#codes.set(id, codes);
    const code = codes.report(report, at);
    if (code === null || !this.#options.isAnybodySignedIn()) return;
    const scanId = this.#scans.keep(code, at);
    this.#later(SCAN_KEPT_MS + 100, () => this.#scans.forgetOld(now()));
    this.#options.tell({ name: 'scanned', payload: { scanId } });
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }
}

function isScannerDevice({ collections }: DeviceFacts): boolean {
  return collections.some(({ page, usage }) => page === SCANNER_USAGE.page && usage === SCANNER_USAGE.usage);
}

async function knownIn(reader: Pick<Transaction, 'all'>): Promise<Known[]> {
  const rows = await reader.all<ButtonRow>('SELECT * FROM button ORDER BY taught_at, id');
  return rows.flatMap(({ mapping, ...rest }) => {
    const parsed = Mapping.safeParse(JSON.parse(mapping));
    // A row that this version cannot read stays where it is, and is nobody's button.
    return parsed.success ? [{ ...rest, mapping: parsed.data }] : [];
  });
}
