import { CommandError } from './errors.ts';
import { readPassword } from './password.ts';
import type { World } from './world.ts';

/** Who PHOTODOCK_USER names, with their password. @throws CommandError `not-signed-in`, UsageError */
export async function readCredentials(world: World): Promise<{ login: string; password: string }> {
  const login = world.env['PHOTODOCK_USER']?.trim();
  if (!login) throw new CommandError('not-signed-in', 'nobody is signed in: name a person by PHOTODOCK_USER');
  return { login, password: await readPassword(world) };
}
