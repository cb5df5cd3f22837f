import path from 'node:path';
import type { ArrivingView } from '../../../shared/contract.ts';
import type { ItemStage } from '../../../shared/domain/stages.ts';
import type { Reader } from '../store/index.ts';

/** Enough for a strip of small pictures; a phone may have thousands. */
const MOST = 60;

interface Row {
  id: string;
  path: string;
  size: number;
  stage: ItemStage;
  arrived_at: number | null;
  started_at: number;
  code: string | null;
  picture: number;
}

/** What is read of a docking and is no capture yet: what was just taken first, then what comes next. */
export async function arriving(reader: Reader, dockingId: string): Promise<ArrivingView[]> {
  const rows = await reader.all<Row>(
    `SELECT i.id, i.path, i.size, i.stage, i.arrived_at, d.started_at, i.code,
            EXISTS (SELECT 1 FROM thumbnail t WHERE t.item_id = i.id) AS picture
     FROM item i JOIN docking d ON d.id = i.docking_id
     WHERE i.docking_id = ? AND i.stage IN ('listed', 'sealed', 'proven') AND i.capture_id IS NULL
     ORDER BY i.live DESC, i.stage DESC, i.position LIMIT ?`,
    [dockingId, MOST],
  );
  return rows.map((row) => ({
    itemId: row.id,
    name: path.posix.basename(row.path),
    bytes: row.size,
    stage: row.stage,
    arrivedAt: row.arrived_at ?? row.started_at,
    code: row.code,
    hasPicture: row.picture === 1,
  }));
}
