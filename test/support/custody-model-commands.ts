import { rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import type { ArchiveMood, CardModel, CustodyModel, PictureModel } from './custody-model.ts';
import { equationProblem, erasing, filePicture, settleContents, turnArchive } from './custody-model.ts';
import { contentOf } from './fault-card.ts';
import type { TestStation } from './station.ts';

/** The real station with its archive, and how cards for it are made. */
export interface ModelWorld {
  readonly station: TestStation;
  turnArchive(mood: ArchiveMood): void;
  /** Makes a new card: pictures of their own, and copies of those that the model knows. */
  newCard(pictures: number, withSidecar: boolean, copies: readonly PictureModel[]): Promise<CardModel>;
  /** Kills the station, starts it again and signs in. */
  killAndStart(): Promise<void>;
}

export type ModelCommand = fc.AsyncCommand<CustodyModel, ModelWorld>;

function must(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

/** The views have to say what the model says, of every docking of this sequence. */
async function viewsAgree(model: CustodyModel, { station }: ModelWorld): Promise<void> {
  for (const card of model.cards) {
    if (card.dockingId === '') continue;
    const shown = await station.call('dockings.get', { dockingId: card.dockingId });
    const problem = equationProblem(card, shown.equation);
    must(problem === null, `custody equation: ${problem}`);
    must(shown.connected === card.docked, `the docking is shown as ${shown.connected ? 'connected' : 'ended'}`);
    const gone = card.listed.filter((one) => one.onMedium === 'gone').reduce((total, one) => total + one.files, 0);
    must(shown.onMedium.absent === gone, `${shown.onMedium.absent} absent are shown, ${gone} are gone`);
    must(shown.onMedium.eraseUnverified === 0, 'an erasure is shown as unverified');
  }
}

/** A command whose effect on the station is followed by a look at every view. */
function command(words: string, check: (model: CustodyModel) => boolean, run: ModelCommand['run']): ModelCommand {
  return {
    check,
    async run(model, world) {
      await run(model, world);
      await viewsAgree(model, world);
    },
    toString: () => words,
  };
}

const pick = <One>(all: readonly One[], number: number): One => all[number % all.length]!;
const docked = (model: CustodyModel) => model.cards.filter((card) => card.docked);
const resting = (model: CustodyModel) => model.cards.filter((card) => !card.docked);
const listedOn = (card: CardModel) => card.pictures.filter((one) => one.onMedium === 'there');

async function dockInto(card: CardModel, world: ModelWorld, killed: boolean): Promise<void> {
  const { station } = world;
  card.listed = listedOn(card);
  if (killed) {
    // Whatever it had begun, it goes on with; asking again is the same docking.
    const begun = station.call('dock.folder', { path: card.root }).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await world.killAndStart();
    await begun;
  }
  const { dockingId } = await station.call('dock.folder', { path: card.root });
  card.dockingId = dockingId;
  await station.until('captures.list', { dockingId }, ({ captures }) => captures.length === card.listed.length);
  await station.until('dockings.get', { dockingId }, ({ state }) => !['listing', 'reading'].includes(state));
  card.docked = true;
}

const dockNew = (pictures: number, withSidecar: boolean, copyOf: number, killed: boolean) =>
  command(
    `dock a new card of ${pictures}${withSidecar ? ' and a sidecar' : ''}, copy ${copyOf}${killed ? ', killed' : ''}`,
    (model) => model.cards.length < 3,
    async (model, world) => {
      const known = model.cards.flatMap((card) => card.pictures.filter((one) => one.files === 1));
      const copies = copyOf > 0 && known.length > 0 ? [pick(known, copyOf)] : [];
      const card = await world.newCard(pictures, withSidecar, copies);
      model.cards.push(card);
      await dockInto(card, world, killed);
    },
  );

const redock = (which: number, killed: boolean) =>
  command(
    `dock card ${which} again${killed ? ', killed' : ''}`,
    (model) => resting(model).length > 0,
    async (model, world) => dockInto(pick(resting(model), which), world, killed),
  );

const undock = (which: number) =>
  command(
    `pull card ${which}`,
    (model) => docked(model).length > 0,
    async (model, { station }) => {
      const card = pick(docked(model), which);
      await rename(card.root, `${card.root}-pulled`);
      await station.until('dockings.get', { dockingId: card.dockingId }, ({ connected }) => !connected);
      await rename(`${card.root}-pulled`, card.root);
      card.docked = false;
    },
  );

/** Does something to one capture, whatever its stage, and expects the refusal that the model predicts. */
function onCapture(
  words: string,
  card: number,
  picture: number,
  act: (world: ModelWorld, captureId: string) => Promise<{ refused: readonly { code: string }[] }>,
  predict: (model: CustodyModel, picture: PictureModel) => string | null,
): ModelCommand {
  return command(
    `${words} ${card}/${picture}`,
    (model) => model.cards.some((one) => one.listed.length > 0),
    async (model, world) => {
      const chosen = pick(
        model.cards.filter((one) => one.listed.length > 0),
        card,
      );
      const one = pick(chosen.listed, picture);
      const { captures } = await world.station.call('captures.list', { dockingId: chosen.dockingId });
      const capture = captures.find(({ name }) => name === one.name);
      if (!capture) throw new Error(`there is no capture of ${one.name}`);
      must(capture.held === one.content.held, `${one.name} is shown as ${capture.held ? 'held' : 'free'}`);
      const expected = predict(model, one);
      const { refused } = await act(world, capture.id);
      const code = refused[0]?.code ?? null;
      must(code === expected, `${words}: ${code ?? 'done'}, and expected was ${expected ?? 'done'}`);
    },
  );
}

async function fileCaptures({ station }: ModelWorld, captureIds: string[]) {
  const { items } = await station.call('worklist.list', {});
  return station.call('captures.file', {
    captureIds,
    worklistItemId: items.find((one) => one.incomplete.length === 0)!.id,
    region: { scheme: 'SCT', code: '33712006' },
    laterality: 'R',
    view: null,
    burnedIn: false,
    recognizable: false,
  });
}

const file = (card: number, picture: number) =>
  onCapture(
    'file',
    card,
    picture,
    (world, captureId) => fileCaptures(world, [captureId]),
    (model, { content }) => {
      if (content.stage !== 'unfiled') return 'not-unfiled';
      filePicture(model, content);
      return null;
    },
  );

const fileAll = (which: number) =>
  command(
    `file all of card ${which}`,
    (model) => model.cards.length > 0,
    async (model, world) => {
      const { dockingId, listed } = pick(model.cards, which);
      const unfiled = listed.filter(({ content }) => content.stage === 'unfiled');
      const { captures } = await world.station.call('captures.list', { dockingId, stage: 'unfiled' });
      must(captures.length === unfiled.length, `${captures.length} unfiled are listed, and not ${unfiled.length}`);
      if (captures.length === 0) return;
      const { refused } = await fileCaptures(
        world,
        captures.map(({ id }) => id),
      );
      must(refused.length === 0, `filing was refused: ${refused[0]?.code}`);
      for (const { content } of unfiled) filePicture(model, content);
    },
  );

const reject = (card: number, picture: number) =>
  onCapture(
    'reject',
    card,
    picture,
    ({ station }, id) => station.call('captures.reject', { captureIds: [id], reason: 'blurred' }),
    (_model, { content }) => {
      if (content.stage !== 'unfiled') return 'not-unfiled';
      if (content.held) return 'hold';
      content.stage = 'rejected';
      return null;
    },
  );

const restore = (card: number, picture: number) =>
  onCapture(
    'restore',
    card,
    picture,
    ({ station }, id) => station.call('captures.restore', { captureIds: [id] }),
    (_model, { content }) => {
      if (content.stage !== 'rejected') return 'not-rejected';
      content.stage = 'unfiled';
      return null;
    },
  );

const hold = (card: number, picture: number) =>
  onCapture(
    'hold',
    card,
    picture,
    async ({ station }, captureId) => {
      await station.call('holds.place', { subject: { captureIds: [captureId] }, reason: 'a court asked' });
      return { refused: [] };
    },
    (_model, { content }) => {
      content.held = true;
      return null;
    },
  );

const liftAll = () =>
  command(
    'lift every hold',
    (model) => model.cards.some((card) => card.pictures.some((one) => one.content.held)),
    async (model, { station }) => {
      const { holds } = await station.call('holds.list', {});
      await station.call('holds.lift', { holdIds: holds.map(({ id }) => id), reason: 'the court is done' });
      for (const card of model.cards) for (const one of card.pictures) one.content.held = false;
    },
  );

const turn = (mood: ArchiveMood) =>
  command(
    `the archive turns ${mood}`,
    () => true,
    async (model, world) => {
      world.turnArchive(mood);
      turnArchive(model, mood);
    },
  );

const kill = () =>
  command(
    'kill -9, start again',
    () => true,
    async (_model, world) => world.killAndStart(),
  );

/** Waits until everything filed is confirmed, as it must be with an honest archive. */
async function untilSettled(model: CustodyModel, { station }: ModelWorld): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  for (const { dockingId } of model.cards) {
    const isUnderWay = async () => (await station.call('dockings.get', { dockingId })).equation.inDelivery > 0;
    while (await isUnderWay()) {
      must(Date.now() < giveUpAt, 'the pipeline did not end by itself');
      await station.call('captures.retry', {});
      await pause(50);
    }
  }
  settleContents(model);
}

const settle = () => command('wait', (model) => model.archive === 'honest' && model.cards.length > 0, untilSettled);

/** What lies on the card afterwards must be what the model allows; what it may do of itself is taken over from there. */
async function takeOverErased(card: CardModel): Promise<void> {
  const left = new Set([...(await contentOf(card.root)).keys()].map((file) => path.basename(file)));
  for (const one of card.listed) {
    const wasThere = one.onMedium === 'there';
    const isThere = left.has(one.name);
    if (!wasThere) continue;
    const prediction = erasing(one.content);
    must(isThere || prediction !== 'never', `${one.name} was erased, and is ${JSON.stringify(one.content)}`);
    must(!isThere || prediction !== 'must', `${one.name} stayed, and is ${JSON.stringify(one.content)}`);
    if (isThere) continue;
    one.onMedium = 'gone';
    if (one.content.stage === 'filed') one.content.stage = 'confirmed';
  }
}

const release = (which: number, killed: boolean) =>
  command(
    `release card ${which}${killed ? ', killed' : ''}`,
    (model) => model.cards.some(({ dockingId }) => dockingId !== ''),
    async (model, world) => {
      const { station } = world;
      const card = pick(model.cards, which);
      const { dockingId } = card;
      if (!card.docked) {
        must((await station.codeOf('release.start', { dockingId })) === 'not-connected', 'a pulled card was released');
        return;
      }
      const order = () => station.call('release.start', { dockingId });
      if (killed) {
        await order();
        await world.killAndStart();
      }
      await order();
      await station.until('dockings.get', { dockingId }, ({ state }) => state !== 'erasing');
      await takeOverErased(card);
    },
  );

/** Every command, with its numbers: what they choose from is what is there when it runs. What takes long comes seldom. */
export function modelCommands(maxCommands: number) {
  const which = fc.nat(5);
  const seldom = fc.nat(5).map((number) => number === 5);
  const dock = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.boolean(), fc.nat(3), seldom).map((of) => dockNew(...of));
  const often = [
    which.map(fileAll),
    fc.tuple(which, seldom).map((of) => release(...of)),
    fc.tuple(which, which).map((of) => reject(...of)),
    fc.constant(settle()),
  ];
  return fc.commands(
    [
      ...often,
      ...often,
      dock,
      fc.tuple(which, which).map((of) => file(...of)),
      fc.tuple(which, which).map((of) => restore(...of)),
      fc.tuple(which, which).map((of) => hold(...of)),
      fc.constant(liftAll()),
      fc.constantFrom<ArchiveMood>('honest', 'refusing', 'losing').map(turn),
      fc.tuple(which, seldom).map((of) => redock(...of)),
      which.map(undock),
      fc.constant(kill()),
    ],
    { maxCommands, size: 'max' },
  );
}

/** Runs one sequence on a world that is at rest, with a new card docked, and brings it to rest again: then everything filed is confirmed. */
export async function liveSequence(world: ModelWorld, commands: Iterable<ModelCommand>): Promise<CustodyModel> {
  const model: CustodyModel = { archive: 'honest', cards: [] };
  world.turnArchive('honest');
  await dockNew(2, true, 0, false).run(model, world);
  await fc.asyncModelRun(() => ({ model, real: world }), commands);
  world.turnArchive('honest');
  turnArchive(model, 'honest');
  await untilSettled(model, world);
  await viewsAgree(model, world);
  return model;
}

/** A life that meets everything once: a hold, an archive that loses, a kill while erasing, a copy, a rejection taken back after it left. */
export function wholeLife(): ModelCommand[] {
  return [
    hold(0, 0),
    turn('losing'),
    fileAll(0),
    release(0, false),
    turn('honest'),
    settle(),
    release(0, true),
    liftAll(),
    dockNew(1, false, 1, true),
    reject(1, 0),
    release(1, false),
    restore(1, 0),
    undock(0),
    redock(0, false),
    release(0, false),
    fileAll(1),
    kill(),
  ];
}
