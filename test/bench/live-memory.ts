type Reply = { id?: number; result?: { usedSize: number; embedderHeapUsedSize: number; backingStorageSize: number } };

/**
 * MB that a Node process still refers to, in its heap and in buffers outside of it, after its garbage was collected.
 * @param port where it was told to listen by `--inspect`
 * @throws Error when nobody answers there
 */
export async function liveMemory(port: number): Promise<number> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl);
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  socket.addEventListener('error', () => reject(new Error(`no inspector answers at ${port}`)));
  socket.addEventListener('open', () => {
    // Twice: what the first round finalizes is let go of by the second.
    for (const id of [0, 1]) socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
    socket.send(JSON.stringify({ id: 2, method: 'Runtime.getHeapUsage' }));
  });
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.id === 2) resolve(reply);
  });
  try {
    const { result } = await promise;
    if (!result) throw new Error(`the inspector at ${port} told no heap`);
    return (result.usedSize + result.embedderHeapUsedSize + result.backingStorageSize) / 1e6;
  } finally {
    socket.close();
  }
}
