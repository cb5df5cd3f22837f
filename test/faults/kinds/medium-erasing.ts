import assert from 'node:assert/strict';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CardFaults } from '../../support/fuse-card.ts';
import { untilRead } from '../../support/walk-card.ts';
import type { MediumScenario } from './medium-table.ts';

const REFUSALS = ['EROFS', 'EACCES', 'EPERM', 'EIO'] as const;

/** Cards that do not erase, erase something else, or say what is not so. */
export const erasingScenarios: readonly MediumScenario[] = [
  {
    name: 'erase-refused',
    does: 'deleting one file is refused (EROFS, EACCES, EPERM or EIO: lock switch, permission, damage)',
    ends: 'it stays, kept with erase-refused; the other is erased; once the medium lets it go it is erased; clear',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ refuses: { 'B.JPG': REFUSALS[bench.random.below(REFUSALS.length)]! } });
      assert.equal(await bench.erase(dockingId), 2);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'absent 1, kept 1',
        review: ['not-erased B.JPG erase-refused'],
      });
      assert.deepEqual(await card.names(), ['B.JPG']);
      return mended(bench, card, dockingId, 'kept: erase-refused, then clear');
    },
  },
  {
    name: 'erase-does-nothing',
    does: 'deleting one file is answered with success, and the file stays',
    ends: 'erase-unverified, shown as not erased; erasing again ends clear once the medium does it',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ keeps: ['B.JPG'] });
      await bench.erase(dockingId);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'absent 1, eraseUnverified 1',
        review: ['not-erased B.JPG erase-unverified'],
      });
      return mended(bench, card, dockingId, 'erase-unverified, then clear');
    },
  },
  {
    name: 'erase-comes-back',
    does: 'the file is gone after it was erased, and there again when the card is put back in',
    ends: 'docked again it is no new picture: known as confirmed, named in Review as came-back, not delivered twice, erased again',
    async run(bench) {
      const card = await bench.ownCard(['A.JPG']);
      const first = await bench.read(card);
      await bench.deliver(first);
      await card.faults({ hides: ['A.JPG'] });
      await bench.erase(first);
      await bench.shows(first, { state: 'clear', onMedium: 'absent 1' });
      await card.fuse.pull();
      await card.faults({});
      await card.fuse.insert();
      const second = await bench.read(card);
      assert.notEqual(second, first);
      await bench.shows(second, {
        state: 'sealed',
        equation: 'confirmed 1',
        onMedium: 'present 1',
        review: ['not-erased A.JPG came-back'],
      });
      await bench.erase(second);
      await bench.shows(second, { state: 'clear', onMedium: 'absent 1', review: [] });
      assert.deepEqual(await card.names(), []);
      return 'came-back, then clear';
    },
  },
  {
    name: 'erase-takes-another',
    does: 'deleting one file deletes another one, which nobody ordered to be erased',
    ends: 'the one is erase-unverified, the other kept with object-missing and named; its bytes are in the quarantine; not clear',
    async run(bench) {
      const card = await bench.card({ 'A.JPG': await bench.picture(), 'NOTE.TXT': Buffer.from('not to be lost') });
      card.blame('NOTE.TXT');
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ 'erases-other': { 'A.JPG': 'NOTE.TXT' } });
      assert.equal(await bench.erase(dockingId), 1);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'kept 1, eraseUnverified 1',
        review: [
          'not-erased A.JPG erase-unverified',
          'not-erased NOTE.TXT object-missing',
          'undecided NOTE.TXT unsupported',
        ],
      });
      return 'erase-unverified, object-missing';
    },
  },
  {
    name: 'vanishes-by-itself',
    does: 'a picture that nobody has filed yet is gone from the card while others are erased',
    ends: 'kept with object-missing and named; what was erased is unverified until a person erases again; its bytes are sealed',
    async run(bench) {
      const card = await bench.card({ 'A.JPG': await bench.picture(), 'NOTE.TXT': Buffer.from('gone by itself') });
      card.blame('NOTE.TXT');
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await rm(path.join(card.truth, 'NOTE.TXT'));
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'sealed', onMedium: 'kept 1, eraseUnverified 1' });
      await bench.erase(dockingId);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'absent 1, kept 1',
        review: ['not-erased NOTE.TXT object-missing', 'undecided NOTE.TXT unsupported'],
      });
      return 'object-missing';
    },
  },
  {
    name: 'gone-before-erasing',
    does: 'a proven picture is deleted by somebody else before it is erased',
    ends: 'there is nothing to erase and it is checked absent like all others; clear',
    async run(bench) {
      const card = await bench.card(['A.JPG', 'B.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await rm(path.join(card.truth, 'B.JPG'));
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 2', review: [] });
      return 'clear';
    },
  },
  {
    name: 'replaced-before-erasing',
    does: 'a proven picture is replaced by another one of the same name before it is erased',
    ends: 'the new one stays, kept with object-changed; never erased on the evidence of the old one',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await rename(path.join(card.truth, 'A.JPG'), path.join(bench.folder, 'A.JPG'));
      await writeFile(path.join(card.truth, 'A.JPG'), await bench.picture());
      card.blame('A.JPG');
      await bench.erase(dockingId);
      await bench.shows(dockingId, {
        state: 'sealed',
        onMedium: 'kept 1',
        review: ['not-erased A.JPG object-changed'],
      });
      assert.deepEqual(await card.names(), ['A.JPG']);
      return 'kept: object-changed';
    },
  },
  {
    name: 'hard-links',
    does: 'two names, in two folders, are one file',
    ends: 'two items, one picture in the archive; both names are erased; clear',
    async run(bench) {
      const card = await bench.card(['A.JPG']);
      await mkdir(path.join(card.truth, 'COPY'));
      await link(path.join(card.truth, 'A.JPG'), path.join(card.truth, 'COPY', 'B.JPG'));
      await card.remember();
      const dockingId = await bench.read(card);
      await bench.deliver(dockingId);
      await card.faults({ refuses: { 'COPY/B.JPG': 'EPERM' } });
      await bench.erase(dockingId);
      await bench.shows(dockingId, { state: 'sealed', equation: 'confirmed 2', onMedium: 'absent 1, kept 1' });
      // One name is gone and the content is not: the certificate says so.
      const { text } = await bench.station.call('certificate.get', { dockingId });
      const line = (JSON.parse(text) as Record<string, unknown>[]).find((one) => one['file'] === 'A.JPG');
      assert.deepEqual([line?.['end'], line?.['sameContentStillAt']], ['erased', ['COPY/B.JPG']]);
      return mended(bench, card, dockingId, 'clear');
    },
  },
  {
    name: 'pulled-while-erasing',
    does: 'the card is pulled right after the first file was deleted',
    ends: 'what was ordered is erase-unverified, not absent; docked again, what is left is erased, and both dockings end clear',
    run: (bench) => pulledInTheMiddle(bench, { 'dies-at': { op: 'unlink', count: 1 } }),
  },
];

