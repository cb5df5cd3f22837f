import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { listAudit } from '../../../../main/station/audit/index.ts';
import { Dockings } from '../../../../main/station/intake/index.ts';
import { MediaRegister, openMatters, returnedByDocking } from '../../../../main/station/media/index.ts';
import { IndexStore } from '../../../../main/station/store/index.ts';
import { tempFolder } from '../../../support/temp.ts';

const HOUR = 3_600_000;
const lead = { personId: 'p', login: 'ann', displayName: 'Ann', role: 'lead' as const };
const nurse = { personId: 'n', login: 'nia', displayName: 'Nia', role: 'staff' as const };

let folder: string;
let store: IndexStore;
/** The station's clock, as the register sees it. */
let now: number;

beforeEach(async () => {
  folder = await tempFolder('media');
  await mkdir(path.join(folder, 'data'));
  store = await IndexStore.open(path.join(folder, 'data'), new Uint8Array(randomBytes(32)));
  onTestFinished(() => store.close());
  now = Date.now();
  await store.write(async (tx) => {
    for (const { personId, login, displayName, role } of [lead, nurse]) {
      await tx.run('INSERT INTO person (id, login, display_name, role, created_at) VALUES (?, ?, ?, ?, 0)', [
        personId,
        login,
        displayName,
        role,
      ]);
    }
  });
});

interface Ward {
  readonly dockings: Dockings;
  readonly register: MediaRegister;
  /** Docks the card of this name and answers its docking. */
  dock(name: string, personId?: string | null): Promise<string>;
}

async function ward({ unknownNeedApproval = false } = {}): Promise<Ward> {
  const dockings = new Dockings({
    store,
    dataFolder: path.join(folder, 'data'),
    onChange: () => undefined,
    unknownNeedApproval,
    onDocked: (tx, mediumId) => returnedByDocking(tx, mediumId, now),
  });
  onTestFinished(() => dockings.close());
  return {
    dockings,
    register: new MediaRegister({ store, dockings, now: () => now }),
    async dock(name, personId = null) {
      const root = path.join(folder, name);
      await mkdir(root, { recursive: true });
      await writeFile(path.join(root, 'A.JPG'), name);
      return dockings.begin(root, personId, { kind: 'card', label: name });
    },
  };
}

async function audited(action: string): Promise<{ person: string | null; subject: string; facts: object }[]> {
  const lines = await listAudit(store.read, undefined, 100);
  return lines.filter((line) => line.action === action);
}
const lists = async () => (await openMatters(store.read, now)).map(({ list, name }) => `${list} ${name}`);

describe('the register', () => {
  test('knows every medium that was docked: by whom, what is still on it, and since when nobody knows', async () => {
    const { dockings, register, dock } = await ward();
    const docking = await dock('CARD-ONE', 'n');
    await dockings.list(docking, false);
    expect(await register.list()).toMatchObject([
      {
        kind: 'card',
        label: 'CARD-ONE',
        dockings: 1,
        firstDockedBy: 'Nia',
        lastDockedBy: 'Nia',
        dockedNow: true,
        approved: { by: null },
        awaitingDockingId: null,
        left: { present: 1, unread: 1, clear: false, unknownSince: null },
      },
    ]);
    await dockings.end(docking);
    const [medium] = await register.list();
    expect(medium).toMatchObject({ dockedNow: false, left: { present: 1, unread: 1, clear: false } });
    expect(medium!.left.unknownSince).toBeTypeOf('number');
    await store.write((tx) => tx.run("UPDATE item SET stage = 'proven', on_medium = 'absent'"));
    expect(await register.list()).toMatchObject([{ left: { present: 0, unread: 0, clear: true } }]);
  });

  test('tells the clock of a device at its last ten dockings, the newest first', async () => {
    const { dockings, register, dock } = await ward();
    const docking = await dock('CARD-ONE');
    await dockings.end(docking);
    const { id } = (await register.list())[0]!;
    await store.write(async (tx) => {
      for (let at = 1; at <= 12; at += 1) {
        await tx.run(
          'INSERT INTO docking (id, medium_id, root, read_only, started_at, ended_at, clock_offset_ms) VALUES (?, ?, ?, 0, ?, ?, ?)',
          [`docking-${at}`, id, '/', at, at, at * 1000],
        );
      }
    });
    const { clock } = (await register.list())[0]!;
    expect(clock.map(({ offsetMs }) => offsetMs)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((s) => s * 1000));
    expect((await register.get(id)).medium.clock).toEqual(clock);
    expect((await register.get(id)).dockings).toHaveLength(13);
  });

  test('takes what people write, keeps what a device tells itself, and forgets nothing', async () => {
    const { register, dock } = await ward();
    await dock('CARD-ONE');
    const { id } = (await register.list())[0]!;
    await register.update({ mediumId: id, name: 'Card 7', ownerUnit: 'Burns', serial: 'SN-1' }, lead);
    await register.update({ mediumId: id, ownerUnit: '', retired: true }, lead);
    expect(await register.list()).toMatchObject([{ name: 'Card 7', ownerUnit: null, serial: 'SN-1', retiredAt: now }]);
    expect((await audited('medium-registered')).map(({ facts }) => facts).toReversed()).toEqual([
      { fields: 'name owner_unit serial' },
      { fields: 'owner_unit retired_at', retired: true },
    ]);
    // Saying the same again is no change, and no line.
    await register.update({ mediumId: id, name: 'Card 7', retired: true }, lead);
    expect(await audited('medium-registered')).toHaveLength(2);

    await store.write((tx) => tx.run("UPDATE medium SET kind = 'camera', serial = 'TOLD'"));
    await expect(register.update({ mediumId: id, serial: 'MINE' }, lead)).rejects.toMatchObject({
      code: 'told-by-device',
    });
    await register.update({ mediumId: id, maker: 'Canon' }, lead);
    expect(await register.list()).toMatchObject([{ serial: 'TOLD', maker: 'Canon' }]);
    await expect(register.update({ mediumId: 'nothing-here', name: 'x' }, lead)).rejects.toMatchObject({
      code: 'no-such-medium',
    });
  });
});

