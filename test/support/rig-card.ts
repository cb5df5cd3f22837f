import { pathName } from '../../main/station/intake/ptp/objects.ts';
import type { FaultCard, FaultDevice } from './fault-card.ts';
import type { RigDevice, RigHandle, RigObject } from './usb-rig/rig.ts';

const IDENTITIES: Readonly<Record<string, string>> = {
  camera: '04a9:31c0',
  canon: '04a9:32ea',
  nikon: '04b0:0440',
  android: '18d1:4ee1',
  iphone: '05ac:12a8',
};

type Found = Awaited<ReturnType<RigHandle['hashes']>>[number];

/** A device of the rig, as the invariants look at it: what was ever put on it, and what is on it now. */
export class RigCard implements FaultCard {
  readonly root: string;
  readonly serial: string;
  readonly body: RigHandle;
  readonly original = new Map<string, string>();
  readonly pictures: string[] = [];
  readonly faulty = new Set<string>();
  readonly device: FaultDevice;
  readonly #labels: readonly string[];
  /** Names of `original` by what the station calls them, without what tells two of one name apart. */
  readonly #byPath = new Map<string, string[]>();

  private constructor(given: RigDevice & { readonly serial: string }, body: RigHandle) {
    const kind = given.kind === 'camera' && given.events && given.events in IDENTITIES ? given.events : given.kind;
    this.serial = given.serial;
    this.root = `usb:${IDENTITIES[kind]}:${given.serial}`;
    this.body = body;
    const labels = (given.storages ?? [{}]).map(({ label = '' }) => label);
    this.#labels = labels.map((label, at) => {
      const isUnique = labels.indexOf(label) === labels.lastIndexOf(label);
      return [label, ...(label === '' || !isUnique ? [`S${at + 1}`] : [])].filter((part) => part !== '').join(' ');
    });
    this.device = {
      content: async () => new Map((await body.hashes()).map((found) => [this.#keyOf(found), found.sha256])),
      originalsOf: (path) => this.#namesOf(path).map((name) => this.original.get(name)!),
      isFaulty: (path) => this.#namesOf(path).some((name) => this.faulty.has(name)),
      complaints: async () => (await body.state()).violations,
    };
  }

  static async of(given: RigDevice & { readonly serial: string }, body: RigHandle): Promise<RigCard> {
    const card = new RigCard(given, body);
    await card.remember();
    return card;
  }

  /** Puts objects there, as somebody who takes a picture does. */
  async add(...objects: RigObject[]): Promise<void> {
    await this.body.add(...objects);
    await this.remember();
  }

  /** The device itself loses, changes or adds what lies under these paths (`DCIM/100CANON/A.JPG`): not the station's doing. */
  blame(...paths: readonly string[]): void {
    for (const name of this.original.keys())
      if (paths.some((path) => name.split('\n')[1] === path)) this.faulty.add(name);
  }

  /** Paths of what is on it now. */
  async names(): Promise<string[]> {
    return (await this.body.objects()).map((one) => one.path).toSorted();
  }

  /** What is on it now was put there. */
  async remember(): Promise<void> {
    for (const found of await this.body.hashes()) {
      const key = this.#keyOf(found);
      if (this.original.has(key)) continue;
      this.original.set(key, found.sha256);
      const path = [this.#labels[found.storage], ...found.names.map(pathName)].join('/');
      this.#byPath.set(path, [...(this.#byPath.get(path) ?? []), key]);
    }
  }

  /** Two of one path are two objects; two that are alike in everything are as good as one. */
  #keyOf(found: Found): string {
    return [found.storage, found.path, found.sha256].join('\n');
  }

  #namesOf(path: string): readonly string[] {
    const plain = path.replace(/~\d+-[\dTZ+-]*(?=\.[^/.]*$|$)/, '');
    return this.#byPath.get(path) ?? this.#byPath.get(plain) ?? [];
  }
}
