import type { StoredInspection } from '../intake/index.ts';
import { errorCode } from '../../../shared/domain/errors.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';
import type { Laterality } from '../../../shared/domain/terminology.ts';
import type { WorklistCode, WorklistEntry } from '../../../shared/domain/worklist.ts';
import { appendAudit } from '../audit/index.ts';
import type { StationConfig } from '../config/index.ts';
import type { Imaging, ItemKind, PreparedRecord } from '../imaging/index.ts';
import { imageSource } from '../image-source.ts';
import type { Step } from '../scheduler.ts';
import { openContent } from '../sealed-content.ts';
import type { IndexStore, SealedStore } from '../store/index.ts';
import { VERSION } from '../version.ts';
import { dueTimes, IS_DUE, nextAttemptAt } from './backoff.ts';
import type { InstanceInput, JpegRecord } from './dicom/index.ts';
import { buildInstance, jpegBaseline } from './dicom/index.ts';
import { opticsText } from './optics-text.ts';

interface PlannedRow {
  id: string;
  attempts: number;
  state: string;
  capture_id: string;
  sop_instance_uid: string;
  study_instance_uid: string;
  series_instance_uid: string;
  instance_number: number;
  series_number: number;
  series_created_at: number;
  inspection: string;
  worklist_entry: string;
  region_scheme: string;
  region_code: string;
  region_meaning: string;
  laterality: Laterality;
  view: string | null;
  burned_in: number;
  recognizable: number;
  filed_at: number;
  operator: string;
  item_id: string;
  medium_kind: MediumKind;
  maker: string | null;
  model: string | null;
  serial: string | null;
  shot: string | null;
  modified_at: number;
  kind: ItemKind;
  sha256: string;
  sealed_name: string;
  sealed_key: Uint8Array;
}

export interface BuildOptions {
  readonly store: IndexStore;
  readonly sealed: SealedStore;
  readonly imaging: Imaging;
  readonly station: StationConfig['station'];
  readonly onChange: () => void;
}

/** UTC offset of the station's clock at a moment, as DICOM writes it: `+0100`. */
function offsetAt(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}${two(Math.abs(minutes) % 60)}`;
}

function localDateTime(at: number): { date: string; time: string } {
  const moment = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${moment.getFullYear()}${two(moment.getMonth() + 1)}${two(moment.getDate())}`,
    time: `${two(moment.getHours())}${two(moment.getMinutes())}${two(moment.getSeconds())}`,
  };
}

const COLOR_SPACES = { srgb: 'SRGB', 'adobe-rgb': 'ADOBERGB', unknown: null } as const;

function toRecord(prepared: PreparedRecord): JpegRecord {
  const { derivation } = prepared;
  return {
    jpeg: prepared.jpeg,
    width: prepared.width,
    height: prepared.height,
    components: prepared.components === 1 ? 1 : 3,
    photometric: prepared.photometric,
    iccProfile: prepared.iccProfile,
    colorSpace: COLOR_SPACES[prepared.colorSpace],
    derivation:
      derivation === 'none'
        ? 'none'
        : {
            method: derivation.method,
            description: derivation.description,
            lossyPrevious: derivation.lossyPrevious
              ? { method: derivation.method === 'heic-to-jpeg' ? 'ISO_23008_2' : 'ISO_10918_1', ratio: null }
              : null,
          },
  };
}

/**
 * Codes of registered schemes travel with the picture. Codes of private schemes (designators that begin with 99, PS3.16 8.2)
 * mean nothing without the site that made them, and validators call them unrecognized: their words are in the descriptions,
 * and the step's own identifiers lead back to the order.
 */
const toConcepts = (codes: readonly WorklistCode[]) =>
  codes
    .filter((code) => !code.scheme.startsWith('99'))
    .map((code) => ({ scheme: code.scheme, code: code.value, meaning: code.meaning ?? code.value }));

const FAMILY_FIRST = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u;

/** People write their names as they say them; DICOM wants `Family^Given` (PS3.5 6.2.1), 64 characters, and without its own signs. */
function operatorName(displayName: string): string {
  const words = displayName
    .replace(/[\\^=\p{Cc}]/gu, ' ')
    .trim()
    .split(/\s+/u);
  const family = (FAMILY_FIRST.test(displayName) ? words.shift() : words.pop()) ?? '';
  return [family, words.join(' ')].filter(Boolean).join('^').slice(0, 64);
}

const sexOf = (sex: string | null) => (sex === 'M' || sex === 'F' || sex === 'O' ? sex : null);

