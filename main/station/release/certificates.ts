import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { addsUp, custodyEquation } from '../../../shared/domain/custody.ts';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import { isDevice } from '../../../shared/domain/media.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';
import type { CaptureStage, ItemStage, OnMedium } from '../../../shared/domain/stages.ts';
import { appendAudit } from '../audit/index.ts';
import type { Policy, StationConfig } from '../config/index.ts';
import type { IndexStore } from '../store/index.ts';
import { VERSION } from '../version.ts';
import type { CertificateElement } from './certificate-format.ts';
import { FORMAT, verifyCertificate, writeCertificate } from './certificate-format.ts';
import { whatErasedMeans } from './what-erased-means.ts';

interface DockingRow {
  id: string;
  medium_id: string;
  kind: MediumKind;
  label: string;
  filesystem: string | null;
  size_bytes: number | null;
  maker: string | null;
  model: string | null;
  serial: string | null;
  firmware: string | null;
  started_at: number;
  ended_at: number | null;
  listed_at: number | null;
}

interface ItemRow {
  id: string;
  path: string;
  size: number;
  modified_at: number;
  kind: string | null;
  stage: ItemStage;
  code: string | null;
  on_medium: OnMedium;
  kept_because: string;
  sha256: string | null;
  second_sha256: string | null;
  second_read_how: string | null;
  unsealed_sha256: string | null;
  unlinked_at: number | null;
  absent_at: number | null;
  capture_id: string | null;
  capture_stage: CaptureStage | null;
  duplicate_of: string | null;
  original_id: string | null;
  rejected_reason: string | null;
  sop_instance_uid: string | null;
  derivation: string | null;
  pixel_sha256: string | null;
  instance_state: string | null;
}

interface EvidenceRow {
  item_id: string | null;
  capture_id: string | null;
  kind: string;
  ok: number;
  at: number;
  facts: string;
}

export class CertificateError extends PhotodockError {}

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** The signed account of one docking: every item, its evidence, its end. */
export class Certificates {
  readonly #store: IndexStore;
  readonly #station: StationConfig['station'];
  readonly #policy: Policy;
  readonly #archiveName: string;
  readonly #privateKey: KeyObject;

  /** @param privateKey the station's Ed25519 key */
  constructor(store: IndexStore, config: StationConfig, privateKey: KeyObject) {
    this.#store = store;
    this.#station = config.station;
    this.#policy = config.policy;
    this.#archiveName = config.archive.name;
    this.#privateKey = privateKey;
  }

