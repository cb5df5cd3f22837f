import type { Connection } from '../driver.ts';

/**
 * Devices on a cable: who made them, whose they are, who has them, whether a lead has let them in; items that arrive while a device is
 * docked; buttons that were taught.
 */
export async function onTheCable(connection: Connection): Promise<void> {
  await connection.exec(`
    ALTER TABLE medium ADD COLUMN maker TEXT;
    ALTER TABLE medium ADD COLUMN model TEXT;
    ALTER TABLE medium ADD COLUMN serial TEXT;
    ALTER TABLE medium ADD COLUMN firmware TEXT;
    -- a person's name for it, beside what it calls itself
    ALTER TABLE medium ADD COLUMN name TEXT;
    ALTER TABLE medium ADD COLUMN owner_unit TEXT;
    -- of a phone: the department's own, which may be erased by policy; a personal one is only ever read
    ALTER TABLE medium ADD COLUMN managed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE medium ADD COLUMN approved_at INTEGER;
    ALTER TABLE medium ADD COLUMN approved_by TEXT REFERENCES person(id);
    ALTER TABLE medium ADD COLUMN note TEXT;
    ALTER TABLE medium ADD COLUMN retired_at INTEGER;
    -- of a dermatoscope, as JSON: magnification, polarisation, contact, immersion
    ALTER TABLE medium ADD COLUMN optics TEXT;
    -- media of before this table knew approval were let in by being docked
    UPDATE medium SET approved_at = first_docked_at;

    -- who has taken a medium along, and until when
    CREATE TABLE loan (
      id TEXT PRIMARY KEY,
      medium_id TEXT NOT NULL REFERENCES medium(id),
      borrower TEXT NOT NULL,
      lent_at INTEGER NOT NULL,
      lent_by TEXT NOT NULL REFERENCES person(id),
      due_at INTEGER NOT NULL,
      returned_at INTEGER,
      returned_by TEXT REFERENCES person(id)
    ) STRICT;
    CREATE UNIQUE INDEX loan_open ON loan(medium_id) WHERE returned_at IS NULL;

    -- how far the device's clock was ahead of the station's when it was docked
    ALTER TABLE docking ADD COLUMN clock_offset_ms INTEGER;
    -- 1 while nobody has said that this unknown medium may be read
    ALTER TABLE docking ADD COLUMN awaits_approval INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX docking_medium ON docking(medium_id);

    -- 1: it came while the device was docked, after the manifest
    ALTER TABLE item ADD COLUMN live INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE item ADD COLUMN arrived_at INTEGER;
    -- how it was taken, as JSON: exposure as the camera told it, or the dermatoscope's optics
    ALTER TABLE item ADD COLUMN shot TEXT;
    CREATE INDEX item_next ON item(docking_id, stage, live DESC, position);

    CREATE TABLE button (
      id TEXT PRIMARY KEY,
      label TEXT NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('hid', 'evdev')),
      -- how the device is known again, and what of its reports means "pressed", as JSON
      mapping TEXT NOT NULL,
      action TEXT NOT NULL,
      taught_at INTEGER NOT NULL,
      taught_by TEXT REFERENCES person(id)
    ) STRICT;
  `);
}
