import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAppHandler } from '../../../main/shell/app-protocol.ts';
import type { AppHandler } from '../../../main/shell/app-protocol.ts';

let root: string;
let serve: AppHandler;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pd-app-'));
  await mkdir(join(root, 'renderer', 'assets'), { recursive: true });
  await writeFile(join(root, 'secret.html'), 'secret');
  await writeFile(join(root, 'renderer', 'index.html'), '<!doctype html>');
  await writeFile(join(root, 'renderer', 'assets', 'index.js'), 'export {};');
  await writeFile(join(root, 'renderer', 'assets', 'index.js.map'), '{}');
  await symlink(join(root, 'secret.html'), join(root, 'renderer', 'link.html'));
  serve = await createAppHandler(join(root, 'renderer'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

test('the start page and its files come with a type and the policy', async () => {
  const page = await serve({ method: 'GET', url: 'app://station/' });
  expect([page.status, await page.text()]).toEqual([200, '<!doctype html>']);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const script = await serve({ method: 'GET', url: 'app://station/assets/index.js?v=1' });
  expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
});

test.each([
  'app://station/../secret.html',
  'app://station/%2e%2e/secret.html',
  'app://station/..%2fsecret.html',
  'app://station/assets/..%5c..%5csecret.html',
  'app://station/link.html',
  'app://station/assets/index.js.map',
  'app://station/assets/',
  'app://station/nothing.html',
])('%s is not served', async (url) => {
  expect((await serve({ method: 'GET', url })).status).toBe(404);
});

test('another host and another method are refused', async () => {
  expect((await serve({ method: 'GET', url: 'app://other/index.html' })).status).toBe(403);
  expect((await serve({ method: 'POST', url: 'app://station/' })).status).toBe(403);
});

test('a file that appeared later is not served', async () => {
  await writeFile(join(root, 'renderer', 'late.html'), 'late');
  expect((await serve({ method: 'GET', url: 'app://station/late.html' })).status).toBe(404);
});
