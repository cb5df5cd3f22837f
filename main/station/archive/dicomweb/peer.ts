/** One DICOMweb archive as configured. Keep one object per archive: connections are kept alive per object. */
export interface Peer {
  /** Service root, e.g. `https://pacs.example/dicom-web`, with or without a closing slash. */
  readonly baseUrl: string;
  /** Sent with every request, e.g. `{ Authorization: 'Bearer ...' }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM: trusted roots, and our own certificate with key for mutual TLS. */
  readonly tls?: { readonly ca?: string | Buffer; readonly cert?: string | Buffer; readonly key?: string | Buffer };
  readonly timeouts?: Partial<PeerTimeouts>;
}

export interface PeerTimeouts {
  /** Until the connection stands, TLS included. */
  readonly connectMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
  /** For a whole request with its answer. */
  readonly totalMs: number;
}

export const defaultTimeouts: PeerTimeouts = { connectMs: 10_000, idleMs: 60_000, totalMs: 600_000 };

/** `host:port` of a peer, for messages: never the path (it holds UIDs) and never credentials. */
export function peerName(peer: Peer): string {
  return new URL(peer.baseUrl).host;
}
