import type { PersonName } from '../../../../shared/domain/worklist.ts';

/** Splits a decoded PN value into its component groups (PS3.5 6.2.1); trailing delimiters and spaces carry nothing. */
export function personName(text: string): PersonName {
  const groups = text.split('=').map((group) =>
    group
      .split('^')
      .map((component) => component.trim())
      .join('^')
      .replace(/\^+$/, ''),
  );
  return { alphabetic: groups[0] ?? '', ideographic: groups[1] || null, phonetic: groups[2] || null };
}

/** True when no component group holds a character. */
export function isEmptyName(name: PersonName): boolean {
  return name.alphabetic === '' && name.ideographic === null && name.phonetic === null;
}
