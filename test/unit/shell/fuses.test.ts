import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FuseV1Options } from '@electron/fuses';

/** How each fuse is to be packaged. A fuse that Electron adds must be decided here before it ships. */
const FUSES: Readonly<Record<keyof typeof FuseV1Options, boolean | 'as built'>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  /** No security switch (how WebAssembly checks bounds), and not settable by electron-builder. */
  WasmTrapHandlers: 'as built',
};

test('every fuse is decided, and packaged as decided', async () => {
  const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
  expect(Object.keys(FUSES).toSorted()).toEqual(known.toSorted());
  const text = await readFile(join(import.meta.dirname, '../../../electron-builder.yml'), 'utf8');
  const section = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(text)?.[1] ?? '';
  const packaged = Object.fromEntries(
    [...section.matchAll(/^ {2}(\w+): (true|false)$/gm)].map((line) => [line[1], line[2]]),
  );
  const decided = Object.entries(FUSES).filter(([, value]) => value !== 'as built');
  expect(packaged).toEqual(
    Object.fromEntries(
      decided.map(([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, String(value)]),
    ),
  );
});
