export type { FindOptions } from './find-regions.ts';
export { createTerminology, type Terminology } from './terminology.ts';
