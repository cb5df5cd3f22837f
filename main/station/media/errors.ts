import { PhotodockError } from '../../../shared/domain/errors.ts';

/** What was asked of a medium of the register cannot be done. */
export class MediumError extends PhotodockError {}
