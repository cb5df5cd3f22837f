import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The folder by which a test and an armed station (durable-armed.ts) speak with each other. */
export class FaultPoints {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(folder: string): Promise<FaultPoints> {
    await mkdir(folder, { recursive: true });
    return new FaultPoints(folder);
  }

  /** Every durable point that stations passed so far, in the order in which they were first passed. */
  async passed(): Promise<string[]> {
    return [...new Set(await this.#lines('points'))];
  }

  /** The steps that stations said they have. */
  async declared(): Promise<string[]> {
    return [...new Set(await this.#lines('steps'))];
  }

  /** From now on the station dies by SIGKILL when it passes this point for the `passing`th time. */
  async killAt(point: string, passing = 1): Promise<void> {
    await rm(path.join(this.folder, 'killed'), { force: true });
    const file = path.join(this.folder, 'kill');
    await writeFile(`${file}.new`, JSON.stringify({ point, passing }));
    await rename(`${file}.new`, file);
  }

  /** The point at which the station died, or null; nothing is armed any more. */
  async disarm(): Promise<string | null> {
    await rm(path.join(this.folder, 'kill'), { force: true });
    return this.killed();
  }

  /** The point at which the station died since something was armed, or null. */
  killed(): Promise<string | null> {
    return readFile(path.join(this.folder, 'killed'), 'utf8').catch(() => null);
  }

  async #lines(name: string): Promise<string[]> {
    const text = await readFile(path.join(this.folder, name), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  }
}
