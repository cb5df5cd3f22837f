import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY, OPENSEADRAGON_STYLE_HASH } from '../../../main/shell/content-security-policy.ts';

test('the allowed inline style is exactly the one of the installed OpenSeadragon', async () => {
  const main = createRequire(import.meta.url).resolve('openseadragon');
  const source = await readFile(join(dirname(main), 'openseadragon.js'), 'utf8');
  const begin = source.indexOf('style.textContent =', source.indexOf('data-openseadragon-mobile-css'));
  const literals = source.slice(begin, source.indexOf('document.head', begin)).matchAll(/'([^']*)'/g);
  const text = [...literals].map((match) => match[1]).join('');
  expect(text).toContain('.openseadragon-canvas');
  expect(OPENSEADRAGON_STYLE_HASH).toBe(`sha256-${createHash('sha256').update(text).digest('base64')}`);
});

test('the policy opens nothing to the network, to inline code or to eval', () => {
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-|https?:|data:|blob:|\*/);
  for (const directive of ['default-src', 'base-uri', 'form-action', 'frame-ancestors']) {
    expect(CONTENT_SECURITY_POLICY).toContain(`${directive} 'none'`);
  }
});
