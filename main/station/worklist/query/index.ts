export { MODALITY_WORKLIST_FIND, queryWorklist } from './query.ts';
export type { WorklistAnswer, WorklistQuery } from './query.ts';
