/**
 * OpenSeadragon puts one fixed style element into the page (no focus outline on touch screens). Its exact text is allowed by
 * hash instead of opening the page to any inline style; a test compares the hash with the installed library.
 */
export const OPENSEADRAGON_STYLE_HASH = 'sha256-9xTiqzfwFaL2SGb1rmr8gysEwVVjIvqWAgmZgqFqpEE=';

/** The policy sent with every file of the window: our own files, our own pictures, nothing else. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' '${OPENSEADRAGON_STYLE_HASH}'`,
  "img-src 'self' image:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ');

/** The policy of the printed certificate: one self-contained page without scripts. */
export const CERTIFICATE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'";
