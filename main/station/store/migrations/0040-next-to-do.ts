import type { Connection } from '../driver.ts';

/** What the steps look for, many times a second, is found without reading what was done long ago. */
export async function nextToDo(connection: Connection): Promise<void> {
  await connection.exec(`
    -- with all that the look asks for, so that it reads no rows
    DROP INDEX item_uninspected;
    CREATE INDEX item_to_inspect ON item(docking_id, live, position, id, stage, inspected_at)
      WHERE stage = 'proven' AND inspected_at IS NULL;
  `);
}
