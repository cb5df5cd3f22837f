import { PhotodockError } from '../../shared/domain/errors.ts';

/** The command line was used wrongly; `message` says how it is used rightly. */
export class UsageError extends PhotodockError {
  constructor(message: string, code = 'usage') {
    super(code, message);
  }
}

/** A command cannot do what was asked; `code` decides the exit code. */
export class CommandError extends PhotodockError {}

/** The station answered a call with an error. The message is the station's own, which never holds patient data. */
export class CallError extends PhotodockError {
  constructor(call: string, code: string, details: Record<string, string | number | boolean | null> = {}) {
    const { reason, ...rest } = details;
    super(code, typeof reason === 'string' ? reason : `the station answered "${code}" to ${call}`, rest);
  }
}

/** Somebody ended us by a signal. */
export class Interrupted extends PhotodockError {
  readonly exit: number;

  constructor(signal: string) {
    super('interrupted', `ended by ${signal}`);
    this.exit = 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGHUP' ? 1 : 15);
  }
}
