import { errorCode } from '../../../shared/domain/errors.ts';
import type { Dockings } from './dockings.ts';
import { identityOf, PtpSource } from './ptp/ptp-source.ts';
import type { Source } from './source.ts';
import type { UsbFacts } from './usb/facts.ts';
import type { LaunchOptions } from './usb/launch.ts';
import type { UsbWatch } from './usb/watch-usb.ts';
import { watchUsb } from './usb/watch-usb.ts';

export interface DevicesOptions extends LaunchOptions {
  readonly dockings: Dockings;
  /** A device that the desktop has opened first is taken from it. */
  readonly takeFromDesktop: boolean;
  /** Something went wrong that is nobody's input: a code for the log. */
  readonly onTrouble: (code: string) => void;
}

/** How long a restart waits to be told what is plugged, before it takes what it had docked as gone. */
const FIRST_LOOK_MS = 15_000;

/** Cameras and phones on a cable: each that is plugged is docked, each that goes ends its docking. */
export class Devices {
  readonly #options: DevicesOptions;
  readonly #watch: UsbWatch;
  /** Roots by the place where they are plugged. */
  readonly #roots = new Map<string, string>();
  /** Nothing is docked before the dockings of before the restart were looked for. */
  #docking = false;
  #closed = false;

  constructor(options: DevicesOptions) {
    this.#options = options;
    this.#watch = watchUsb({
      launch: options.launch,
      nodePath: options.nodePath,
      onAppear: (facts) => this.#appeared(facts),
      onVanish: (key) => this.#vanished(key),
      onFailure: options.onTrouble,
    });
  }

  /** Opens the device that a docking of before the restart was of; null when it is not plugged any more. */
  async open(root: string): Promise<Source | null> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FIRST_LOOK_MS);
    await Promise.race([this.#watch.listed, late]);
    clearTimeout(timer);
    const facts = this.#watch.plugged().find((one) => identityOf(one) === root);
    if (!facts) return null;
    this.#roots.set(facts.key, root);
    return this.#source(facts);
  }

  /** From now on what is plugged is docked; what is plugged already at once. */
  dockAll(): void {
    this.#docking = true;
    for (const facts of this.#watch.plugged()) this.#appeared(facts);
  }

  #source(facts: UsbFacts): Source {
    const { launch, nodePath, takeFromDesktop } = this.#options;
    return new PtpSource({ facts, launch, nodePath, takeFromDesktop });
  }

  #appeared(facts: UsbFacts): void {
    if (!this.#docking || this.#closed) return;
    const root = identityOf(facts);
    // Docked again after a restart: its docking is open, and the source that it has is the device's.
    if (this.#roots.get(facts.key) === root && this.#options.dockings.roots().includes(root)) return;
    this.#roots.set(facts.key, root);
    this.#options.dockings
      .beginDevice(this.#source(facts), null)
      .catch((error: unknown) => this.#options.onTrouble(errorCode(error)));
  }

  #vanished(key: string): void {
    const root = this.#roots.get(key);
    this.#roots.delete(key);
    if (root === undefined) return;
    this.#options.dockings.vanished(root).catch((error: unknown) => this.#options.onTrouble(errorCode(error)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#watch.close();
  }
}
