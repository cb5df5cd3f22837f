import { PhotodockError } from '../../../../shared/domain/errors.ts';

const CODES: Readonly<Record<number, string>> = {
  0x2002: 'device-error',
  0x2003: 'device-session-lost',
  0x2005: 'device-not-supported',
  0x2008: 'device-no-such-storage',
  0x2009: 'device-no-such-object',
  0x200c: 'device-store-full',
  0x200d: 'object-protected',
  0x200e: 'store-read-only',
  0x200f: 'device-access-denied',
  0x2010: 'device-no-thumbnail',
  0x2012: 'device-partial-deletion',
  0x2013: 'store-not-available',
  0x2019: 'device-busy',
  0x201d: 'device-not-supported',
};

/** The device answered, and refused. */
export class PtpResponseError extends PhotodockError {
  readonly response: number;

  constructor(operation: number, response: number) {
    const hex = (value: number) => value.toString(16).padStart(4, '0');
    super(CODES[response] ?? 'device-refused', `the device answered ${hex(response)} to operation ${hex(operation)}`, {
      operation: hex(operation),
      response: hex(response),
    });
    this.response = response;
  }
}

/** The device delivered something else than it announced: `device-short-data`, `device-size-differs`; or more than a dataset may have. */
export class PtpDataError extends PhotodockError {
  constructor(
    code: 'device-short-data' | 'device-size-differs' | 'device-too-much-data',
    expected: number,
    received: number,
  ) {
    super(code, 'the device delivered another number of bytes than it told', { expected, received });
  }
}

/** A handle that is none, or means every object. A fault of this program, stopped before it reaches the device. */
export class NoRealHandleError extends PhotodockError {
  constructor() {
    super('no-real-handle', 'an object is deleted by its own handle only');
  }
}

/** The object is not on the device any more. */
export class ObjectGoneError extends PhotodockError {
  constructor() {
    super('object-gone', 'the device has no such object any more');
  }
}

/** A phone gives another thing than the original: `phone-transcodes`, `not-on-phone`. */
export class PhoneReadError extends PhotodockError {
  constructor(code: 'phone-transcodes' | 'not-on-phone', options?: { cause?: unknown }) {
    super(code, 'the phone does not give the original', {}, options);
  }
}
