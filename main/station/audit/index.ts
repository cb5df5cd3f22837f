export { appendAudit, listAudit, verifyAudit } from './chain.ts';
export type { AuditEntry, AuditFacts, AuditVerdict } from './chain.ts';
