export type { RetentionOptions } from './retention.ts';
export { removeShredded, shredStep } from './retention.ts';
export { StationDays } from './station-days.ts';
