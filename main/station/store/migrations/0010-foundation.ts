import type { Connection } from '../driver.ts';

/** Everything one card's life needs: media, dockings, items, captures, instances, evidence, worklist, people, audit. */
export async function foundation(connection: Connection): Promise<void> {
  await connection.exec(`
    CREATE TABLE setting (
      name TEXT PRIMARY KEY,
      value BLOB NOT NULL
    ) STRICT;

    CREATE TABLE person (
      id TEXT PRIMARY KEY,
      login TEXT NOT NULL UNIQUE,
      display_name TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('staff', 'photographer', 'lead')),
      disabled INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE medium (
      id TEXT PRIMARY KEY,
      -- filesystem UUID, label and size (or, for a folder, device and inode): how the medium is known again
      identity TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      label TEXT NOT NULL,
      filesystem TEXT,
      size_bytes INTEGER,
      first_docked_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE docking (
      id TEXT PRIMARY KEY,
      medium_id TEXT NOT NULL REFERENCES medium(id),
      root TEXT NOT NULL,
      read_only INTEGER NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER,
      listed_at INTEGER,
      cancelled_at INTEGER,
      person_id TEXT REFERENCES person(id)
    ) STRICT;
    CREATE INDEX docking_open ON docking(ended_at) WHERE ended_at IS NULL;

    -- what is on the medium but is never followed: symlinks, device nodes, sockets, FIFOs
    CREATE TABLE not_followed (
      docking_id TEXT NOT NULL REFERENCES docking(id),
      path TEXT NOT NULL,
      what TEXT NOT NULL,
      PRIMARY KEY (docking_id, path)
    ) STRICT;

    CREATE TABLE capture (
      id TEXT PRIMARY KEY,
      docking_id TEXT NOT NULL REFERENCES docking(id),
      stage TEXT NOT NULL CHECK (stage IN ('unfiled', 'filed', 'delivered', 'confirmed', 'rejected')),
      kind TEXT NOT NULL,
      primary_item_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      captured_at TEXT,
      captured_offset TEXT,
      -- what imaging said of the primary item, as JSON (Inspection without its pictures)
      inspection TEXT,
      display TEXT NOT NULL CHECK (display IN ('ok', 'cannot')),
      display_reason TEXT,
      blurred INTEGER NOT NULL DEFAULT 0,
      -- content-identical capture docked before; this one follows its stage
      duplicate_of TEXT REFERENCES capture(id),
      -- filing: a copy of what was known at that moment, because worklist entries change
      worklist_item_id TEXT,
      worklist_entry TEXT,
      region_scheme TEXT,
      region_code TEXT,
      region_meaning TEXT,
      laterality TEXT,
      view TEXT,
      burned_in INTEGER,
      recognizable INTEGER,
      filed_by TEXT REFERENCES person(id),
      filed_at INTEGER,
      rejected_reason TEXT,
      rejected_by TEXT REFERENCES person(id),
      rejected_at INTEGER
    ) STRICT;
    CREATE INDEX capture_docking ON capture(docking_id);
    CREATE INDEX capture_stage ON capture(stage);
    CREATE INDEX capture_duplicate ON capture(duplicate_of) WHERE duplicate_of IS NOT NULL;

    CREATE TABLE item (
      id TEXT PRIMARY KEY,
      docking_id TEXT NOT NULL REFERENCES docking(id),
      position INTEGER NOT NULL,
      path TEXT NOT NULL,
      -- the name's exact bytes where they are not valid UTF-8
      path_bytes BLOB,
      size INTEGER NOT NULL,
      modified_at INTEGER NOT NULL,
      kind TEXT,
      stage TEXT NOT NULL CHECK (stage IN ('listed', 'sealed', 'proven', 'unreadable', 'housekeeping')),
      on_medium TEXT NOT NULL CHECK (on_medium IN ('present', 'erasing', 'absent', 'kept', 'erase-unverified')),
      kept_because TEXT NOT NULL DEFAULT '[]',
      code TEXT,
      group_key TEXT NOT NULL,
      capture_id TEXT REFERENCES capture(id),
      inspected_at INTEGER,
      inspection TEXT,
      sha256 TEXT,
      second_sha256 TEXT,
      second_read_how TEXT,
      unsealed_sha256 TEXT,
      -- the sealed file: random name, and the key that is the only way into it (erase the row = crypto-shred)
      sealed_name TEXT UNIQUE,
      sealed_key BLOB,
      erase_ordered_at INTEGER,
      erase_ordered_by TEXT REFERENCES person(id),
      unlinked_at INTEGER,
      absent_at INTEGER,
      UNIQUE (docking_id, path)
    ) STRICT;
    CREATE INDEX item_docking_stage ON item(docking_id, stage);
    CREATE INDEX item_stage ON item(stage) WHERE stage IN ('listed', 'sealed');
    CREATE INDEX item_group ON item(docking_id, group_key);
    CREATE INDEX item_capture ON item(capture_id);
    CREATE INDEX item_content ON item(sha256) WHERE sha256 IS NOT NULL;
    CREATE INDEX item_uninspected ON item(docking_id) WHERE stage = 'proven' AND inspected_at IS NULL;
    CREATE INDEX item_erasing ON item(docking_id) WHERE on_medium = 'erasing';

    CREATE TABLE thumbnail (
      item_id TEXT PRIMARY KEY REFERENCES item(id),
      media_type TEXT NOT NULL,
      bytes BLOB NOT NULL CHECK (length(bytes) <= 65536)
    ) STRICT;

    -- the DICOM object of one capture: built once, its UID and bytes never change afterwards
    CREATE TABLE instance (
      id TEXT PRIMARY KEY,
      capture_id TEXT NOT NULL UNIQUE REFERENCES capture(id),
      sop_instance_uid TEXT NOT NULL UNIQUE,
      sop_class_uid TEXT NOT NULL,
      study_instance_uid TEXT NOT NULL,
      series_instance_uid TEXT NOT NULL,
      instance_number INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('planned', 'built', 'stored', 'committed', 'confirmed')),
      transfer_syntax_uid TEXT,
      derivation TEXT,
      object_sha256 TEXT,
      object_bytes INTEGER,
      pixel_sha256 TEXT,
      pixel_length INTEGER,
      sealed_name TEXT UNIQUE,
      sealed_key BLOB,
      attempts INTEGER NOT NULL DEFAULT 0,
      next_attempt_at INTEGER NOT NULL DEFAULT 0,
      last_code TEXT,
      commitment_uid TEXT,
      created_at INTEGER NOT NULL,
      state_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX instance_pending ON instance(state, next_attempt_at) WHERE state != 'confirmed';

    -- one Series per docking and worklist entry
    CREATE TABLE series (
      series_instance_uid TEXT PRIMARY KEY,
      docking_id TEXT NOT NULL REFERENCES docking(id),
      study_instance_uid TEXT NOT NULL,
      step_id TEXT NOT NULL,
      number INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (docking_id, study_instance_uid, step_id)
    ) STRICT;

    -- asked for before the request leaves: the report may come before the answer to the request
    CREATE TABLE commitment (
      transaction_uid TEXT PRIMARY KEY,
      requested_at INTEGER NOT NULL,
      reported_at INTEGER,
      outcome TEXT
    ) STRICT;
    CREATE TABLE commitment_reference (
      transaction_uid TEXT NOT NULL REFERENCES commitment(transaction_uid),
      sop_instance_uid TEXT NOT NULL,
      PRIMARY KEY (transaction_uid, sop_instance_uid)
    ) STRICT;

    CREATE TABLE evidence (
      id INTEGER PRIMARY KEY,
      item_id TEXT REFERENCES item(id),
      capture_id TEXT REFERENCES capture(id),
      kind TEXT NOT NULL,
      ok INTEGER NOT NULL,
      at INTEGER NOT NULL,
      facts TEXT NOT NULL
    ) STRICT;
    CREATE INDEX evidence_item ON evidence(item_id) WHERE item_id IS NOT NULL;
    CREATE INDEX evidence_capture ON evidence(capture_id) WHERE capture_id IS NOT NULL;

    CREATE TABLE worklist_item (
      id TEXT PRIMARY KEY,
      study_instance_uid TEXT NOT NULL,
      step_id TEXT NOT NULL,
      patient_id TEXT NOT NULL,
      -- folded name, MRN, accession: what search looks through
      search_text TEXT NOT NULL,
      entry TEXT NOT NULL,
      fetched_at INTEGER NOT NULL,
      gone INTEGER NOT NULL DEFAULT 0,
      UNIQUE (study_instance_uid, step_id, patient_id)
    ) STRICT;

    CREATE TABLE term_use (
      person_id TEXT NOT NULL REFERENCES person(id),
      scheme TEXT NOT NULL,
      code TEXT NOT NULL,
      used_at INTEGER,
      favourite INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (person_id, scheme, code)
    ) STRICT;

    CREATE TABLE hold (
      capture_id TEXT PRIMARY KEY REFERENCES capture(id),
      placed_at INTEGER NOT NULL,
      placed_by TEXT NOT NULL REFERENCES person(id)
    ) STRICT;

    CREATE TABLE certificate (
      docking_id TEXT PRIMARY KEY REFERENCES docking(id),
      issued_at INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT;

    CREATE TABLE audit (
      line INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      person TEXT,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,
      facts TEXT NOT NULL,
      previous_hash TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_append_only_update BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER audit_append_only_delete BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  `);
}
