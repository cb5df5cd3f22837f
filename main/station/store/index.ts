export { IndexStore } from './index-store.ts';
export type { SqlValue } from './driver.ts';
export type { Reader, Transaction } from './index-store.ts';
export { SealedStore } from './sealed/sealed-store.ts';
export type { MediumFile } from './sealed/jobs.ts';
export type { SealedRef } from './sealed/sealed-store.ts';
export { SealedJobError } from './sealed/pool.ts';
export { modifiedAtOf } from './sealed/modified-at.ts';
