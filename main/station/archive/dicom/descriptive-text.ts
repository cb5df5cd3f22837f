/**
 * Makes free text that only describes (never identifies) fit its VR instead of stopping a delivery: control characters
 * and halves of characters become spaces, backslashes (the value separator) become slashes, white space is collapsed, and what is longer than `length`
 * characters is cut. Applied to: study, series, procedure and step descriptions, code meanings and scheme versions, camera and lens
 * texts, institution, department and station names, view and derivation texts.
 * Identifiers (names, Patient ID, accession number, UIDs, codes) are never changed: they fit or they are an error.
 * @returns the text, or null when nothing is left of it
 */
export function descriptiveText(text: string | null | undefined, length: number): string | null {
  if (!text) return null;
  const clean = text
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .replaceAll('\\', '/')
    .trim();
  return [...clean].slice(0, length).join('').trimEnd() || null;
}