function toInput(row: PlannedRow, record: JpegRecord, station: StationConfig['station']): InstanceInput {
  const entry = JSON.parse(row.worklist_entry) as WorklistEntry;
  const inspection = JSON.parse(row.inspection) as StoredInspection;
  // A picture of a live camera came into being at this station, the moment it was taken.
  const isLive = row.medium_kind === 'dermatoscope';
  const contentAt = isLive ? row.modified_at : row.filed_at;
  return {
    record,
    uids: { study: row.study_instance_uid, series: row.series_instance_uid, instance: row.sop_instance_uid },
    patient: {
      name: entry.patient.name,
      id: entry.patient.id,
      issuer: entry.patient.issuer,
      birthDate: entry.patient.birthDate,
      sex: sexOf(entry.patient.sex),
    },
    request: {
      accessionNumber: entry.accessionNumber,
      requestedProcedureId: entry.requestedProcedureId,
      scheduledProcedureStepId: entry.scheduledProcedureStepId,
      requestedProcedureDescription: entry.requestedProcedureDescription,
      scheduledProcedureStepDescription: entry.scheduledProcedureStepDescription,
      procedureCodes: toConcepts(entry.requestedProcedureCodes),
      protocolCodes: toConcepts(entry.scheduledProtocolCodes),
      referringPhysicianName: entry.referringPhysicianName,
      admissionId: entry.admissionId,
      studyId: entry.requestedProcedureId,
      studyStart: entry.scheduledStart
        ? { date: entry.scheduledStart.date, time: entry.scheduledStart.time || null }
        : null,
    },
    filing: {
      region: { scheme: row.region_scheme, code: row.region_code, meaning: row.region_meaning },
      laterality: row.laterality,
      view: row.view,
      burnedIn: row.burned_in === 1,
      recognizable: row.recognizable === 1,
      operator: operatorName(row.operator),
    },
    acquisition: {
      capturedAt: inspection.capturedAt,
      camera: isLive ? deviceOf(row, inspection.camera) : inspection.camera,
      exposure: inspection.exposure,
      context: isLive ? opticsText(row.shot) : null,
    },
    series: { number: row.series_number, description: row.view, ...localDateTime(row.series_created_at) },
    instanceNumber: row.instance_number,
    station: {
      name: station.name,
      institution: station.institution || null,
      department: station.department || null,
      manufacturer: 'Photodock',
      softwareVersion: VERSION,
      timezoneOffset: offsetAt(contentAt),
    },
    contentAt,
  };
}

/** The picture of a live camera tells nothing of it: what the register knows of the device takes its place. */
function deviceOf(
  { maker, model, serial }: Pick<PlannedRow, 'maker' | 'model' | 'serial'>,
  told: StoredInspection['camera'],
): StoredInspection['camera'] {
  return { ...told, make: told.make ?? maker, model: told.model ?? model, serial: told.serial ?? serial };
}

/**
 * Builds the DICOM object of a filed capture, once: the UID was fixed when it was filed, the bytes are sealed here and
 * are what every later try sends.
 */
export function buildStep(options: BuildOptions): Step {
  const { store, sealed, imaging, onChange } = options;
  return {
    name: 'build',
    concurrency: 2,
    find: async (limit) =>
      (
        await store.read.all<{ id: string }>(
          `SELECT id FROM instance WHERE state = 'planned' AND ${IS_DUE} ORDER BY created_at LIMIT ?`,
          [...dueTimes(), limit],
        )
      ).map((row) => row.id),
    async run(id, signal) {
      const row = await store.read.get<PlannedRow>(
        `SELECT n.*, s.number AS series_number, s.created_at AS series_created_at, c.inspection, c.worklist_entry,
                c.region_scheme, c.region_code, c.region_meaning, c.laterality, c.view, c.burned_in, c.recognizable, c.filed_at,
                p.display_name AS operator, i.id AS item_id, i.kind, i.sha256, i.sealed_name, i.sealed_key,
                i.shot, i.modified_at, m.kind AS medium_kind, m.maker, m.model, m.serial
         FROM instance n
         JOIN capture c ON c.id = n.capture_id
         JOIN series s ON s.series_instance_uid = n.series_instance_uid
         JOIN person p ON p.id = c.filed_by
         JOIN item i ON i.id = c.primary_item_id
         JOIN docking d ON d.id = i.docking_id
         JOIN medium m ON m.id = d.medium_id
         WHERE n.id = ?`,
        [id],
      );
      if (!row || row.state !== 'planned') return;
      try {
        const picture = { id: row.item_id, name: row.sealed_name, key: row.sealed_key };
        const bytes = await openContent(store, sealed, picture, row.sha256);
        const prepared = await imaging.prepareRecord(imageSource(row.kind, bytes), signal);
        const built = buildInstance(toInput(row, toRecord(prepared), options.station));
        const ref = sealed.plan(row.id);
        const { sha256: objectSha256 } = await sealed.sealBytes(ref, built.bytes);
        await store.write(async (tx) => {
          await tx.run(
            `UPDATE instance SET state = 'built', state_at = ?, transfer_syntax_uid = ?, derivation = ?, object_sha256 = ?,
                    object_bytes = ?, pixel_sha256 = ?, pixel_length = ?, sealed_name = ?, sealed_key = ?, attempts = 0,
                    last_code = NULL WHERE id = ? AND state = 'planned'`,
            [
              Date.now(),
              jpegBaseline,
              prepared.derivation === 'none' ? null : prepared.derivation.method,
              objectSha256,
              built.bytes.length,
              built.pixelSha256,
              built.pixelLength,
              ref.name,
              ref.key,
              row.id,
            ],
          );
          await appendAudit(tx, {
            person: null,
            action: 'built',
            subject: row.sop_instance_uid,
            facts: { pixelSha256: built.pixelSha256, steps: prepared.steps.join(', ') },
          });
        });
      } catch (error) {
        if (signal.aborted) return;
        await store.write(async (tx) => {
          await tx.run('UPDATE instance SET attempts = ?, last_code = ?, next_attempt_at = ? WHERE id = ?', [
            row.attempts + 1,
            errorCode(error),
            nextAttemptAt(row.attempts + 1),
            row.id,
          ]);
        });
      }
      onChange();
    },
  };
}
