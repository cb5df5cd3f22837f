import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * The folder of a package that a child process imports, for `--allow-fs-read` of Node's permission model.
 *
 * @param from file or URL of the module that imports it
 * @throws {Error} if the package is not installed
 */
export function packageFolder(name: string, from: string): string {
  const folder = createRequire(from)
    .resolve.paths(name)
    ?.map((place) => path.join(place, ...name.split('/')))
    .find((place) => existsSync(path.join(place, 'package.json')));
  if (folder === undefined) throw new Error(`package ${name} is not installed`);
  return folder;
}

/** A folder reached through a link (pnpm; a node_modules shared by checkouts) is read under its real name too, and Node looks at the link. */
export function withLinks(folder: string): string[] {
  const links: string[] = [];
  for (let at = folder; path.dirname(at) !== at; at = path.dirname(at))
    if (lstatSync(at).isSymbolicLink()) links.push(at);
  return links.length === 0 ? [folder] : [folder, realpathSync(folder), ...links];
}

/** The package.json files above a folder: Node looks there for how a file is to be read. */
export function manifestsAbove(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; path.dirname(at) !== at; at = path.dirname(at)) {
    const manifest = path.join(at, 'package.json');
    if (existsSync(manifest)) found.push(manifest);
  }
  return found;
}
