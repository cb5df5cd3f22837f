import type { Connection } from '../../main/station/store/driver.ts';
import type { FaultCard } from './fault-card.ts';
import { contentOf } from './fault-card.ts';
import { inSnapshot, openSealed } from './fault-store.ts';
import type { TestStation } from './station.ts';

/** What the checks remember between rounds. */
export interface CustodyMemory {
  /** SOP Instance UID to the hashes of the object and the pixel stream that were once built for it. */
  readonly objects: Map<string, string>;
}

export interface CustodyScene {
  readonly station: TestStation;
  readonly key: Uint8Array;
  readonly cards: readonly FaultCard[];
  readonly archive: { held(): Promise<readonly Archived[]> };
  readonly commitmentOffered: boolean;
  readonly memory: CustodyMemory;
}

interface ItemRow {
  id: string;
  docking_id: string;
  root: string;
  path: string;
  stage: string;
  on_medium: string;
  group_key: string;
  sha256: string | null;
  sealed_name: string | null;
  sealed_key: Uint8Array | null;
  shredded_at: number | null;
  sop_instance_uid: string | null;
  pixel_sha256: string | null;
  capture_stage: string | null;
  /** 1 when its erasing was ordered while its capture was rejected, whatever became of the capture later. */
  erased_rejected: number;
  instance_state: string | null;
  evidence: string;
  /** Stage of the capture in the moment of erasing; null when nothing was erased. */
  erased_as: string | null;
}

interface InstanceRow {
  id: string;
  capture_id: string;
  sop_instance_uid: string;
  state: string;
  object_sha256: string | null;
  pixel_sha256: string | null;
  sealed_name: string | null;
  sealed_key: Uint8Array | null;
}

/** One instance that an archive really holds, or (a hostile one) once held. */
export interface Archived {
  readonly sopInstanceUid: string;
  /** Of the stream as it came, and without a padding byte. */
  readonly hashes: readonly string[];
  /** What a hostile archive did to it on its own: kept other pixels than it was sent, or lost it after it had shown it. */
  readonly fault?: 'changed' | 'lost';
}

/**
 * The four invariants of custody, looked at from outside while the station runs: the medium itself, the sealed files opened
 * by the store's key, the archive's own answers. Answers every violation in words; empty is right.
 */
export async function custodyViolations(scene: CustodyScene): Promise<string[]> {
  for (let look = 1; ; look++) {
    const shredded = await shreddedCount(scene);
    const violations = await lookOnce(scene);
    // A file that the snapshot knew may have been shredded before it was opened: then all is looked at again.
    if (violations.length === 0 || look === 20 || (await shreddedCount(scene)) === shredded) return violations;
  }
}

const shreddedCount = (scene: CustodyScene) =>
  inSnapshot(scene.station.dataDir, scene.key, async (index) => {
    const row = await index.get<{ count: number }>(
      'SELECT (SELECT count(*) FROM item WHERE shredded_at IS NOT NULL) + (SELECT count(*) FROM capture WHERE shredded_at IS NOT NULL) AS count',
    );
    return row?.count ?? 0;
  });

async function lookOnce(scene: CustodyScene): Promise<string[]> {
  // In this order, because the station goes on meanwhile: what the archive holds and what is gone from the medium must be known to a
  // snapshot that is taken later, and what the snapshot calls confirmed must be held by the archive later still.
  const heldBefore = await scene.archive.held();
  const media: Media = new Map();
  for (const card of scene.cards) media.set(card, await (card.device?.content() ?? contentOf(card.truth ?? card.root)));
  const { items, instances, held } = await inSnapshot(scene.station.dataDir, scene.key, async (index) => ({
    items: await index.all<ItemRow>(ITEMS),
    instances: await index.all<InstanceRow>('SELECT * FROM instance'),
    held: await heldStays(index),
  }));
  const archived = await scene.archive.held();
  const complaints = await Promise.all(scene.cards.map(async (card) => (await card.device?.complaints()) ?? []));
  return [
    ...complaints.flat().map((what) => `b: a device was asked for what nobody may ask: ${what}`),
    ...bytesExist(scene, media, items, instances, archived),
    ...held,
    ...provenHasEvidence(items),
    ...absentHasEvidence(scene, media, items),
    ...absentIsGone(scene, media, items),
    ...groupsLeaveTogether(items),
    ...archiveIsUnique(scene, items, instances, heldBefore),
    ...(await booksBalance(scene.station)),
  ];
}

/** What lies on each card now: relative path to SHA-256. */
type Media = Map<FaultCard, Map<string, string>>;

const LATEST = (kind: string, subject: string) =>
  `'${kind}', (SELECT e.ok FROM evidence e WHERE e.${subject} AND e.kind = '${kind}' ORDER BY e.id DESC LIMIT 1)`;

