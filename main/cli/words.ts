/** Plain words for the codes that a person meets at the command line; a code without words is shown as it is. */
const WORDS: Readonly<Record<string, string>> = {
  // Why an item stays on its medium
  'not-proven': 'not sealed and proven yet',
  'source-hash-missing': 'its first reading is not recorded',
  'second-read-missing': 'not read a second time yet',
  'second-read-differs': 'the medium gave other bytes on the second read; it may be failing',
  'unsealed-hash-missing': 'the quarantine was not read back yet',
  'unsealed-hash-differs': 'the quarantine does not hold the same bytes',
  'no-capture': 'belongs to no picture yet',
  'capture-not-confirmed': 'the archive has not proven that it holds it',
  'capture-rejected-policy': 'rejected, and rejected pictures stay by policy',
  'store-status-missing': 'the archive has not said that it took it',
  'commitment-missing': 'no storage commitment yet',
  'commitment-failed': 'the archive refused storage commitment',
  'read-back-missing': 'not read back from the archive yet',
  'read-back-differs': 'the archive holds other pixels under its number',
  hold: 'a legal hold is on it',
  'object-changed': 'the file on the medium is no longer the one that was read',
  'object-missing': 'no longer on the medium',
  'group-incomplete': 'belongs together with a file that must stay',
  'original-not-in-archive-policy': 'the archive does not hold its bytes, and policy keeps such originals',
  unreadable: 'could not be read',
  housekeeping: "the camera's own index file",
  'not-followed': 'a link or a device: never followed, never erased',
  'medium-read-only': 'the medium is write-protected',
  'erase-refused': 'the medium refused to erase it',
  'erase-unverified': 'ordered to be deleted, and not checked absent',
  'object-unreadable': 'could not be read again, so it was not erased; dock the medium again, in another reader',
  // What of a medium is not in its list
  'unreadable-folder': 'a folder that could not be read: dock the medium again, in another reader; do not format it',
  'unreadable-entry': 'could not be looked at: dock the medium again, in another reader; do not format it',
  'listed-twice': 'the medium names it twice: its folder is damaged; have the card read elsewhere, do not format it',
  'appeared-later': 'not there when the medium was docked: dock it again to read it',
  'medium-unreadable': 'the medium cannot be listed: take it out and try another reader; do not format it',
  // Why a capture was not filed, or is stuck
  'not-unfiled': 'filed or rejected already',
  'not-rejected': 'not rejected',
  'already-shredded': 'its sealed bytes are shredded, it cannot be brought back',
  'no-such-capture': 'there is no such capture',
  'not-deliverable': 'this kind of file cannot be delivered',
  'cannot-be-displayed': 'it cannot be displayed, so nobody could have seen what is on it',
  'peer-unreachable': 'the other system cannot be reached',
  'peer-timeout': 'the other system took too long',
  'peer-tls': 'no trusted connection to the other system',
  'peer-busy': 'the other system is busy',
  'peer-denies-access': 'the other system denies access',
  'association-rejected': 'the other system rejects this station',
  'association-aborted': 'the other system broke the connection off',
  'no-response': 'the other system ended the connection without an answer',
  'context-not-accepted': 'the archive does not take this kind of picture',
  'archive-refused': 'the archive refused it',
  'archive-silent': 'the archive gave no clear answer',
  'archive-does-not-hold-it': 'the archive said "stored" and does not hold it',
  'commitment-timeout': 'the archive has not reported on storage commitment',
  'commitment-refused': 'the archive refused the request for commitment',
  'read-back-failed': 'the archive did not send it back',
  'station-disk-full': "the station's disk is full",
  'station-disk': "the station's disk cannot be written",
  unplugged: 'the medium was unplugged before it was read',
  'unplugged-before-second-read': 'the medium was unplugged before the second read',
  EIO: 'the medium has a read error',
  'source-changed': 'the file changed while it was read: dock the medium again',
  ENOENT: 'it was listed and is no longer there',
  EACCES: 'the medium does not allow it',
  EPERM: 'the medium does not allow it',
};

/** Whether there are plain words for a code. */
export function hasWords(code: string): boolean {
  return Object.hasOwn(WORDS, code);
}

export function wordsOf(code: string): string {
  return WORDS[code] ?? code;
}
