import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { contentHash, instanceFromPart10, toPart10, type ArchivedInstance } from './part10.ts';

/** DICOM statuses this archive gives (PS3.4 B.2.3, PS3.7 annex C). */
export const archiveStatus = {
  success: 0x0000,
  duplicateUid: 0x0111,
  noSuchInstance: 0x0112,
  classConflict: 0x0119,
  processingFailure: 0x0110,
  datasetMismatch: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

/** What an archive does with instances; the two protocols are only doors to it. */
export interface InstanceStore {
  /** Returns the DICOM status: success (also for the very same bytes again) or why not. */
  put(instance: ArchivedInstance): Promise<number>;
  get(sopInstanceUid: string): Promise<ArchivedInstance | null>;
  list(): Promise<StoredReference[]>;
}

export type StoredReference = Omit<ArchivedInstance, 'dataset'> & { readonly contentHash: string };

/** Keeps every instance as one Part-10 file named by its SOP Instance UID, and never replaces one by another. */
export async function openInstanceStore(folder: string): Promise<InstanceStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = new Map<string, StoredReference>();
  const pathOf = (uid: string) => join(folder, `${uid}.dcm`);
  for (const name of await readdir(folder)) {
    if (name.endsWith('.part')) await rm(join(folder, name), { force: true });
    else if (name.endsWith('.dcm')) remember(known, instanceFromPart10(await readFile(join(folder, name))));
  }
  // One at a time: two associations may bring the same UID at once.
  let last: Promise<unknown> = Promise.resolve();
  const put = async (instance: ArchivedInstance): Promise<number> => {
    const present = known.get(instance.sopInstanceUid);
    if (present !== undefined) {
      return present.contentHash === contentHash(instance) ? archiveStatus.success : archiveStatus.duplicateUid;
    }
    const path = pathOf(instance.sopInstanceUid);
    const file = await open(`${path}.part`, 'w', 0o600);
    try {
      await file.writeFile(toPart10(instance));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    remember(known, instance);
    return archiveStatus.success;
  };
  return {
    put: (instance) => {
      const result = last.then(() => put(instance));
      last = result.catch(() => undefined);
      return result;
    },
    get: async (uid) => (known.has(uid) ? instanceFromPart10(await readFile(pathOf(uid))) : null),
    list: async () => [...known.values()],
  };
}

function remember(known: Map<string, StoredReference>, instance: ArchivedInstance): void {
  const { dataset: _, ...reference } = instance;
  known.set(instance.sopInstanceUid, { ...reference, contentHash: contentHash(instance) });
}
