export { openDoor } from './server.ts';
export type { Door, Household, PictureAnswer } from './server.ts';
export { Announcer } from './topics.ts';
export type { Topic } from './topics.ts';
