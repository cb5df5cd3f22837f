export { hardenApp } from './harden-app.ts';
export { openShell } from './open-shell.ts';
