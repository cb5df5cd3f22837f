import { isMessage, words } from './words.ts';

/**
 * The words for a stable code of the station. A code without words gets honest generic ones and the code itself, so that a
 * person can tell it to whoever helps: silence would be worse.
 */
export function codeWords(code: string): string {
  const id = `code.${code}`;
  return isMessage(id) ? words(id) : words('code-unknown', { code });
}

/** Why the gate keeps an item on its medium. */
export function keepWords(code: string): string {
  const id = `keep.${code}`;
  return isMessage(id) ? words(id) : codeWords(code);
}

/** Any reason code of a review row, an item or a strip step, whichever family it is from. */
export function reasonWords(code: string): string {
  for (const family of ['code', 'keep', 'reject'] as const) {
    const id = `${family}.${code}`;
    if (isMessage(id)) return words(id);
  }
  return words('code-unknown', { code });
}

/** The word for a value of a closed list, such as a stage; the value itself when the list has grown. */
export function term(family: string, value: string): string {
  const id = `${family}.${value}`;
  return isMessage(id) ? words(id) : value;
}
