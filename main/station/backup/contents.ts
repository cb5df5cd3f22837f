import { CAPTURE_STAGES } from '../../../shared/domain/stages.ts';
import type { CaptureStage } from '../../../shared/domain/stages.ts';
import type { Connection } from '../store/index.ts';

/** What is in an index, counted, for people. */
export interface Contents {
  readonly dockings: number;
  readonly items: number;
  readonly objects: number;
  readonly people: number;
  readonly certificates: number;
  readonly captures: Readonly<Record<CaptureStage, number>>;
}

export async function countContents(index: Pick<Connection, 'get' | 'all'>): Promise<Contents> {
  const count = async (table: string) =>
    (await index.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`))?.count ?? 0;
  const stages = await index.all<{ stage: CaptureStage; count: number }>(
    'SELECT stage, count(*) AS count FROM capture GROUP BY stage',
  );
  return {
    dockings: await count('docking'),
    items: await count('item'),
    objects: await count('instance WHERE sealed_name IS NOT NULL'),
    people: await count('person'),
    certificates: await count('certificate'),
    captures: Object.fromEntries(
      CAPTURE_STAGES.map((stage) => [stage, stages.find((one) => one.stage === stage)?.count ?? 0]),
    ) as Record<CaptureStage, number>,
  };
}
