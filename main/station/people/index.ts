export { Keyring } from './keyring.ts';
export { may } from './may.ts';
export { People, PeopleError } from './people.ts';
export type { Person } from './people.ts';
export { Sessions } from './sessions.ts';
export type { SignedIn } from './sessions.ts';
export { SignInThrottle } from './throttle.ts';
