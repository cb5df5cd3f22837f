import { PhotodockError } from '../../../shared/domain/errors.ts';

/** What was asked to be docked cannot be: no folder, not readable, inside the data folder. */
export class CannotDockError extends PhotodockError {}

/** The medium was pulled, or another one lies in its place. */
export class SourceGoneError extends PhotodockError {
  constructor() {
    super('medium-gone', 'the medium is no longer there');
  }
}

/** The medium did not let an object go (write protection, permission, I/O error). */
export class EraseRefusedError extends PhotodockError {
  constructor(systemCode: string) {
    super('erase-refused', `the medium refused to erase the object (${systemCode})`, { systemCode });
  }
}

/** The medium is there, and its root cannot be listed. */
export class ListingFailedError extends PhotodockError {
  constructor(systemCode: string) {
    super('medium-unreadable', `the medium cannot be listed (${systemCode})`, { systemCode });
  }
}

/** Something of the medium could not be listed; another try may tell. */
export class ListingPartialError extends PhotodockError {
  constructor() {
    super('listing-partial', 'a part of the medium could not be listed');
  }
}

/** The device is there, and has no such object any more. */
export class ObjectGoneError extends PhotodockError {
  constructor() {
    super('object-gone', 'the device has no such object any more');
  }
}

/** Another object has taken the place of the one that was looked at. */
export class ObjectReplacedError extends PhotodockError {
  constructor() {
    super('object-changed', 'another object has taken the place of the one that was looked at');
  }
}

/** A device is there and does not let itself be listed yet: locked, not trusted, held by another program. A person has to do something. */
export class DeviceNotReadyError extends PhotodockError {}