const ITEMS = `
  SELECT i.id, i.docking_id, d.root, i.path, i.stage, i.on_medium, i.group_key, i.sha256, i.sealed_name, i.sealed_key, i.shredded_at, n.sop_instance_uid, n.pixel_sha256, o.stage AS capture_stage, n.state AS instance_state,
         EXISTS (SELECT 1 FROM audit r WHERE r.action = 'rejected' AND r.subject = o.id AND r.at <= i.erase_ordered_at AND NOT EXISTS
                   (SELECT 1 FROM audit u WHERE u.action = 'restored' AND u.subject = o.id AND u.line > r.line AND u.at < i.erase_ordered_at))
           AS erased_rejected,
         json_object(${LATEST('source-hash', 'item_id = i.id')}, ${LATEST('second-read', 'item_id = i.id')},
                     ${LATEST('unsealed-hash', 'item_id = i.id')}, ${LATEST('checked-absent', 'item_id = i.id')}, ${LATEST('store-status', 'capture_id = o.id')},
                     ${LATEST('commitment', 'capture_id = o.id')}, ${LATEST('read-back', 'capture_id = o.id')}) AS evidence,
         (SELECT json_extract(e.facts, '$.ground') FROM evidence e WHERE e.item_id = i.id AND e.kind = 'erased' ORDER BY e.id DESC LIMIT 1) AS erased_as
  FROM item i JOIN docking d ON d.id = i.docking_id
  LEFT JOIN capture c ON c.id = i.capture_id LEFT JOIN capture o ON o.id = coalesce(c.duplicate_of, c.id)
  LEFT JOIN instance n ON n.capture_id = o.id`;

/** (a) The exact bytes of every item ever listed exist: on the medium, sealed, or as a confirmed record in the archive. */
function bytesExist(
  scene: CustodyScene,
  media: Media,
  items: readonly ItemRow[],
  instances: readonly InstanceRow[],
  archived: readonly Archived[],
): string[] {
  const violations: string[] = [];
  const sealed = new Map<ItemRow, string | null>();
  for (const item of items) {
    if (item.sealed_name === null || item.sealed_key === null) continue;
    const opened = openSealed(scene.station.dataDir, item.id, item.sealed_name, item.sealed_key);
    sealed.set(item, opened?.sha256 ?? null);
  }
  const quarantine = new Set(sealed.values());
  for (const item of items) {
    const cards = scene.cards.filter((card) => card.root === item.root);
    if (item.stage === 'unreadable' && cards.some((card) => isFaulty(card, item.path))) continue;
    const originals = cards.flatMap(
      (card) => card.device?.originalsOf(item.path) ?? card.original.get(item.path) ?? [],
    );
    const original = originals.find((hash) => hash === item.sha256) ?? originals[0];
    if (original === undefined) {
      violations.push(`a: an item was listed that never was on its medium: ${item.path}`);
      continue;
    }
    const copy = sealed.get(item);
    if (copy !== undefined && copy !== original) {
      violations.push(`a: the sealed copy of ${item.path} (${item.stage}) is ${copy ? 'other bytes' : 'not there'}`);
    }
    // What was pulled before it was read may have been sealed at a later docking.
    const onMedium = cards.some((card) =>
      card.device ? [...media.get(card)!.values()].includes(original) : media.get(card)?.get(item.path) === original,
    );
    if (onMedium || quarantine.has(original)) continue;
    if (item.shredded_at === null) violations.push(`a: the bytes of ${item.path} exist nowhere`);
    else if (!isHeld(archived, item)) violations.push(`a: ${item.path} was shredded and the archive does not hold it`);
  }
  for (const instance of instances) {
    const held = archived.find((one) => one.sopInstanceUid === instance.sop_instance_uid);
    if (instance.state === 'confirmed' && !held?.hashes.includes(instance.pixel_sha256 ?? '')) {
      violations.push(`a: ${instance.sop_instance_uid} is called confirmed and the archive does not hold its pixels`);
    }
    if (instance.state === 'planned') continue;
    if (instance.sealed_key === null) {
      if (!isHeld(archived, instance))
        violations.push(`a: the object ${instance.id} was shredded and the archive does not hold it`);
      continue;
    }
    const object = openSealed(scene.station.dataDir, instance.id, instance.sealed_name!, instance.sealed_key);
    if (object?.sha256 !== instance.object_sha256) violations.push(`a: the object ${instance.id} does not open`);
  }
  return violations;
}

function isFaulty({ device, faulty }: FaultCard, name: string): boolean {
  return faulty?.has(name) === true || device?.isFaulty(name) === true;
}

