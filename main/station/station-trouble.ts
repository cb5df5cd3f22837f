/** Codes of the station's own trouble, and what a person is told: never the fault of a medium, an item or an archive, and no try of theirs. */
const STATION_TROUBLE: Readonly<Record<string, string>> = {
  ENOSPC: 'station-disk-full',
  EDQUOT: 'station-disk-full',
  'station-disk-full': 'station-disk-full',
  EROFS: 'station-disk',
  'station-disk': 'station-disk',
  'store-statement': 'store-statement',
  'store-damaged': 'store-damaged',
  'sealed-store-closed': 'station-disk',
  'sealed-thread-lost': 'station-disk',
};

/** The code to tell when the station itself is in trouble; undefined when it is not. */
export function stationTrouble(code: string): string | undefined {
  return STATION_TROUBLE[code];
}
