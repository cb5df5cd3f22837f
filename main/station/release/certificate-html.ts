import type { KeepReason } from '../../../shared/domain/reasons.ts';
import type { CertificateElement } from './certificate-format.ts';
import { verifyCertificate } from './certificate-format.ts';
import { erasedText } from './what-erased-means.ts';

const escape = (value: unknown) =>
  String(value ?? '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');

const STYLE = `
  @page { size: A4; margin: 14mm 12mm; }
  body { font: 10pt/1.35 system-ui, sans-serif; color: #111; margin: 0; }
  h1 { font-size: 17pt; margin: 0 0 1mm; }
  .sub { color: #444; margin: 0 0 5mm; }
  dl { display: grid; grid-template-columns: 34mm 1fr 34mm 1fr; gap: 1mm 3mm; margin: 0 0 5mm; }
  dt { color: #555; } dd { margin: 0; }
  .sum { border: 0.4mm solid #111; padding: 3mm; margin: 0 0 5mm; font-size: 11pt; }
  .sum b { font-size: 13pt; }
  table { border-collapse: collapse; width: 100%; font-size: 7.5pt; table-layout: fixed; }
  .number { width: 8mm; } .file { width: 54mm; } .bytes { width: 18mm; } .sha { width: 29mm; } .record { width: 30mm; }
  td.bytes, td.number { white-space: nowrap; }
  thead { display: table-header-group; }
  th { text-align: left; border-bottom: 0.4mm solid #111; padding: 1mm; }
  td { border-bottom: 0.1mm solid #999; padding: 0.7mm 1mm; vertical-align: top; overflow-wrap: anywhere; }
  tr { break-inside: avoid; }
  .hash { font-family: monospace; font-size: 7pt; }
  footer { margin-top: 5mm; font-size: 8pt; color: #333; }
`;

/** Why something stays, in the words of a delivery note. The window has its own, longer ones. */
const REASONS: Readonly<Record<KeepReason, string>> = {
  'not-proven': 'not proven yet',
  'source-hash-missing': 'not read completely',
  'second-read-missing': 'not read a second time',
  'second-read-differs': 'second read gave other bytes',
  'unsealed-hash-missing': 'sealed copy not checked',
  'unsealed-hash-differs': 'sealed copy differs',
  'no-capture': 'belongs to no capture yet',
  'capture-not-confirmed': 'not confirmed by the archive',
  'capture-rejected-policy': 'rejected; policy keeps it',
  'store-status-missing': 'archive has not stored it',
  'commitment-missing': 'archive has not committed to it',
  'commitment-failed': 'archive refused commitment',
  'read-back-missing': 'not read back',
  'read-back-differs': 'archive holds other pixels',
  hold: 'legal hold',
  'object-changed': 'changed since it was sealed',
  'object-missing': 'no longer found',
  'group-incomplete': 'another file of its group stays',
  'original-not-in-archive-policy': 'original is not in the archive; policy keeps it',
  unreadable: 'could not be read',
  housekeeping: "camera's own index file",
  'not-followed': 'never followed',
  'medium-read-only': 'medium is write-protected',
  'erase-refused': 'medium refused to erase it',
  'object-unreadable': 'could not be read again before erasing',
  'personal-phone': 'personal phone: only read',
};

/** What of a medium is not in its list, and why. */
const NOT_LISTED: Readonly<Record<string, string>> = {
  'unreadable-folder': 'folder could not be read: may hold pictures',
  'unreadable-entry': 'could not be looked at',
  'listed-twice': 'listed twice: folder is damaged',
  'appeared-later': 'not there when the list was taken',
};

const reasonText = (code: string) => (Object.hasOwn(REASONS, code) ? REASONS[code as KeepReason] : code);
const timeText = (iso: unknown) => (typeof iso === 'string' ? `${iso.slice(0, 16).replace('T', ' ')} UTC` : '');

const ENDS: Readonly<Record<string, string>> = {
  'never-stored': 'never stored on the device',
  present: 'on the medium',
  erasing: 'being erased',
  kept: 'stays on the medium',
  'erase-unverified': 'deletion not verified',
};

