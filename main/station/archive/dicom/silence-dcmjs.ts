import { createRequire } from 'node:module';
import dcmjs, { type DcmjsLogger } from 'dcmjs';

/**
 * Silences every logger of dcmjs, because it logs attribute values (patient data) to the console. Two copies may be loaded:
 * the ES build that we import and the CommonJS build that dcmjs-dimse requires; each brings its own loglevel. Idempotent.
 */
export function silenceDcmjs(): void {
  const require = createRequire(import.meta.url);
  const requireFromDimse = createRequire(require.resolve('dcmjs-dimse'));
  const commonJs = requireFromDimse('dcmjs') as { log: DcmjsLogger };
  const dimse = requireFromDimse('dcmjs-dimse') as { log: DcmjsLogger };
  for (const root of [dcmjs.log, commonJs.log, dimse.log]) {
    root.setLevel('silent', false); // false: never try to persist it in a browser's storage
    for (const logger of Object.values(root.getLoggers())) logger.setLevel('silent', false);
  }
}
