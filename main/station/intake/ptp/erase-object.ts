import { passing } from '#durable';
import { EraseRefusedError, ObjectReplacedError } from '../errors.ts';
import type { SeenObject } from '../source.ts';
import type { PtpClient } from './client.ts';
import { PtpResponseError } from './errors.ts';
import { RESPONSE } from './operations.ts';
import { modifiedAtOf, type NamedObject } from './paths.ts';

const READ_ONLY = 1;

export interface Erasable {
  readonly object: NamedObject;
  /** The session in which its handle is good. */
  readonly session: number;
  /** AccessCapability of its storage. */
  readonly access: number;
}

/**
 * Deletes one object by DeleteObject, if it is still what was hashed and nothing protects it. That the device answered OK is no proof: some
 * answer so and keep the object.
 * @throws ObjectReplacedError; EraseRefusedError; PtpTransportError when nobody knows what was done
 */
export async function eraseObject(client: PtpClient, erasable: Erasable, seen: SeenObject): Promise<void> {
  const { object, session, access } = erasable;
  if (client.session !== session || object.handle !== seen.inode) throw new ObjectReplacedError();
  try {
    const info = await client.objectInfo(object.handle);
    const isSame =
      info.name === object.info.name &&
      info.size === seen.size &&
      modifiedAtOf({ ...object, info }) === seen.modifiedAt &&
      !info.isFolder;
    if (!isSame || client.session !== session) throw new ObjectReplacedError();
    if (info.protection !== 0) throw new EraseRefusedError('object-protected');
    if (access === READ_ONLY) throw new EraseRefusedError('store-read-only');
    await client.deleteObject(object.handle);
    passing('deleted on the device');
  } catch (error) {
    if (!(error instanceof PtpResponseError)) throw error;
    // Gone already: by somebody's hand, or by an attempt whose answer was lost.
    if (error.response === RESPONSE.invalidHandle) return;
    // What may be otherwise in a moment is no refusal.
    if (error.response === RESPONSE.busy || error.response === RESPONSE.sessionNotOpen) throw error;
    throw new EraseRefusedError(error.code);
  }
}