function row(element: CertificateElement, kind: unknown): string {
  const record = element['record'] as { sopInstanceUid: string; derivation: string | null } | null;
  const sealed = element['sealed'] as { sha256: string } | null;
  const because = (element['because'] as string[]).map(reasonText).join(', ');
  const twins = (element['sameContentStillAt'] ?? []) as string[];
  const still =
    element['end'] === 'erased' && twins.length > 0 ? `; the same content is still there as ${twins.join(', ')}` : '';
  const end = element['end'] === 'erased' ? erasedText(kind) : (ENDS[String(element['end'])] ?? element['end']);
  const where = record
    ? `${element['captureStage'] as string}${record.derivation ? `, ${record.derivation}` : ''}`
    : element['captureStage'];
  return `<tr><td class="number">${escape(element['item'])}</td><td>${escape(element['file'])}</td><td class="bytes">${escape(element['bytes'])}</td>
    <td class="hash">${escape(sealed?.sha256.slice(0, 16))}</td><td>${escape(where ?? element['stage'])}</td>
    <td>${escape(end)}${because ? `: ${escape(because)}` : ''}${escape(still)}</td></tr>`;
}

/** The printable page of a certificate: a delivery note, one line an item, the custody equation on top. */
export function certificateHtml(text: string): string {
  const verdict = verifyCertificate(text);
  if (!verdict.ok)
    return `<!doctype html><title>Certificate</title><p>This certificate is altered at line ${verdict.line}.</p>`;
  const [header, ...rest] = verdict.elements;
  const items = rest.filter((element) => 'file' in element);
  const notFollowed = rest.filter((element) => 'notFollowed' in element);
  const sum = rest.at(-1) as { equation: Record<string, number>; onMedium: Record<string, number>; clear: boolean };
  const station = header!['station'] as Record<string, string>;
  const medium = header!['medium'] as Record<string, unknown>;
  const { equation } = sum;
  const neverStored = items.filter((item) => item['end'] === 'never-stored').length;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Certificate</title><style>${STYLE}</style></head><body>
  <h1>Certificate of custody</h1>
  <p class="sub">${escape(station['institution'])} ${escape(station['department'])} &middot; station ${escape(station['name'])}</p>
  <dl>
    <dt>Medium</dt><dd>${escape(medium['kind'])} ${escape(medium['label'])}${medium['serial'] ? ` &middot; SN ${escape(medium['serial'])}` : ''}</dd>
    <dt>Docking</dt><dd class="hash">${escape(header!['docking'])}</dd>
    <dt>Docked</dt><dd>${escape(timeText(header!['dockedAt']))}</dd>
    <dt>Issued</dt><dd>${escape(timeText(header!['issuedAt']))}</dd>
    <dt>Archive</dt><dd>${escape(header!['archive'])}</dd>
    <dt>State</dt><dd>${sum.clear ? 'Clear: nothing is left on the medium' : 'Not clear: see what stays below'}</dd>
  </dl>
  <div class="sum"><b>${equation['listed']} listed</b> = ${equation['confirmed']} confirmed + ${equation['inDelivery']} in delivery
    + ${equation['unfiled']} unfiled + ${equation['rejected']} rejected + ${equation['unreadable']} unreadable
    + ${equation['housekeeping']} housekeeping<br>On the medium: ${neverStored > 0 ? `${neverStored} never stored on it, ` : ''}${sum.onMedium['absent']! - neverStored} ${escape(erasedText(medium['kind']).replace(',', ' and'))},
    ${sum.onMedium['kept']} kept, ${sum.onMedium['present']} present, ${sum.onMedium['eraseUnverified']} not verified</div>
  <table><thead><tr><th class="number">#</th><th class="file">File</th><th class="bytes">Bytes</th><th class="sha">SHA-256, first 16</th><th class="record">Record</th><th>End</th></tr></thead>
  <tbody>${items.map((item) => row(item, medium['kind'])).join('\n')}
  ${notFollowed.map((e) => `<tr><td></td><td>${escape(e['notFollowed'])}</td><td></td><td></td><td>${Object.hasOwn(NOT_LISTED, String(e['what'])) ? 'not in the list' : 'never followed'}</td><td>${escape(NOT_LISTED[String(e['what'])] ?? e['what'])}</td></tr>`).join('\n')}
  </tbody></table>
  <footer>${escape(header!['means'])}.<br>Signed with Ed25519 key <span class="hash">${escape(verdict.publicKey)}</span>;
  the signed text is the file beside this page.</footer></body></html>`;
}
