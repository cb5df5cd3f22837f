export { queryWorklist } from './query/index.ts';
export { Worklist } from './worklist.ts';
export type { AskWorklist, CachedEntry, WorklistCacheState } from './worklist.ts';
