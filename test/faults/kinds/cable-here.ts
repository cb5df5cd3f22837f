import { access, constants } from 'node:fs/promises';
import { run } from '../../support/server-process.ts';

/** Why this machine has no rig, or null: it is umockdev, asked by the system's Python. */
export async function unavailable(): Promise<string | null> {
  if (process.platform !== 'linux') return 'the rig is umockdev: Linux only';
  const isThere = await access('/usr/bin/python3', constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isThere) return '/usr/bin/python3 is not installed';
  const script = "import gi; gi.require_version('UMockdev', '1.0'); from gi.repository import UMockdev";
  const { code } = await run('/usr/bin/python3', ['-c', script]).catch(() => ({ code: 1 }));
  return code === 0 ? null : 'gir1.2-umockdev-1.0 is not installed';
}
