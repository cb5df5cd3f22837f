export { Filing, FilingError } from './filing.ts';
export type { FilingOrder, Refused } from './filing.ts';
