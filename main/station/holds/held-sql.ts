/**
 * SQL: is the capture whose id stands in this column held? A hold covers content, not a place: it holds the docking or capture
 * that it was placed on, every capture (on whatever medium, whenever docked) that has an item of equal bytes, and with
 * the capture its whole group. Without any hold it costs one look into two empty indexes.
 */
export function heldSql(captureId: string): string {
  const on = (docking: string, capture: string) =>
    `(EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL AND docking_id = ${docking})
      OR EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL AND capture_id = ${capture}))`;
  return `(${ANY_HOLD} AND (
    EXISTS (SELECT 1 FROM capture held_self WHERE held_self.id = ${captureId} AND ${on('held_self.docking_id', 'held_self.id')})
    OR EXISTS (SELECT 1 FROM item held_mine JOIN item held_same ON held_same.sha256 = held_mine.sha256
               WHERE held_mine.capture_id = ${captureId} AND ${on('held_same.docking_id', 'held_same.capture_id')})))`;
}

/** SQL: is there any hold at all? */
export const ANY_HOLD = `(EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL AND docking_id IS NOT NULL)
  OR EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL AND capture_id IS NOT NULL))`;
