import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallOutput } from '../../../shared/contract.ts';
import type { DockingView } from '../../../shared/contract/types.ts';
import { CableStation } from '../../support/cable-station.ts';
import type { CustodyMemory } from '../../support/fault-invariants.ts';
import { custodyViolations } from '../../support/fault-invariants.ts';
import type { FaultRandom } from '../../support/fault-random.ts';
import { storeKeyOf } from '../../support/fault-store.ts';
import { testJpeg } from '../../support/jpeg.ts';
import type { TestStationOptions } from '../../support/station.ts';
import { RigCard } from '../../support/rig-card.ts';
import type { RigFaultName } from '../../support/usb-rig/faults.ts';
import type { RigDevice, RigObject } from '../../support/usb-rig/rig.ts';
import { fileAll } from '../../support/walk-card.ts';
import { unlessDead } from '../bench/card-driver.ts';
import type { Shown } from '../bench/shown.ts';
import { shownOf, untilShown } from '../bench/shown.ts';

/** What waits for a device may wait for its time-outs: 15 s for a small answer, 30 s for bytes, a minute for lists. */
const PATIENCE_MS = 100_000;
const LIFE_MS = 150_000;
const LOOK_MS = 40;
const HAND_MS = 500;
const UNSEEN_MS = 25_000;
const RETRY_MS = 300;
/** A device that gives its objects back after each deletion must not be erased for ever. */
const MOST_ORDERS = 6;
const FOLDER = 'DCIM/100CANON';

type Given = Partial<Omit<RigDevice, 'objects' | 'serial'>>;
export type Evidence = CallOutput<'captures.get'>['evidence'];

/** One real station with a real archive, and devices on the rig that are not honest. */
export class CableBench {
  readonly cable: CableStation;
  readonly random: FaultRandom;
  readonly bodies: RigCard[] = [];
  readonly #key: Uint8Array;
  readonly #memory: CustodyMemory = { objects: new Map() };
  /** How often a body lay on the bus and was not docked until it was put in again. */
  unseen = 0;
  #number = 0;

  private constructor(cable: CableStation, random: FaultRandom, key: Uint8Array) {
    this.cable = cable;
    this.random = random;
    this.#key = key;
  }

  static async open(random: FaultRandom, station: Omit<TestStationOptions, 'config'> = {}): Promise<CableBench> {
    const cable = await CableStation.start({ station });
    return new CableBench(cable, random, await storeKeyOf(cable.station.dataDir));
  }

  get station() {
    return this.cable.station;
  }

  /** A picture like no other, of this name in the camera's folder or of this path. */
  async picture(name: string, more: Partial<RigObject> = {}): Promise<RigObject> {
    const number = (this.#number += 1);
    const bytes = await testJpeg(9000 + number, 96);
    const time = `20261120T10${String(Math.floor(number / 60) % 60).padStart(2, '0')}${String(number % 60).padStart(2, '0')}`;
    return { path: name.includes('/') ? name : `${FOLDER}/${name}`, base64: bytes.toString('base64'), time, ...more };
  }

  /** Plugs a body like no other, with these pictures on it. */
  async plug(content: readonly (string | RigObject)[], given: Given = {}): Promise<RigCard> {
    const objects: RigObject[] = [];
    for (const one of content) objects.push(typeof one === 'string' ? await this.picture(one) : one);
    const device = { kind: 'camera', ...given, serial: `BODY-${(this.#number += 1)}`, objects } as const;
    const card = await RigCard.of(device, await this.cable.rig.plug(device));
    this.bodies.push(card);
    return card;
  }

  /** The newest docking of a body; null before it is docked. */
  async docking(card: RigCard): Promise<DockingView | null> {
    const { dockings } = await this.station.call('dockings.list', {});
    return dockings.find((one) => one.medium.serial === card.serial) ?? null;
  }

  /** Waits until a body is docked, other than as `not`, and as asked. */
  async docked(card: RigCard, isRight: (docking: DockingView) => boolean, not = ''): Promise<DockingView> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (let triedAt = Date.now(); ; await pause(LOOK_MS)) {
      const now = await this.docking(card);
      if (now && now.id !== not && isRight(now)) return now;
      if (now?.connected && now.id !== not) triedAt = Date.now();
      if (Date.now() > triedAt + UNSEEN_MS) {
        await this.#tryAgain(card);
        triedAt = Date.now();
      }
      if (Date.now() > giveUpAt)
        throw new Error(`${card.serial} did not get there: ${JSON.stringify(now).slice(0, 3000)}`);
    }
  }

