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
  const { item, file } = element;
  // Whatever was written there instead of a name must not keep the verdict from being given.
  if (typeof file === 'string')
    return `item ${typeof item === 'string' || typeof item === 'number' ? item : '?'} (${file})`;
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
  const elements: CertificateElement[] = [];
  let hash = START;
  // Read from the start, so that what is wrong further down cannot shift the line that is named.
  let at = 1;
  for (let line = lines[at]; line?.endsWith(','); line = lines[at]) {
    const element = parseLine(line.slice(0, -1));
    if (!element) return bad(at + 1, `element ${at}`, 'altered');
    const { hash: told, ...rest } = element;
    const next = chain(hash, rest);
    if (told !== next || `${JSON.stringify({ ...rest, hash: next })},` !== line)
      return bad(at + 1, about(rest, at), 'altered');
    if (at === 1 && rest['format'] !== FORMAT) return bad(2, 'the header', 'not a Photodock certificate');
    hash = next;
    elements.push(rest);
    at += 1;
  }
  const signature = lines[at] === undefined ? null : readSignature(lines[at]!);
  if (elements.length < 2 || !signature || signature.signs !== hash) return bad(at + 1, 'the signature', 'altered');
  if (publicKey !== undefined && signature.publicKey !== publicKey) {
    return bad(at + 1, 'the signature', 'signed with another key than this station has');
  }
  if (!isGenuine(signature, hash)) return bad(at + 1, 'the signature', 'altered, or not by this key');
  if (lines[at + 1] !== ']') return bad(at + 2, 'the closing bracket', 'altered');
  if (lines[at + 2] !== '' || lines.length !== at + 3) return bad(at + 3, 'the end', 'altered');
  return { ok: true, elements, publicKey: signature.publicKey };
}

type Signature = { readonly publicKey: string; readonly signs: string; readonly value: string };

/** The signature's line, when it is spelled exactly as `writeCertificate` spells it. */
function readSignature(line: string): Signature | null {
  const { publicKey, signs, value } = (parseLine(line)?.['signature'] ?? {}) as Partial<Signature>;
  if (typeof publicKey !== 'string' || typeof signs !== 'string' || typeof value !== 'string') return null;
  return JSON.stringify({ signature: { algorithm: 'Ed25519', publicKey, signs, value } }) === line
    ? { publicKey, signs, value }
    : null;
}

/** Base64 has more than one spelling of the same bytes; only the one that was written counts. */
const isPlainBase64 = (text: string) => Buffer.from(text, 'base64').toString('base64') === text;

function isGenuine({ publicKey, value }: Signature, hash: string): boolean {
  if (!isPlainBase64(publicKey) || !isPlainBase64(value)) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' });
    return (
      key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(hash, 'hex'), key, Buffer.from(value, 'base64'))
    );
  } catch {
    return false;
  }
}
