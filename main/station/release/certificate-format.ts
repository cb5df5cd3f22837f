import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * The certificate's text: a JSON array, one element on each physical line, so that a changed byte can be named by its
 * line. Every element carries `hash` = SHA-256(hash before it | its own canonical JSON); the last element signs the last
 * hash with the station's Ed25519 key (RFC 8032).
 */
export const FORMAT = 'photodock-certificate/1';

export type CertificateElement = Readonly<Record<string, unknown>>;

function chain(previous: string, element: CertificateElement): string {
  return createHash('sha256').update(previous).update(JSON.stringify(element)).digest('hex');
}

const START = createHash('sha256').update(FORMAT).digest('hex');

/** Writes and signs a certificate. */
export function writeCertificate(elements: readonly CertificateElement[], privateKey: KeyObject): string {
  let hash = START;
  const lines = elements.map((element) => {
    hash = chain(hash, element);
    return JSON.stringify({ ...element, hash });
  });
  const signature = {
    signature: {
      algorithm: 'Ed25519',
      publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64'),
      signs: hash,
      value: sign(null, Buffer.from(hash, 'hex'), privateKey).toString('base64'),
    },
  };
  return `[\n${[...lines, JSON.stringify(signature)].join(',\n')}\n]\n`;
}

export type CertificateVerdict =
  | { readonly ok: true; readonly elements: readonly CertificateElement[]; readonly publicKey: string }
  | { readonly ok: false; readonly line: number; readonly what: string; readonly why: string };

/** What a line is about, for a person who has to find it. */
function about(element: CertificateElement | null, index: number): string {
  if (!element) return `element ${index}`;
  if (typeof element['file'] === 'string') return `item ${String(element['item'])} (${element['file']})`;
  if ('format' in element) return 'the header';
  if ('equation' in element) return 'the custody equation';
  return `element ${index}`;
}

function parseLine(text: string): CertificateElement | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as CertificateElement) : null;
  } catch {
    return null;
  }
}

/**
 * Checks a certificate and names the first physical line (from 1) that is not as it was signed.
 * @param publicKey base64 DER of the key that must have signed; without it the certificate's own key is used, which
 *   shows that the text is whole, not who wrote it
 */
export function verifyCertificate(text: string, publicKey?: string): CertificateVerdict {
  const lines = text.split('\n');
  const bad = (line: number, what: string, why: string): CertificateVerdict => ({ ok: false, line, what, why });
  if (lines[0] !== '[') return bad(1, 'the opening bracket', 'altered');
  const end = lines.length - 1;
  const elements: CertificateElement[] = [];
  let hash = START;
  for (let at = 1; at < end - 2; at += 1) {
    const line = lines[at]!;
    const element = line.endsWith(',') ? parseLine(line.slice(0, -1)) : null;
    if (!element) return bad(at + 1, `element ${at}`, 'altered');
    const { hash: told, ...rest } = element;
    const next = chain(hash, rest);
    if (told !== next || `${JSON.stringify({ ...rest, hash: next })},` !== line) return bad(at + 1, about(rest, at), 'altered');
    hash = next;
    elements.push(rest);
  }
  if (elements.length < 2 || elements[0]?.['format'] !== FORMAT) return bad(2, 'the header', 'not a Photodock certificate');
  const signatureLine = end - 1;
  const signature = parseLine(lines[end - 2] ?? '')?.['signature'] as Record<string, string> | undefined;
  const exact = signature && JSON.stringify({ signature }) === lines[end - 2];
  if (!exact || signature['signs'] !== hash) return bad(signatureLine, 'the signature', 'altered');
  if (publicKey !== undefined && signature['publicKey'] !== publicKey) {
    return bad(signatureLine, 'the signature', 'signed with another key than this station has');
  }
  let genuine = false;
  try {
    const key = createPublicKey({ key: Buffer.from(signature['publicKey'] ?? '', 'base64'), type: 'spki', format: 'der' });
    genuine = verify(null, Buffer.from(hash, 'hex'), key, Buffer.from(signature['value'] ?? '', 'base64'));
    // Base64 has more than one spelling of the same bytes; only the one that was written counts.
    genuine &&= Buffer.from(signature['value'] ?? '', 'base64').toString('base64') === signature['value'];
  } catch {
    genuine = false;
  }
  if (!genuine) return bad(signatureLine, 'the signature', 'altered, or not by this key');
  if (lines[end - 1] !== ']') return bad(end, 'the closing bracket', 'altered');
  if (lines[end] !== '') return bad(end + 1, 'the end', 'altered');
  return { ok: true, elements, publicKey: signature['publicKey']! };
}
