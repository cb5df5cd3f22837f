export { MediumError } from './errors.ts';
export { returnedByDocking } from './loans.ts';
export { openMatters } from './open-matters.ts';
export type { OpenMatter } from './open-matters.ts';
export { MediaRegister } from './register.ts';
