import { errorCode, PhotodockError } from '../../shared/domain/errors.ts';
import type { IndexStore, SealedRef, SealedStore } from './store/index.ts';
import { SEAL_TROUBLE } from './store/index.ts';

/**
 * Opens the bytes of an item: from its own sealed file, or, where that one is missing or damaged, from that of another item with the very
 * same bytes. So docking the medium again mends what the station's disk lost.
 * @throws SealedJobError `sealed-missing`, `seal-broken`, `sealed-unreadable` when no sealed file of this content opens
 */
export async function openContent(
  store: IndexStore,
  sealed: SealedStore,
  own: SealedRef,
  sha256: string | null,
  urgent = false,
): Promise<Uint8Array<ArrayBuffer>> {
  const open = async (ref: SealedRef) => {
    const opened = await sealed.unseal(ref, urgent);
    if (sha256 === null || opened.sha256 === sha256) return opened.bytes as Uint8Array<ArrayBuffer>;
    sealed.note(ref.id, 'seal-broken');
    throw new PhotodockError('seal-broken', 'the sealed file opens to other bytes');
  };
  try {
    return await open(own);
  } catch (error) {
    if (sha256 === null || !SEAL_TROUBLE.has(errorCode(error))) throw error;
    const others = await store.read.all<SealedRef>(
      `SELECT id, sealed_name AS name, sealed_key AS key FROM item
       WHERE sha256 = ? AND id != ? AND sealed_name IS NOT NULL AND sealed_key IS NOT NULL LIMIT 8`,
      [sha256, own.id],
    );
    for (const other of others) {
      const bytes = await open(other).catch(() => null);
      if (bytes) return bytes;
    }
    throw error;
  }
}
