/** The bodies of a `multipart/related` request's parts, as views; null when it is not one. */
export function splitMultipart(contentType: string, body: Buffer): Buffer[] | null {
  const boundary = /^multipart\/related;.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  if (boundary === null) return null;
  const marker = Buffer.from(`--${boundary[1] ?? boundary[2]}`);
  const parts: Buffer[] = [];
  let at = body.indexOf(marker);
  while (at !== -1) {
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), marker]), at + marker.length);
    if (next === -1) break;
    const bodyStart = body.indexOf('\r\n\r\n', at + marker.length);
    if (bodyStart === -1 || bodyStart > next) return null;
    parts.push(body.subarray(bodyStart + 4, next));
    at = next + 2;
  }
  return parts.length > 0 ? parts : null;
}
