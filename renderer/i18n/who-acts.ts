import { isMessage, words } from './words.ts';

/**
 * Who has to do something about a code, and what: beside its words (`code.`, `keep.`, `reject.` in en.ts) every state that a person
 * can meet has an owner and a next step. A test holds this list and the catalog to every code of the sources.
 */
export const OWNERS = ['you', 'lead', 'it', 'archive'] as const;
/** You: who stands before the screen. The unit's lead. IT: who runs the station and the network. The archive's team. */
export type Owner = (typeof OWNERS)[number];

/** By what is to be done next (`next.<id>` in en.ts): who does it, and for which codes. */
const NEXT_STEPS = {
  'try-again': [
    'you',
    'backup-cancelled backup-running cancelled station-unreachable connection-lost frame-differs frames-waiting sealed-thread-lost sealed-stream-lost nothing-to-erase not-looked scan-gone no-button-proposed',
  ],
  restart: ['it', 'bad-request unknown-call no-such-call sealed-store-closed imaging-closed station-silent'],
  'tell-support': [
    'it',
    'internal frame-not-jpeg frame-not-of-camera frame-too-large no-real-handle missing-case not-for-the-page sender-refused store-statement dicom-value dicom-jpeg jpeg-unsupported',
  ],
  'sign-in': [
    'you',
    'locked store-locked not-signed-in wrong-password wait-before-sign-in not-empty already-set-up no-people',
  ],
  'ask-lead-for-access': ['lead', 'not-allowed person-disabled'],
  'correct-entry': [
    'you',
    'bad-input login-taken last-lead no-such-person unknown-region laterality-needed laterality-not-allowed no-such-folder not-a-folder own-data-folder not-in-practice due-is-past medium-retired told-by-device button-taught-already too-many-buttons buttons-file-invalid',
  ],
  'choose-again': [
    'you',
    'no-such-docking no-such-capture no-such-item no-such-worklist-item no-such-hold not-unfiled already-filed not-rejected already-shredded no-such-medium already-lent not-lent no-such-button',
  ],
  'correct-worklist': ['it', 'worklist-incomplete'],
  restore: [
    'it',
    'list-damaged restore-unfinished recover-unfinished object-shredded keyring-missing keyring-damaged keyring-entry-damaged store-damaged store-missing store-older store-key-refused sealed-missing',
  ],
  'use-newer': ['it', 'store-too-new buttons-file-newer'],
  'mend-folder': [
    'it',
    'clock-behind log-unwritable start-error-unreadable orphans data-folder-in-use other-folder-kind keyring-unreachable data-folder-read-only data-folder-not-ours data-folder-unusable',
  ],
  'make-room': ['it', 'station-disk station-disk-full ENOSPC'],
  'other-backup': [
    'it',
    'backup-changed backup-never backup-old nothing-to-recover backup-damaged backup-folder backup-gone backup-on-medium backup-too-new data-folder-not-empty no-such-generation not-a-backup other-store-backup backup-disk-full',
  ],
  'correct-config': [
    'it',
    'config listener-failed bad-ae-title no-listener not-configured practice-unavailable terminology-incomplete station-not-found station-ended buttons-off',
  ],

  // Media
  'dock-again': [
    'you',
    'not-connected medium-gone unplugged unplugged-before-second-read source-changed source-incomplete unreadable-folder unreadable-entry listing-partial appeared-later listed-twice erase-unverified ENOENT object-missing not-proven source-hash-missing second-read-missing',
  ],
  wait: [
    'you',
    'still-reading not-sealed unsealed-hash-missing no-capture capture-not-confirmed store-status-missing commitment-missing read-back-missing',
  ],
  'unlock-phone': ['you', 'phone-locked-or-charging phone-not-trusted'],
  'set-phone': ['you', 'phone-transcodes not-on-phone'],
  'close-program': ['you', 'device-held'],
  'allow-device': ['it', 'device-no-permission'],
  'plug-again': [
    'you',
    'device-timeout device-not-answering device-stalled device-protocol device-io device-dataset device-gone device-error device-refused device-session-lost device-short-data device-size-differs device-too-much-data device-no-such-object object-gone device-partial-deletion',
  ],
  'on-device': [
    'you',
    'device-busy device-no-such-storage device-store-full device-access-denied object-protected store-read-only store-not-available camera-without-card',
  ],
  'press-device': ['you', 'no-shutter device-not-supported device-no-thumbnail'],
  'manage-phone': ['lead', 'personal-phone'],
  'open-lock': ['you', 'medium-read-only EROFS EACCES EPERM erase-refused'],
  'keep-card': ['lead', 'list-unreadable unreadable medium-unreadable EIO object-unreadable second-read-differs'],
  'keep-and-look': ['lead', 'came-back object-changed seal-broken sealed-unreadable unsealed-hash-differs'],
  'look-elsewhere': [
    'lead',
    'jpeg-malformed malformed unsupported too-large no-preview decoder-crashed decoder-timeout decoder-memory',
  ],
  'file-anyway': ['you', 'decoder-unavailable'],
  decide: [
    'lead',
    'list-undecided list-rejected not-deliverable not-followed group-incomplete capture-rejected-policy original-not-in-archive-policy housekeeping',
  ],
  hold: ['lead', 'hold list-held'],
  file: ['you', 'list-unfiled'],
  erase: ['you', 'list-not-erased'],
  'ask-borrower': ['you', 'list-not-returned'],
  'let-in': ['lead', 'list-needs-approval awaits-approval'],
  'nothing-more': ['you', 'already-archived'],
  'bring-back': ['lead', 'blurred test-shot not-clinical wrong-card unknown-file-kind duplicate-view other'],

  // The archive and what lies between
  network: [
    'it',
    'peer-unreachable peer-timeout timeout association-aborted no-response ECONNREFUSED ECONNRESET ETIMEDOUT',
  ],
  certificate: ['it', 'peer-tls certificate-not-pinned'],
  credentials: ['it', 'peer-denies-access'],
  address: ['it', 'peer-redirects protocol-error commitment-not-offered'],
  patience: [
    'archive',
    'list-stuck peer-busy commitment-timeout archive-silent peer-transaction-in-use commitment-forgotten',
  ],
  'ask-archive': [
    'archive',
    'archive-refused peer-refuses-request unexpected-status peer-answer-too-large peer-answer-unreadable malformed-dataset dicom-parse practice-dataset-unreadable practice-association-failed read-back-failed commitment-refused commitment-failed',
  ],
  'register-station': ['archive', 'association-rejected'],
  'accept-jpeg': ['archive', 'context-not-accepted'],
  'lost-there': ['archive', 'archive-does-not-hold-it archive-lost-it no-such-instance'],
  'remove-wrong': ['archive', 'read-back-differs'],
} as const satisfies Readonly<Record<string, readonly [Owner, string]>>;

const byCode = new Map<string, { owner: Owner; next: string }>();
for (const [next, [owner, codes]] of Object.entries(NEXT_STEPS))
  for (const code of codes.split(' ')) byCode.set(code, { owner, next: `next.${next}` });

/** Every code that has an owner. */
export const OWNED_CODES: readonly string[] = Object.values(NEXT_STEPS).flatMap(([, codes]) => codes.split(' '));

/** The steps that codes lead to. */
export const NEXT_STEP_IDS: readonly string[] = Object.keys(NEXT_STEPS).map((id) => `next.${id}`);

/** Who acts on a Review row: by its code, or by the list it is in. */
export function whoseTurn(row: { readonly list: string; readonly code: string | null }): string {
  return row.code ?? `list-${row.list}`;
}

/** Who acts on a code, and how, in words. A code that nobody foresaw belongs to IT and its support. */
export function whoActs(code: string): { owner: Owner; who: string; next: string } {
  const { owner, next } = byCode.get(code) ?? { owner: 'it', next: 'next.tell-support' };
  return { owner, who: words(`owner.${owner}`), next: isMessage(next) ? words(next) : words('next.tell-support') };
}