type Bench = Parameters<MediumScenario['run']>[0];
type Card = Awaited<ReturnType<Bench['card']>>;

/** The medium behaves from now on: erasing again ends clear. */
async function mended(bench: Bench, card: Card, dockingId: string, outcome: string): Promise<string> {
  await card.faults({});
  await bench.erase(dockingId);
  await bench.shows(dockingId, { state: 'clear', review: [] });
  assert.deepEqual(await card.names(), []);
  return outcome;
}

async function pulledInTheMiddle(bench: Bench, faults: CardFaults): Promise<string> {
  const card = await bench.ownCard(['A.JPG', 'B.JPG']);
  const first = await bench.read(card);
  await bench.deliver(first);
  await card.faults(faults);
  await bench.station.call('release.start', { dockingId: first });
  await bench.station.until('dockings.get', { dockingId: first }, ({ connected }) => !connected);
  await bench.shows(first, {
    state: 'sealed',
    onMedium: 'eraseUnverified 2',
    review: ['not-erased A.JPG erase-unverified', 'not-erased B.JPG erase-unverified'],
  });
  await card.faults({});
  await card.fuse.pull();
  await card.fuse.insert();
  const { dockingId } = await bench.station.call('dock.folder', { path: card.root });
  await untilRead(bench.station, dockingId);
  await bench.shows(dockingId, { state: 'sealed', equation: 'confirmed 1', onMedium: 'present 1', review: [] });
  await bench.erase(dockingId);
  await bench.shows(dockingId, { state: 'clear', onMedium: 'absent 1', review: [] });
  await bench.shows(first, { state: 'clear', onMedium: 'absent 2', review: [] });
  assert.deepEqual(await card.names(), []);
  return 'erase-unverified, then clear';
}