  /** A body that lies on the bus and is not docked: a person pulls it and puts it in again. It is counted, not hidden. */
  async #tryAgain(card: RigCard): Promise<void> {
    this.unseen += 1;
    process.stdout.write(`NOT SEEN ON THE BUS: ${card.serial}\n`);
    await card.body.unplug();
    await putBackIn(card);
  }

  /** Waits until a body is read through: each item is sealed and proven, or called what it is. @returns its docking */
  async read(card: RigCard, not = ''): Promise<string> {
    const { id } = await this.docked(card, (one) => one.connected && !isBusy(one), not);
    await this.station.until('station.status', {}, ({ idle, waiting }) => idle && waiting.length === 0, PATIENCE_MS);
    return id;
  }

  /** Pulls a body, plugs it in again and waits until it is read through. */
  async readAgain(card: RigCard): Promise<string> {
    const before = await this.docking(card);
    await card.body.unplug();
    if (before) await this.station.until('dockings.get', { dockingId: before.id }, ({ connected }) => !connected);
    await putBackIn(card);
    return this.read(card, before?.id);
  }

  async deliver(dockingId: string): Promise<void> {
    await fileAll(this.station, dockingId);
    await this.station.until('dockings.get', { dockingId }, ({ equation }) => equation.inDelivery === 0, PATIENCE_MS);
  }

  /** Files one capture to the one patient. */
  async fileOne(captureId: string): Promise<void> {
    const { items } = await this.station.call('worklist.list', {});
    await this.station.call('captures.file', {
      captureIds: [captureId],
      worklistItemId: items[0]!.id,
      region: { scheme: 'SCT', code: '33712006' },
      laterality: 'R',
      view: null,
      burnedIn: false,
      recognizable: false,
    });
  }

  /** Orders the erasure of what the gate lets go; answers how many, once they were looked for. */
  async erase(dockingId: string): Promise<number> {
    const { queued } = await this.station.call('release.start', { dockingId });
    await this.station.until('dockings.get', { dockingId }, ({ state }) => state !== 'erasing', PATIENCE_MS);
    await this.station.until('station.status', {}, ({ idle, waiting }) => idle && waiting.length === 0, PATIENCE_MS);
    return queued;
  }

  shows(dockingId: string, expected: Partial<Shown>): Promise<void> {
    return untilShown(() => shownOf(this.station, dockingId), expected, PATIENCE_MS / 2);
  }

  /** The evidence of the picture of this name, in the order in which it was given. */
  async evidence(dockingId: string, name: string): Promise<Evidence> {
    const { captures } = await this.station.call('captures.list', { dockingId });
    const capture = captures.find((one) => one.name === name);
    assert.ok(capture, `there is no capture of ${name}`);
    return (await this.station.call('captures.get', { captureId: capture.id })).evidence;
  }

  /** Waits until something of a device is so. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (!(await isSo())) {
      if (Date.now() > giveUpAt) throw new Error('what was waited for did not come');
      await pause(LOOK_MS);
    }
  }

  /** How often a fault has struck since it was set. */
  async struck(card: RigCard, name: RigFaultName): Promise<number> {
    const { faults } = await card.body.state();
    return faults.filter((one) => one.name === name).reduce((sum, one) => sum + one.struck, 0);
  }

  /** Does something with a station that may be killed meanwhile; false when it was. */
  lives(act: () => Promise<unknown>): Promise<boolean> {
    return unlessDead(this.station, act);
  }

  /**
   * Does what a person does until nothing is left to do for a body: files what is unfiled, orders the erasing of what may leave, plugs it in
   * again where it was pulled. @returns false when the station died meanwhile
   */
  async life(card: RigCard): Promise<boolean> {
    const giveUpAt = Date.now() + LIFE_MS;
    let retriedAt = Date.now();
    let seenAt = Date.now();
    const orders = new Map<string, number>();
    for (;;) {
      let isOver = false;
      const alive = await unlessDead(this.station, async () => {
        // Twice: one look is several questions, and a device that is tried again may move on between them.
        isOver = (await this.#next(card, orders)) && (await this.#next(card, orders));
        if ((await this.docking(card))?.connected) seenAt = Date.now();
        if (Date.now() > seenAt + UNSEEN_MS && (await card.body.state()).plugged) {
          await this.#tryAgain(card);
          seenAt = Date.now();
        }
        if (isOver || Date.now() < retriedAt + RETRY_MS) return;
        retriedAt = Date.now();
        const { waiting } = await this.station.call('station.status', {});
        const { rows } = await this.station.call('review.list', {});
        const isStuck = rows.some((row) => row.list === 'stuck');
        if (isStuck || waiting.some((one) => !['list', 'seal', 'prove'].includes(one.step)))
          await this.station.call('captures.retry', {});
      });
      if (!alive) return false;
      if (isOver) return true;
      if (Date.now() > giveUpAt) {
        const { dockings } = await this.station.call('dockings.list', {});
        const now = { body: await card.body.state(), dockings: dockings.filter((one) => one.connected) };
        throw new Error(`d: the life of ${card.serial} does not end: ${JSON.stringify(now).slice(0, 3000)}`);
      }
      await pause(LOOK_MS);
    }
  }

  /** One look at a body and what comes next for it. @returns whether nothing does */
  async #next(card: RigCard, orders: Map<string, number>): Promise<boolean> {
    const docking = await this.docking(card);
    const { plugged } = await card.body.state();
    if (!plugged) {
      // Whoever sees that the cable is out puts it back in, once the station has seen it too.
      if (!docking?.connected) await putBackIn(card);
      return false;
    }
    if (!docking?.connected || isBusy(docking)) return false;
    const dockingId = docking.id;
    if ((await this.#fileable(dockingId)) > 0) {
      await fileAll(this.station, dockingId);
      return false;
    }
    if (docking.equation.inDelivery > 0) return false;
    if (docking.keptWhole === null) {
      const { erasable } = await this.station.call('release.preview', { dockingId });
      if (erasable > 0) {
        const count = (orders.get(dockingId) ?? 0) + 1;
        orders.set(dockingId, count);
        if (count > MOST_ORDERS) throw new Error(`erased ${MOST_ORDERS} times and still there: ${card.serial}`);
        await this.station.call('release.start', { dockingId });
        return false;
      }
    }
    const { idle, waiting } = await this.station.call('station.status', {});
    return idle && waiting.length === 0;
  }

  async #fileable(dockingId: string): Promise<number> {
    const { captures } = await this.station.call('captures.list', { dockingId, stage: 'unfiled' });
    return captures.filter((one) => one.kind !== 'other').length;
  }

  /** The fault is over: the life of a body goes on to its end, and this is left on it. */
  async toItsEnd(card: RigCard, options: { readonly left?: readonly string[]; readonly replug?: boolean } = {}) {
    await card.body.clearFaults();
    if (options.replug) await this.readAgain(card);
    assert.equal(await this.life(card), true);
    const left = (options.left ?? []).toSorted();
    const now = await card.names();
    if (now.join() !== left.join()) {
      const { state, problem, equation, onMedium } = (await this.docking(card))!;
      const shown = JSON.stringify({ state, problem, equation, onMedium });
      throw new Error(
        `d: it ended with ${now.join(', ')} left on it, and not ${left.join(', ') || 'nothing'}: ${shown}`,
      );
    }
    const { id } = (await this.docking(card))!;
    await this.shows(id, { problem: null, ...(left.length === 0 ? { state: 'clear', review: [] } : {}) });
  }

  /** After a scenario: every body is pulled and its docking over. */
  async settle(): Promise<void> {
    for (const card of this.bodies) {
      if (!(await card.body.state()).plugged) continue;
      await card.body.clearFaults();
      await card.body.unplug();
    }
    if (!(await this.station.isAlive())) return;
    await this.station.until(
      'dockings.list',
      {},
      ({ dockings }) => dockings.every((one) => !one.connected),
      PATIENCE_MS,
    );
  }

  violations(): Promise<string[]> {
    const { station, orthanc } = this.cable;
    return custodyViolations({
      station,
      key: this.#key,
      cards: this.bodies,
      archive: orthanc,
      commitmentOffered: false,
      memory: this.#memory,
    });
  }

  close(): Promise<void> {
    return this.cable.stop();
  }
}

/** A hand takes this long: on the bus of the rig a body that is back before its going was heard is not told of at all. */
async function putBackIn(card: RigCard): Promise<void> {
  await pause(HAND_MS);
  await card.body.replug();
}

function isBusy({ state }: DockingView): boolean {
  return ['listing', 'reading', 'erasing'].includes(state);
}
