/** What to do about a code that `photodock doctor` finds. The same lines stand in docs/troubleshooting.md (held together by a test). */
const ADVICE: Readonly<Record<string, string>> = {
  'station-disk-full':
    'Make room on the disk of the data folder. The station goes on by itself; it gives up its `reserve` file meanwhile and makes it again.',
  'station-disk':
    'Look at the disk of the data folder (cable, mount, SMART, kernel log). Make a backup before anything else. The station tries again by itself.',
  'disk-low': 'Make room soon: sealing stops before the disk is full, and then cards have to wait.',
  'data-folder-in-use': 'Use the window or the station that runs; or end that one first.',
  'data-folder-read-only':
    'Mount the disk of the data folder for writing. A disk that became read-only by itself is failing: back it up.',
  'data-folder-not-ours':
    'Start the station as the user who owns the data folder, or give the folder with all in it to this user (chown -R).',
  'data-folder-unusable': 'Move away what lies where the data folder, or its folder `run`, should be.',
  'not-a-folder': 'Name another data folder, or move away the file that lies there.',
  'other-folder-kind': 'Name the right data folder: practice and patients never share one.',
  'folder-open-to-others': 'Close the data folder to others: chmod 700. A station does that at its start.',
  config: 'Mend station.json at the place that is named, or bring it back from the backup.',
  'keyring-missing':
    'Bring keys.json back: `photodock recover --backup DIR`. Do not make a new first lead: its key would not open the index.',
  'keyring-damaged': 'Bring keys.json back from the backup. Keep the damaged file: entries in it may be whole.',
  'keyring-entry-damaged':
    'Let somebody else sign in, and a lead give the person concerned a new password; or bring keys.json back from the backup.',
  'keyring-unreachable': 'Look at the rights of keys.json and at the disk.',
  'store-missing':
    'Put index.db (with its -wal file, if one is there) back. If it is lost: `photodock recover --backup DIR`. Leave the sealed files where they are.',
  'store-older':
    'Put back the index.db and index.db-wal that belong together. If they are lost: `photodock recover --backup DIR`. Only when no newer copy exists anywhere: remove index.head; the station then takes the older index, and puts sealed files it does not know into `orphans`.',
  'store-damaged':
    'Stop the station, copy the data folder elsewhere, then `photodock recover --backup DIR`. Erase no card meanwhile.',
  'store-key-refused':
    'keys.json and index.db are of different stations or backups: put together what belongs together.',
  'store-too-new':
    'Install the newer Photodock again; this one cannot read what that one wrote, and has changed nothing.',
  'store-statement': 'Look at the disk, then tell your support. Nothing was erased.',
  'sealed-missing':
    'Bring the files back: `photodock recover --backup DIR`; or dock the medium again: the same content is used. Review names the pictures.',
  'seal-broken':
    'Bring the files back: `photodock recover --backup DIR`; or dock the medium again: the same content is used. Review names the pictures.',
  'sealed-unreadable': 'The disk is failing: make a backup now, then replace it.',
  orphans:
    'Sealed files in `orphans` belong to no picture this index knows: left by a step that was cut off, or an older index is in place. Keep them; when an index that names them is put back, they return by themselves.',
  'backup-never': 'Make one: `photodock backup DIR`, on another disk, every night (docs/backup.md).',
  'backup-old': 'Look at why the nightly `photodock backup` does not run, or begin one now.',
  'clock-behind':
    'Set the clock of this computer. Nothing is lost; times in certificates are as wrong as the clock was.',
  'log-unwritable':
    'Give the folder `logs` back to the station, or remove what lies there. The station works meanwhile, without a log.',
  'start-error-unreadable': 'Start the station once more; it tells anew.',
  'audit-broken':
    'Erase nothing. Tell whoever is responsible for this station; keep the data folder and all certificates as they are.',
  'peer-unreachable': 'Look at the network and at the other system. Deliveries wait and go on by themselves.',
  'node-too-old': 'Run `npm start` once: it fetches the right Node.',
  'station-ended': 'Look at the last lines of logs/station.log and run `photodock doctor` again.',
  'station-silent': 'The computer may be too busy. Try again; then look at logs/station.log.',
};

/** One sentence or two for whoever stands before the station; null where the words for the code say it all. */
export function adviceFor(code: string): string | null {
  return ADVICE[code] ?? null;
}

export const ADVISED_CODES: readonly string[] = Object.keys(ADVICE);
