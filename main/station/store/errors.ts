import { PhotodockError } from '../../../shared/domain/errors.ts';

/** The index is gone or empty while there are sealed files or other traces of it. Nothing is made in its place. */
export class StoreMissingError extends PhotodockError {
  constructor(what: 'missing' | 'empty') {
    super('store-missing', `index.db is ${what}, and sealed files or other traces of it are there`, { what });
  }
}

/** The index lacks work that was committed once: its -wal file is gone or damaged, or it is an older copy. */
export class StoreOlderError extends PhotodockError {
  constructor(found: number, known: number) {
    super(
      'store-older',
      `the index knows ${found} commits of ${known}: index.db-wal is missing or damaged, or an old copy`,
      {
        found,
        known,
      },
    );
  }
}

/** A part of the index fails its check. Nothing is written into it any more. */
export class StoreDamagedError extends PhotodockError {
  constructor(where: 'first-page' | 'pages' | 'length' | 'use') {
    super('store-damaged', `the index is damaged (${where}); nothing more is written into it`, { where });
  }
}
