export { AuditHeads } from './audit-heads.ts';
export { appendAudit, listAudit } from './chain.ts';
export type { AuditEntry, AuditFacts } from './chain.ts';
export { verifyAudit } from './verify.ts';
export type { AuditVerdict, Witness } from './verify.ts';
