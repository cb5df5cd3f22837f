import { passing } from '#durable';
import type { Connection } from '../driver.ts';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import { foundation } from './0010-foundation.ts';
import { holdsAndRetention } from './0020-holds-and-retention.ts';
import { onTheCable } from './0030-on-the-cable.ts';
import { nextToDo } from './0040-next-to-do.ts';

/** Numbered by tens, strictly rising; each in its own file with its own test. */
export const MIGRATIONS: readonly { readonly version: number; readonly migrate: (c: Connection) => Promise<void> }[] = [
  { version: 10, migrate: foundation },
  { version: 20, migrate: holdsAndRetention },
  { version: 30, migrate: onTheCable },
  { version: 40, migrate: nextToDo },
];

/** The store was written by a newer Photodock. Nothing is touched. */
export class StoreTooNewError extends PhotodockError {
  constructor(found: number, known: number) {
    super('store-too-new', `the index has version ${found}, this Photodock knows ${known}: install the newer version`, {
      found,
      known,
    });
  }
}

/** @throws StoreTooNewError when this Photodock does not know the index's version. */
export function refuseNewer(found: number): void {
  const known = MIGRATIONS.at(-1)!.version;
  if (found > known) throw new StoreTooNewError(found, known);
}

/** Brings the index up to the version this Photodock knows, each step in its own transaction. @throws StoreTooNewError */
export async function migrate(connection: Connection, upTo = Number.POSITIVE_INFINITY): Promise<void> {
  const row = await connection.get<{ user_version: number }>('PRAGMA user_version');
  const found = row?.user_version ?? 0;
  refuseNewer(found);
  for (const { version, migrate: step } of MIGRATIONS) {
    if (version <= found || version > upTo) continue;
    await connection.exec('BEGIN IMMEDIATE');
    try {
      passing(`migration ${version} begun`);
      await step(connection);
      await connection.exec(`PRAGMA user_version = ${version}`);
      passing(`migration ${version} done, not committed`);
      await connection.exec('COMMIT');
      passing(`migration ${version} committed`);
    } catch (error) {
      // A full disk has ended the transaction already; what went wrong is told, not that.
      await connection.exec('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}
