import { readdir, readFile } from 'node:fs/promises';

/** A process and all below it, from /proc. */
export async function processTree(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const tree = [pid];
  for (const one of tree) for (const [child, parent] of parents) if (parent === one) tree.push(child);
  return tree;
}

/** What everybody on the machine may ask the kernel about a process: its command line, environment and limits. */
export async function publicFace(pid: number): Promise<{ commandLine: string; environment: string; limits: string }> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  return { commandLine: await read('cmdline'), environment: await read('environ'), limits: await read('limits') };
}
