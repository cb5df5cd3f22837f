export { Buttons } from './buttons.ts';
