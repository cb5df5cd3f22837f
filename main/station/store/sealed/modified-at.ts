/** The latest and earliest moment that JavaScript can say (ECMAScript 21.4.1.1): a card's clock may say any other. */
const LAST_MOMENT_MS = 8.64e15;

/** When a file was last changed, in whole ms since the epoch; what no date can say is the nearest that one can. */
export function modifiedAtOf(stat: { readonly mtimeMs: number }): number {
  const at = Math.trunc(stat.mtimeMs);
  return Number.isNaN(at) ? 0 : Math.min(Math.max(at, -LAST_MOMENT_MS), LAST_MOMENT_MS);
}