/** The archive holds its pixels; or held them when it was last asked, and lost them on its own. */
function isHeld(
  archived: readonly Archived[],
  { sop_instance_uid, pixel_sha256 }: Pick<ItemRow, 'sop_instance_uid' | 'pixel_sha256'>,
): boolean {
  const held = archived.find((one) => one.sopInstanceUid === sop_instance_uid);
  return held !== undefined && (held.fault === 'lost' || held.hashes.includes(pixel_sha256 ?? ''));
}

interface HoldRow {
  id: string;
  docking_id: string | null;
  capture_id: string | null;
}
interface PeopleLine {
  line: number;
  action: 'hold-placed' | 'hold-lifted' | 'erased' | 'shredded';
  subject: string;
  hold: string | null;
}
interface HoldableItem {
  id: string;
  docking_id: string;
  capture_id: string | null;
  original_id: string | null;
  sha256: string | null;
}

/**
 * (b) Nothing was erased or shredded between the placing and the lifting of a hold that covers it: by itself, by equal bytes, or
 * with its group. By the order of the audit lines, because clocks may leap.
 */
export async function heldStays(index: Connection): Promise<string[]> {
  const holds = await index.all<HoldRow>('SELECT id, docking_id, capture_id FROM hold');
  if (holds.length === 0) return [];
  const items = await index.all<HoldableItem>(
    `SELECT i.id, i.docking_id, i.capture_id, coalesce(c.duplicate_of, c.id) AS original_id, i.sha256
     FROM item i LEFT JOIN capture c ON c.id = i.capture_id`,
  );
  const lines = await index.all<PeopleLine>(
    `SELECT line, action, subject, json_extract(facts, '$.hold') AS hold FROM audit
     WHERE action IN ('hold-placed', 'hold-lifted', 'erased', 'shredded') ORDER BY line`,
  );
  return holds.flatMap((hold) => {
    const placed = lines.find((one) => one.action === 'hold-placed' && one.hold === hold.id)?.line ?? 0;
    const lifted = lines.find((one) => one.action === 'hold-lifted' && one.hold === hold.id)?.line ?? Infinity;
    const on = items.filter((item) => item.docking_id === hold.docking_id || item.capture_id === hold.capture_id);
    const content = new Set(on.flatMap((item) => item.sha256 ?? []));
    const same = items.filter((item) => on.includes(item) || (item.sha256 !== null && content.has(item.sha256)));
    const captures = new Set(same.flatMap((item) => item.capture_id ?? []));
    const held = new Set(
      items.filter((item) => captures.has(item.capture_id ?? '')).flatMap((item) => [item.id, item.original_id]),
    );
    return lines
      .filter((one) => (one.action === 'erased' || one.action === 'shredded') && held.has(one.subject))
      .filter((one) => one.line > placed && one.line < lifted)
      .map((one) => `b: ${one.subject} was ${one.action} in line ${one.line}, and held since line ${placed}`);
  });
}

/** (b) Nothing is absent from a medium without full evidence. */
function absentHasEvidence(scene: CustodyScene, media: Media, items: readonly ItemRow[]): string[] {
  const violations: string[] = [];
  for (const card of scene.cards) {
    const content = media.get(card)!;
    for (const [name, original] of card.original) {
      if (content.get(name) === original || card.faulty?.has(name)) continue;
      if (content.has(name)) violations.push(`b: ${name} was changed on its medium`);
      const isMeant = (item: ItemRow) => (card.device ? item.sha256 === original : item.path === name);
      const rows = items.filter((item) => item.root === card.root && isMeant(item));
      if (!rows.some((row) => hasFullEvidence(row, original, scene.commitmentOffered))) {
        const shown = rows.map(({ sealed_key: _key, ...row }) => row);
        violations.push(`b: ${name} is gone and its evidence is ${JSON.stringify(shown)}`);
      }
    }
    for (const name of content.keys())
      if (!card.original.has(name) && !card.faulty?.has(name)) violations.push(`b: ${name} was put on the medium`);
  }
  return violations;
}

/** (b) Nothing is called absent that was not looked for; nor what a device has: it was looked for in another session than it was erased in. */
function absentIsGone(scene: CustodyScene, media: Media, items: readonly ItemRow[]): string[] {
  const there = scene.cards.flatMap((card) => (card.device ? [{ root: card.root, content: media.get(card)! }] : []));
  return items
    .filter((row) => row.on_medium === 'absent')
    .flatMap((row) => {
      const isThere = there.some(
        ({ root, content }) => root === row.root && [...content.values()].includes(row.sha256 ?? ''),
      );
      if (isThere) return [`b: ${row.path} is called absent and is on its device`];
      return hasEvidence(row, ['checked-absent']) ? [] : [`b: ${row.path} is called absent and nobody looked for it`];
    });
}

const PROOF_OF_BYTES = ['source-hash', 'second-read', 'unsealed-hash'];

