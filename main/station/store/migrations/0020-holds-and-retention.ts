import type { Connection } from '../driver.ts';

/**
 * Holds get who, why and when, may lie on a whole docking, and stay on record when they are lifted. Retention gets its days
 * that the station has seen, and what was shredded.
 */
export async function holdsAndRetention(connection: Connection): Promise<void> {
  await connection.exec(`
    CREATE TABLE hold_with_reason (
      id TEXT PRIMARY KEY,
      -- of one of the two: everything that was and will be docked with it, or one capture
      docking_id TEXT REFERENCES docking(id),
      capture_id TEXT REFERENCES capture(id),
      reason TEXT NOT NULL,
      placed_at INTEGER NOT NULL,
      placed_by TEXT NOT NULL REFERENCES person(id),
      lifted_at INTEGER,
      lifted_by TEXT REFERENCES person(id),
      lifted_reason TEXT,
      CHECK ((docking_id IS NULL) != (capture_id IS NULL)),
      CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_reason IS NULL))
    ) STRICT;
    INSERT INTO hold_with_reason (id, capture_id, reason, placed_at, placed_by)
      SELECT 'hold-' || capture_id, capture_id, 'placed before reasons were recorded', placed_at, placed_by FROM hold;
    DROP TABLE hold;
    ALTER TABLE hold_with_reason RENAME TO hold;
    CREATE INDEX hold_of_docking ON hold(docking_id) WHERE lifted_at IS NULL AND docking_id IS NOT NULL;
    CREATE INDEX hold_of_capture ON hold(capture_id) WHERE lifted_at IS NULL AND capture_id IS NOT NULL;

    -- days on which the station ran: retention counts these, so that a clock that leaps ages nothing
    CREATE TABLE station_day (
      number INTEGER PRIMARY KEY,
      date TEXT NOT NULL UNIQUE,
      counted_at INTEGER NOT NULL
    ) STRICT;
    -- the station day on which its retention began; null while it is at no end
    ALTER TABLE capture ADD COLUMN retention_day INTEGER;
    ALTER TABLE capture ADD COLUMN shredded_at INTEGER;
    -- items that were left sealed then, because the archive does not hold their bytes
    ALTER TABLE capture ADD COLUMN shred_kept INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE item ADD COLUMN shredded_at INTEGER;
    CREATE INDEX capture_retention ON capture(retention_day) WHERE retention_day IS NOT NULL;
    CREATE INDEX capture_unaged ON capture(stage) WHERE retention_day IS NULL;
    CREATE INDEX item_shredded_file ON item(sealed_name) WHERE sealed_name IS NOT NULL AND sealed_key IS NULL;
    CREATE INDEX instance_shredded_file ON instance(sealed_name) WHERE sealed_name IS NOT NULL AND sealed_key IS NULL;
  `);
}
