export { isPersonalPhone, mayNotBeErased } from './may-not-be-erased.ts';
export type { PhonesMayBeErased } from './may-not-be-erased.ts';
export { certificateHtml } from './certificate-html.ts';
export { CertificateError, Certificates } from './certificates.ts';
export { verifyCertificate } from './certificate-format.ts';
export type { CertificateVerdict } from './certificate-format.ts';
export { judgeAll, readErasable } from './custody.ts';
export type { CustodyRow } from './custody-row.ts';
export { Release, ReleaseError } from './release.ts';
