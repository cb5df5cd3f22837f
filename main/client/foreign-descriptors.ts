import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

const CLOSE_ON_EXEC = 0o2000000;

/**
 * The `stdio` of a process that is to outlive us: nothing of ours, and nothing that we ourselves inherited without
 * close-on-exec. A station that kept the pipe of whoever launched the window would keep that launcher waiting for ever.
 */
export function stdioOfAnother(): { stdio: ('ignore' | number)[]; close: () => void } {
  const inherited = foreignDescriptors();
  if (inherited.length === 0) return { stdio: ['ignore', 'ignore', 'ignore'], close: () => undefined };
  const nothing = openSync('/dev/null', 'r+');
  const stdio: ('ignore' | number)[] = Array.from({ length: Math.max(...inherited) + 1 }, () => 'ignore' as const);
  for (const descriptor of inherited) stdio[descriptor] = nothing;
  return { stdio, close: () => closeSync(nothing) };
}

/** Descriptors above 2 that a child would get (Linux; elsewhere Node's own spawn leaves none). */
function foreignDescriptors(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && !closesOnExec(descriptor));
}

function closesOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return (parseInt(flags ?? '0', 8) & CLOSE_ON_EXEC) !== 0;
  } catch {
    // The descriptor of the listing itself is gone by now.
    return true;
  }
}
