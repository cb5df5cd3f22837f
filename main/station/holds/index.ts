export { ANY_HOLD, heldSql } from './held-sql.ts';
export { HoldError, Holds } from './holds.ts';
export type { HoldSubject } from './holds.ts';
