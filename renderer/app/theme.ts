/** Light or dark: the system's choice, until a person chooses for this window. Kept in memory only. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === undefined ? window.matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}

/** Turns light to dark and back. @returns true when it is dark now */
export function toggleTheme(): boolean {
  const dark = !isDark();
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  return dark;
}