function hasEvidence(row: ItemRow, demanded: readonly string[]): boolean {
  const evidence = JSON.parse(row.evidence) as Record<string, number | null>;
  return demanded.every((kind) => evidence[kind] === 1);
}

function hasFullEvidence(row: ItemRow, original: string, commitmentOffered: boolean): boolean {
  if (row.sha256 !== original || row.stage !== 'proven' || !hasEvidence(row, PROOF_OF_BYTES)) return false;
  // What a person rejected may leave the medium by policy, and be taken back afterwards: its bytes stay sealed, which (a) looks at.
  if (row.capture_stage === 'rejected' || row.erased_as === 'rejected' || row.erased_rejected === 1) return true;
  if (row.capture_stage !== 'confirmed' || row.instance_state !== 'confirmed') return false;
  return hasEvidence(row, ['store-status', 'read-back', ...(commitmentOffered ? ['commitment'] : [])]);
}

/** (b) Nothing is called proven without the three hashes that prove it, at any moment. */
function provenHasEvidence(items: readonly ItemRow[]): string[] {
  return items
    .filter((row) => row.stage === 'proven' && !hasEvidence(row, PROOF_OF_BYTES))
    .map((row) => `b: ${row.path} is called proven and its evidence is ${row.evidence}`);
}

/** (b) RAW and JPEG, picture and sidecar leave together: nobody stays behind by the gate's word when another has gone. */
function groupsLeaveTogether(items: readonly ItemRow[]): string[] {
  const groups = Map.groupBy(items, (row) => `${row.docking_id} ${row.group_key}`);
  return [...groups.values()].flatMap((group) => {
    const gone = group.filter((row) => row.on_medium === 'absent');
    const stayed = group.filter((row) => row.on_medium === 'kept' || row.on_medium === 'present');
    if (gone.length === 0 || stayed.length === 0) return [];
    return [`b: ${gone[0]!.path} was erased and ${stayed[0]!.path} of its group was not`];
  });
}

/** (c) No SOP Instance with two contents, no capture twice in the archive. Every picture of the bench has other pixels. */
function archiveIsUnique(
  scene: CustodyScene,
  items: readonly ItemRow[],
  instances: readonly InstanceRow[],
  archived: readonly Archived[],
): string[] {
  const violations: string[] = [];
  for (const instance of instances) {
    if (instance.state === 'planned') continue;
    const built = `${instance.capture_id} ${instance.object_sha256} ${instance.pixel_sha256}`;
    const before = scene.memory.objects.get(instance.sop_instance_uid) ?? built;
    scene.memory.objects.set(instance.sop_instance_uid, before);
    if (before !== built) violations.push(`c: ${instance.sop_instance_uid} was ${before} and is ${built}`);
  }
  for (const one of archived) {
    const instance = instances.find((row) => row.sop_instance_uid === one.sopInstanceUid);
    if (!instance) violations.push(`c: the archive holds ${one.sopInstanceUid}, which the station does not know`);
    else if (one.fault !== 'changed' && !one.hashes.includes(instance.pixel_sha256 ?? ''))
      violations.push(`c: the archive holds other pixels under ${one.sopInstanceUid} (${instance.state})`);
  }
  // Two files of other bytes may be the same picture to look at (two damaged ones, two black ones): then they are two captures.
  const made = Map.groupBy(items, (item) => item.sop_instance_uid);
  const sourcesOf = (uid: string) => (made.get(uid) ?? []).map((item) => item.sha256);
  for (const same of Map.groupBy(archived, (one) => one.hashes[0]!).values())
    for (const [at, one] of same.entries())
      for (const other of same.slice(at + 1))
        if (sourcesOf(one.sopInstanceUid).some((hash) => sourcesOf(other.sopInstanceUid).includes(hash)))
          violations.push(`c: the archive holds a capture twice: ${one.sopInstanceUid}, ${other.sopInstanceUid}`);
  return violations;
}

/** (d) Every docking's custody equation adds up, and the audit chain is whole. */
async function booksBalance(station: TestStation): Promise<string[]> {
  const violations: string[] = [];
  const { dockings } = await station.call('dockings.list', {});
  for (const { id, equation, onMedium } of dockings) {
    const { listed, ...ends } = equation;
    const total = Object.values(ends).reduce((sum, count) => sum + count, 0);
    const there = Object.values(onMedium).reduce((sum, count) => sum + count, 0);
    if (total !== listed) violations.push(`d: docking ${id} does not add up: ${JSON.stringify(equation)}`);
    if (there !== listed)
      violations.push(`d: docking ${id} does not account for its medium: ${JSON.stringify(onMedium)}`);
  }
  const audit = await station.call('audit.verify', {});
  if (!audit.ok) violations.push(`d: the audit chain breaks at line ${audit.firstBadLine}`);
  return violations;
}
