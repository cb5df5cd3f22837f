import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** One way to build the station wrongly: each replacement must be found exactly once, or the code has moved on. */
export interface Break {
  /** What is wrong, in words. */
  readonly what: string;
  readonly edits: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

/** The builds that the fault bench must notice. */
export const breaks = {
  'second-read-skipped': {
    what: 'the medium is not read a second time: whatever the first read gave is called proven',
    edits: [
      {
        file: 'main/station/intake/steps.ts',
        from: 'const secondOk = proof.secondSha256 === row.sha256;',
        to: 'const secondOk = true;',
      },
    ],
  },
  'commitment-as-proof': {
    what: "the archive's commitment is taken as proof of its bytes: nothing is read back",
    edits: [
      {
        file: 'main/station/archive/delivery-steps.ts',
        from: "await reached(tx, row, 'committed');",
        to: "await reached(tx, row, 'confirmed'); await setCaptureStage(tx, row.capture_id, 'confirmed');",
      },
    ],
  },
  'gate-ignores-group': {
    what: 'the gate looks at one item and not at the others of its group',
    edits: [
      {
        file: 'main/station/release/custody-row.ts',
        from: 'if (other.id === row.id) return false;',
        to: 'if (other.id !== row.id) return false;',
      },
    ],
  },
  'evidence-after-commit': {
    what: 'the evidence of the second read is written in a transaction of its own, after the item is proven',
    edits: [
      {
        file: 'main/station/intake/steps.ts',
        from: '          await recordProof(tx, row, proof, secondOk, unsealedOk);\n',
        to: '',
      },
      {
        file: 'main/station/intake/steps.ts',
        from: "        if (!unsealedOk) throw new PhotodockError('unsealed-hash-differs'",
        to: "        await store.write((tx) => recordProof(tx, row, proof, secondOk, unsealedOk));\n        if (!unsealedOk) throw new PhotodockError('unsealed-hash-differs'",
      },
    ],
  },
  'fsync-removed': {
    what: 'sealed files are written and renamed, and nobody waits for the disk',
    edits: [
      { file: 'main/station/store/sealed/durable-file.ts', from: '      fs.fdatasyncSync(descriptor);\n', to: '' },
      { file: 'main/station/store/sealed/durable-file.ts', from: '    fs.fsyncSync(descriptor);\n', to: '' },
    ],
  },
  'device-read-once': {
    what: 'a device is not read a second time: the sealed copy is called its second read',
    edits: [
      {
        file: 'main/station/store/sealed/sealed-store.ts',
        from: "return { secondSha256: second.sha256, how: 'device'",
        to: "return { secondSha256: unsealed.sha256, how: 'device'",
      },
    ],
  },
  'absence-in-the-same-session': {
    what: 'what was erased is looked for in the session in which it was erased',
    edits: [
      {
        file: 'main/station/intake/ptp/ptp-source.ts',
        from: 'await client.reopen().catch(',
        to: 'await Promise.resolve(client).catch(',
      },
    ],
  },
  'deletion-as-absence': {
    what: "the device's answer to a deletion is taken as its absence: nothing is listed anew",
    edits: [
      {
        file: 'main/station/release/release.ts',
        from: "'UPDATE item SET unlinked_at = ? WHERE id = ?'",
        to: '"UPDATE item SET unlinked_at = ?, on_medium = \'absent\' WHERE id = ?"',
      },
    ],
  },
  'erased-by-its-name': {
    what: 'a device erases whatever else has the name of the picture that was looked at',
    edits: [
      {
        file: 'main/station/intake/ptp/ptp-source.ts',
        from: 'await eraseObject(client, { object: found, session, access }, seen);',
        to: `const twin = this.#listed!.tree.objects.find((one) => one.info.name === found.info.name && one.handle !== found.handle);
        await eraseObject(client, { object: found, session, access }, seen).catch(() => undefined);
        if (twin) await client.deleteObject(twin.handle);`,
      },
    ],
  },
} as const satisfies Record<string, Break>;

export type BreakName = keyof typeof breaks;

/** Copies the station into `folder` and breaks it there. Answers the root of the broken build. */
export async function breakBuild(name: BreakName, folder: string): Promise<string> {
  const build = path.join(folder, `build-${name}`);
  await mkdir(path.join(build, 'test', 'support'), { recursive: true });
  for (const part of ['main', 'shared', 'resources', 'package.json', 'test/support/durable-armed.ts'])
    await cp(path.join(root, part), path.join(build, part), { recursive: true });
  // Package by package: the imaging process may follow the links of its own packages, and no others.
  await mkdir(path.join(build, 'node_modules'));
  for (const name of await readdir(path.join(root, 'node_modules')))
    await symlink(path.join(root, 'node_modules', name), path.join(build, 'node_modules', name));
  for (const { file, from, to } of breaks[name].edits) {
    const text = await readFile(path.join(build, file), 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${file} has no single place to break: ${from.trim()}`);
    await writeFile(path.join(build, file), text.replace(from, to));
  }
  return build;
}
