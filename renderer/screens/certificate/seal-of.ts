export interface Seal {
  /** Signed lines, each one JSON value. */
  readonly lines: number;
  readonly algorithm: string;
  readonly publicKey: string;
  /** The fingerprint of the last line, which binds all lines before it. */
  readonly signs: string;
}

/** What the signed text says about its own signature, to show it; the check is `photodock verify-certificate`. Null when it cannot be read. */
export function sealOf(text: string): Seal | null {
  try {
    const elements: unknown = JSON.parse(text);
    if (!Array.isArray(elements)) return null;
    const last: unknown = elements.at(-1);
    const signature = record(record(last)['signature']);
    const { algorithm, publicKey, signs } = signature;
    if (typeof algorithm !== 'string' || typeof publicKey !== 'string' || typeof signs !== 'string') return null;
    return { lines: elements.length - 1, algorithm, publicKey, signs };
  } catch {
    return null;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
