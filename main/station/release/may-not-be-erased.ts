import type { MediumKind } from '../../../shared/domain/media.ts';
import type { Reader } from '../store/index.ts';

/** Whether phones may be erased here at all: those that the department manages, or none. */
export type PhonesMayBeErased = 'never' | 'managed';

/** A personal phone is only ever read: what it holds is its owner's, and what it deletes goes elsewhere (devices.md 2.5). */
export function isPersonalPhone(
  medium: { readonly kind: MediumKind; readonly managed: number },
  phones: PhonesMayBeErased,
): boolean {
  return medium.kind === 'phone' && !(phones === 'managed' && medium.managed === 1);
}

/** Why nothing of this docking's medium may ever be erased; null when it may. */
export async function mayNotBeErased(
  reader: Reader,
  dockingId: string,
  phones: PhonesMayBeErased,
): Promise<'personal-phone' | null> {
  const row = await reader.get<{ kind: MediumKind; managed: number }>(
    'SELECT m.kind, m.managed FROM medium m JOIN docking d ON d.medium_id = m.id WHERE d.id = ?',
    [dockingId],
  );
  return row && isPersonalPhone(row, phones) ? 'personal-phone' : null;
}
