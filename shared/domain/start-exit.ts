/**
 * Why a station ended before it opened its door, by its exit code: for the cases in which it may not be able to write
 * `start-error.json`, because of the very thing it would tell.
 */
export const START_EXIT: Readonly<Record<string, number>> = {
  'station-disk': 74,
  'station-disk-full': 75,
  'data-folder-read-only': 76,
  'data-folder-not-ours': 77,
  'data-folder-unusable': 79,
};

/** The code that an exit code stands for; null for any other. */
export function codeOfExit(exit: number | null): string | null {
  return Object.entries(START_EXIT).find(([, value]) => value === exit)?.[0] ?? null;
}
