import fs from 'node:fs/promises';

/** One mounted filesystem as /proc/self/mountinfo tells it (proc(5)). */
export interface Mount {
  /** The kernel's number of this mount; given again after an unmount. */
  readonly id: string;
  readonly mountPoint: string;
  /** `major:minor` of the device. */
  readonly device: string;
  readonly filesystem: string;
  readonly source: string;
  readonly readOnly: boolean;
}

const unescape = (field: string) =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));

/** Parses the text of mountinfo; lines it does not understand are left out. */
export function parseMountInfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const left = before?.split(' ') ?? [];
    const right = after?.split(' ') ?? [];
    const [id, , device, , mountPoint, options] = left;
    const [filesystem, source, superOptions] = right;
    if (!id || !device || !mountPoint || !filesystem || source === undefined) return [];
    const readOnly = [options, superOptions].some((list) => list?.split(',').includes('ro'));
    return [{ id, mountPoint: unescape(mountPoint), device, filesystem, source: unescape(source), readOnly }];
  });
}

/** The mounts of this machine now; empty where the system has no mountinfo. */
export async function readMounts(): Promise<Mount[]> {
  return parseMountInfo(await fs.readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
}
