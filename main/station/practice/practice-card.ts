import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const shipped = fileURLToPath(new URL('../../../resources/practice/card', import.meta.url));

/**
 * Lays a practice card out in a folder as a camera leaves it: numbered pictures in DCIM, a RAW+JPEG pair, a HEIC with its
 * sidecar, and the camera's own index file.
 * @param resources where the shipped card lies, in a packaged program
 */
export async function makePracticeCard(folder: string, resources: string = shipped): Promise<void> {
  await cp(resources, folder, { recursive: true, errorOnExist: false });
}