  /**
   * The certificate of a docking as it stands now. As long as nothing changed, the one already issued is given again.
   * @throws CertificateError `no-such-docking`, `still-reading`
   */
  async issue(dockingId: string): Promise<{ text: string; issuedAt: number }> {
    const content = await this.#content(dockingId);
    const known = await this.#store.read.get<{ issued_at: number; text: string }>(
      'SELECT issued_at, text FROM certificate WHERE docking_id = ?',
      [dockingId],
    );
    if (known) {
      const verdict = verifyCertificate(known.text);
      const same =
        verdict.ok && JSON.stringify(content(known.issued_at, null)) === JSON.stringify(withoutAudit(verdict.elements));
      if (same) return { text: known.text, issuedAt: known.issued_at };
    }
    const issuedAt = Date.now();
    // In one transaction: no line can come between the head that the certificate names and the certificate's own line.
    const text = await this.#store.write(async (tx) => {
      const head = await tx.get<{ line: number; hash: string }>(
        'SELECT line, hash FROM audit ORDER BY line DESC LIMIT 1',
      );
      const written = writeCertificate(content(issuedAt, head ?? null), this.#privateKey);
      await tx.run('INSERT OR REPLACE INTO certificate (docking_id, issued_at, text) VALUES (?, ?, ?)', [
        dockingId,
        issuedAt,
        written,
      ]);
      const sha256 = createHash('sha256').update(written).digest('hex');
      await appendAudit(tx, { person: null, action: 'certificate', subject: dockingId, facts: { sha256 } });
      return written;
    });
    return { text, issuedAt };
  }

  async #content(
    dockingId: string,
  ): Promise<(issuedAt: number, audit: { line: number; hash: string } | null) => CertificateElement[]> {
    const reader = this.#store.read;
    const docking = await reader.get<DockingRow>(
      `SELECT d.*, m.kind, m.label, m.filesystem, m.size_bytes, m.maker, m.model, m.serial, m.firmware
       FROM docking d JOIN medium m ON m.id = d.medium_id WHERE d.id = ?`,
      [dockingId],
    );
    if (!docking) throw new CertificateError('no-such-docking', 'there is no such docking');
    if (docking.listed_at === null) throw new CertificateError('still-reading', 'the medium is still being listed');
    const items = await reader.all<ItemRow>(
      `SELECT i.*, c.stage AS capture_stage, c.duplicate_of, o.id AS original_id, o.rejected_reason,
              n.sop_instance_uid, n.derivation, n.pixel_sha256, n.state AS instance_state
       FROM item i LEFT JOIN capture c ON c.id = i.capture_id
       LEFT JOIN capture o ON o.id = coalesce(c.duplicate_of, c.id)
       LEFT JOIN instance n ON n.capture_id = o.id
       WHERE i.docking_id = ? ORDER BY i.position`,
      [dockingId],
    );
    const evidence = await reader.all<EvidenceRow>(
      `SELECT e.* FROM evidence e WHERE e.item_id IN (SELECT id FROM item WHERE docking_id = ?)
         OR e.capture_id IN (SELECT coalesce(duplicate_of, id) FROM capture WHERE docking_id = ?) ORDER BY e.id`,
      [dockingId, dockingId],
    );
    const byContent = Map.groupBy(items, (item) => item.sha256);
    const ofItem = Map.groupBy(evidence, (row) => row.item_id);
    const ofCapture = Map.groupBy(evidence, (row) => row.capture_id);
    const notFollowed = await reader.all<{ path: string; what: string }>(
      'SELECT path, what FROM not_followed WHERE docking_id = ? ORDER BY path',
      [dockingId],
    );
    const equation = custodyEquation(
      items.map((item) => ({ itemStage: item.stage, captureStage: item.capture_stage, count: 1 })),
    );
    const on = (state: OnMedium) => items.filter((item) => item.on_medium === state).length;
    const left = items.filter((item) => item.on_medium !== 'absent' && item.stage !== 'housekeeping');
    return (issuedAt, audit) => [
      {
        format: FORMAT,
        docking: docking.id,
        issuedAt: iso(issuedAt),
        station: {
          name: this.#station.name,
          department: this.#station.department,
          institution: this.#station.institution,
        },
        software: `Photodock ${VERSION}`,
        medium: {
          id: docking.medium_id,
          kind: docking.kind,
          label: docking.label,
          filesystem: docking.filesystem,
          bytes: docking.size_bytes,
          ...(isDevice(docking.kind)
            ? { maker: docking.maker, model: docking.model, serial: docking.serial, firmware: docking.firmware }
            : {}),
        },
        dockedAt: iso(docking.started_at),
        undockedAt: iso(docking.ended_at),
        archive: this.#archiveName,
        policy: { ...this.#policy },
        means: whatErasedMeans(docking),
        auditHead: audit ? { line: audit.line, hash: audit.hash } : null,
      },
      ...items.map((item, index) =>
        this.#itemElement(
          item,
          index + 1,
          ofItem.get(item.id) ?? [],
          ofCapture.get(item.original_id) ?? [],
          (item.sha256 === null ? [] : (byContent.get(item.sha256) ?? [])).filter((other) => other !== item),
        ),
      ),
      ...notFollowed.map((entry) => ({ notFollowed: entry.path, what: entry.what })),
      {
        equation: { ...equation },
        addsUp: addsUp(equation),
        onMedium: {
          present: on('present') + on('erasing'),
          absent: on('absent'),
          kept: on('kept'),
          eraseUnverified: on('erase-unverified'),
        },
        clear: left.length === 0 && notFollowed.length === 0,
      },
    ];
  }

  #itemElement(
    item: ItemRow,
    number: number,
    own: readonly EvidenceRow[],
    ofCapture: readonly EvidenceRow[],
    twins: readonly ItemRow[],
  ): CertificateElement {
    const latest = (rows: readonly EvidenceRow[], kind: string) => {
      const row = rows.findLast((one) => one.kind === kind);
      return row ? { ok: row.ok === 1, at: iso(row.at), ...(JSON.parse(row.facts) as Record<string, unknown>) } : null;
    };
    const kept = JSON.parse(item.kept_because) as string[];
    const retained = item.sha256 !== null && item.derivation !== null;
    return {
      item: number,
      file: item.path,
      bytes: item.size,
      modifiedAt: iso(item.modified_at),
      kind: item.kind,
      end: endOf(item),
      because: kept,
      stage: item.stage,
      code: item.code,
      capture: item.capture_id,
      captureStage: item.capture_stage,
      rejected: item.rejected_reason,
      sameContentAs: item.duplicate_of,
      sealed: item.sha256 === null ? null : { sha256: item.sha256 },
      secondRead: item.second_sha256 === null ? null : { sha256: item.second_sha256, how: item.second_read_how },
      unsealed: item.unsealed_sha256 === null ? null : { sha256: item.unsealed_sha256 },
      record:
        item.sop_instance_uid === null
          ? null
          : {
              sopInstanceUid: item.sop_instance_uid,
              derivation: item.derivation,
              pixelSha256: item.pixel_sha256,
              store: latest(ofCapture, 'store-status'),
              commitment: latest(ofCapture, 'commitment'),
              readBack: latest(ofCapture, 'read-back'),
            },
      originalStaysSealedForDays: retained || item.capture_stage === 'rejected' ? this.#policy.retentionDays : null,
      erasedAt: iso(item.unlinked_at),
      // Copies and hard links: deleting one name leaves the content under the others.
      sameContentStillAt: twins.filter((twin) => twin.on_medium !== 'absent').map((twin) => twin.path),
      checkedAbsent: latest(own, 'checked-absent'),
    };
  }
}

/** What was sent by a live camera's window was never on a medium: it is absent, and nobody has erased it. */
function endOf(item: ItemRow): string {
  if (item.on_medium !== 'absent') return item.on_medium;
  return item.second_read_how === 'sender-hash' ? 'never-stored' : 'erased';
}

function withoutAudit(elements: readonly CertificateElement[]): CertificateElement[] {
  const [header, ...rest] = elements;
  return [{ ...header, auditHead: null }, ...rest];
}