describe('a loan', () => {
  test('is overdue by the clock of the station, stands in Review then, and ends when somebody says so', async () => {
    const { register, dock, dockings } = await ward();
    await dockings.end(await dock('CARD-ONE'));
    const { id } = (await register.list())[0]!;
    await register.update({ mediumId: id, ownerUnit: 'Burns' }, lead);
    await register.lend({ mediumId: id, borrower: 'Dr Weber, ward 3', dueAt: now + HOUR }, nurse);
    expect(await lists()).toEqual([]);
    expect((await register.list())[0]!.loan).toMatchObject({
      borrower: 'Dr Weber, ward 3',
      lentBy: 'Nia',
      overdue: false,
    });
    now += HOUR + 1;
    expect((await register.list())[0]!.loan).toMatchObject({ overdue: true });
    expect(await openMatters(store.read, now)).toMatchObject([
      {
        list: 'not-returned',
        name: 'CARD-ONE',
        owner_unit: 'Burns',
        borrower: 'Dr Weber, ward 3',
        due_at: now - 1,
        acted_by: 'Nia',
      },
    ]);
    await register.takeBack(id, nurse);
    expect(await lists()).toEqual([]);
    const story = await register.get(id);
    expect(story.medium.loan).toBeNull();
    expect(story.loans).toMatchObject([{ returnedAt: now, returnedBy: 'Nia', overdue: false }]);
    expect(await audited('medium-returned')).toMatchObject([{ person: 'n', subject: id }]);
    // Who has it is no patient, but somebody may write one there: the trail has no such words.
    expect(JSON.stringify(await audited('medium-lent'))).not.toContain('Weber');
    await expect(register.takeBack(id, nurse)).rejects.toMatchObject({ code: 'not-lent' });
  });

  test('ends when its medium is docked: it is here', async () => {
    const { register, dock, dockings } = await ward();
    await dockings.end(await dock('CARD-ONE'));
    await dock('CARD-TWO');
    const id = (await register.list()).find(({ label }) => label === 'CARD-ONE')!.id;
    await register.lend({ mediumId: id, borrower: 'Ward 3', dueAt: now + HOUR }, lead);
    now += 2 * HOUR;
    expect(await lists()).toEqual(['not-returned CARD-ONE']);
    await dock('CARD-ONE');
    expect(await lists()).toEqual([]);
    expect((await register.get(id)).loans).toMatchObject([{ returnedAt: now, returnedBy: null }]);
    expect(await audited('medium-returned-by-docking')).toMatchObject([{ person: null, subject: id }]);
  });

  test('needs a time to come, and a medium that is in use', async () => {
    const { register, dock } = await ward();
    await dock('CARD-ONE');
    const { id } = (await register.list())[0]!;
    const order = { mediumId: id, borrower: 'Ward 3', dueAt: now };
    await expect(register.lend(order, lead)).rejects.toMatchObject({ code: 'due-is-past' });
    await register.update({ mediumId: id, retired: true }, lead);
    await expect(register.lend({ ...order, dueAt: now + HOUR }, lead)).rejects.toMatchObject({
      code: 'medium-retired',
    });
  });

  test('is open at most once, whatever people do at once', async () => {
    const { register, dock, dockings } = await ward();
    await dockings.end(await dock('CARD-ONE'));
    const { id } = (await register.list())[0]!;
    // The same walk each time: a small generator of its own, so that a failure can be repeated.
    let seed = 20_261_128;
    const next = (bound: number) => (seed = (seed * 48_271) % 0x7fffffff) % bound;
    for (let round = 0; round < 20; round += 1) {
      const acts = Array.from({ length: 1 + next(5) }, () => {
        const which = next(5);
        if (which < 2) return register.lend({ mediumId: id, borrower: 'Ward', dueAt: now + 1 + next(9) }, lead);
        if (which < 4) return register.takeBack(id, nurse);
        return dock('CARD-ONE').then((docking) => dockings.end(docking));
      });
      for (const end of await Promise.allSettled(acts)) {
        if (end.status === 'rejected')
          expect(['already-lent', 'not-lent']).toContain((end.reason as { code: string }).code);
      }
      now += next(20);
      const open = (await register.get(id)).loans.filter(({ returnedAt }) => returnedAt === null);
      expect(open.length).toBeLessThanOrEqual(1);
      expect((await register.list())[0]!.loan?.id ?? null).toBe(open[0]?.id ?? null);
    }
    const counts = await store.read.get<{ lent: number; back: number; loans: number; open: number }>(
      `SELECT (SELECT count(*) FROM audit WHERE action = 'medium-lent') AS lent,
              (SELECT count(*) FROM audit WHERE action LIKE 'medium-returned%') AS back,
              (SELECT count(*) FROM loan) AS loans, (SELECT count(*) FROM loan WHERE returned_at IS NULL) AS open`,
    );
    expect(counts!.lent).toBe(counts!.loans);
    expect(counts!.back).toBe(counts!.loans - counts!.open);
    expect(counts!.loans).toBeGreaterThan(5);
  });
});

