import { integerValue, sequenceItems, textValue, type DicomJson } from './dicom-json.ts';

export interface StowJudgement {
  /** `stored` and `warning`: the archive named this UID as stored. `unknown`: it did not say, which means not stored. */
  readonly outcome: 'stored' | 'warning' | 'refused' | 'unknown';
  /** Warning Reason (0008,1196) or Failure Reason (0008,1197). */
  readonly code: number | null;
}

/**
 * What a Store Instances Response Module (PS3.18 10.5.3.2) proves about one instance that was sent, whatever the HTTP
 * status was. Null when it does not name the instance at all.
 */
export function judgeStowAnswer(
  module: DicomJson,
  sent: { readonly sopInstanceUid: string; readonly sopClassUid: string },
): StowJudgement | null {
  const ofThis = (item: DicomJson) => textValue(item, '00081155') === sent.sopInstanceUid;
  const stored = sequenceItems(module, '00081199').filter(ofThis);
  const [failed] = sequenceItems(module, '00081198').filter(ofThis);
  if (failed) {
    // In both lists: a contradiction proves nothing.
    const outcome = stored.length > 0 ? 'unknown' : 'refused';
    return { outcome, code: integerValue(failed, '00081197') };
  }
  if (stored.length === 0) return null;
  const isOurs = stored.every((item) => [null, sent.sopClassUid].includes(textValue(item, '00081150')));
  if (!isOurs) return { outcome: 'unknown', code: null };
  const warning = stored.map((item) => integerValue(item, '00081196')).find((code) => code !== null && code !== 0);
  return warning === undefined ? { outcome: 'stored', code: null } : { outcome: 'warning', code: warning };
}
