import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what Linux, macOS and Windows hand out by themselves: an outgoing connection of anybody may take one of those at any moment. */
const FIRST = 12_000;
const LAST = 31_999;
const MOST_TRIES = 50;

/**
 * A port of loopback that nobody listens on right now, for who is to listen there later, and perhaps again after it was ended.
 * @throws Error where no port could be listened on
 */
export async function freePort(): Promise<number> {
  for (let left = MOST_TRIES; ; left -= 1) {
    const port = randomInt(FIRST, LAST + 1);
    try {
      await tryPort(port);
      return port;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

function tryPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