describe('an unknown medium, where a lead has to let it in', () => {
  test('waits in Review until a lead lets it in, and is known from then on', async () => {
    const { register, dock, dockings } = await ward({ unknownNeedApproval: true });
    const docking = await dock('CARD-ONE', 'n');
    const { id } = (await register.list())[0]!;
    expect(await register.list()).toMatchObject([{ approved: null, awaitingDockingId: docking }]);
    expect(await lists()).toEqual(['needs-approval CARD-ONE']);
    await dockings.end(docking);
    // Unplugged: nothing of it was read, and it still waits to be let in.
    expect(await register.list()).toMatchObject([{ awaitingDockingId: null, left: { clear: false } }]);
    expect(await lists()).toEqual(['needs-approval CARD-ONE']);
    await register.approve(id, lead);
    expect(await register.list()).toMatchObject([{ approved: { by: 'Ann' } }]);
    expect(await lists()).toEqual([]);
    await dock('CARD-ONE', 'n');
    expect(await register.list()).toMatchObject([{ awaitingDockingId: null }]);
    expect(await audited('medium-approved')).toMatchObject([{ person: 'p', subject: id }]);
    await expect(register.approve('nothing-here', lead)).rejects.toMatchObject({ code: 'no-such-medium' });
  });

  test('waits no more once the policy is gone, and a retired one is nobody’s matter', async () => {
    const strict = await ward({ unknownNeedApproval: true });
    await strict.dock('CARD-ONE');
    const { id } = (await strict.register.list())[0]!;
    await strict.register.update({ mediumId: id, retired: true }, lead);
    expect(await lists()).toEqual([]);
    await strict.register.update({ mediumId: id, retired: false }, lead);
    expect(await lists()).toEqual(['needs-approval CARD-ONE']);
    strict.dockings.close();
    const { dockings, register } = await ward();
    await dockings.resume();
    expect(await lists()).toEqual([]);
    expect(await register.list()).toMatchObject([{ dockedNow: true, awaitingDockingId: null }]);
  });
});
