import { z } from 'zod';
import { hasWords } from './words.ts';
import type { StaysShape } from './schemas.ts';

/** What the command line reads out of a certificate's text, which the station wrote just now or `verify` has checked. */
const Element = z.looseObject({});
const Header = z.looseObject({
  docking: z.string(),
  issuedAt: z.string(),
  medium: z.looseObject({ kind: z.string() }).optional(),
  means: z.string().optional(),
});
const Item = z.looseObject({
  file: z.string(),
  end: z.enum(['erased', 'never-stored', 'present', 'kept', 'erase-unverified', 'erasing']),
  because: z.array(z.string()),
  stage: z.string(),
  code: z.string().nullable(),
});
const NotFollowed = z.looseObject({ notFollowed: z.string(), what: z.string() });
const Sum = z.looseObject({ equation: z.looseObject({ listed: z.number() }), clear: z.boolean() });

export interface CertificateAccount {
  readonly docking: string;
  readonly issuedAt: string;
  readonly listed: number;
  readonly erased: number;
  readonly clear: boolean;
  /** What kind of medium it is about, and what it says that erased means there; null where it does not say. */
  readonly kind: string | null;
  readonly means: string | null;
  readonly stays: z.output<typeof StaysShape>[];
}

/** The account a certificate gives; null when it is none. */
export function readCertificate(text: string): CertificateAccount | null {
  let elements: unknown;
  try {
    elements = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = z.array(Element).safeParse(elements);
  return parsed.success ? accountOf(parsed.data) : null;
}

/** The same from elements that are parsed already. */
export function accountOf(elements: readonly unknown[]): CertificateAccount | null {
  const header = Header.safeParse(elements[0]);
  const sum = elements.map((one) => Sum.safeParse(one)).find((one) => one.success)?.data;
  if (!header.success || sum === undefined) return null;
  const items = elements.flatMap((one) => Item.safeParse(one).data ?? []);
  const notFollowed = elements.flatMap((one) => NotFollowed.safeParse(one).data ?? []);
  return {
    docking: header.data.docking,
    issuedAt: header.data.issuedAt,
    listed: sum.equation.listed,
    erased: items.filter(({ end }) => end === 'erased').length,
    clear: sum.clear,
    kind: header.data.medium?.kind ?? null,
    means: header.data.means ?? null,
    stays: [
      ...items.flatMap(({ file, end, because, code }) =>
        end === 'erased' || end === 'never-stored'
          ? []
          : [{ file, end, because: because.length > 0 ? because : code === null ? [] : [code] }],
      ),
      ...notFollowed.map(({ notFollowed: file, what }) => ({
        file,
        end: 'not-followed' as const,
        because: [hasWords(what) ? what : 'not-followed'],
      })),
    ],
  };
}

/** What may be said of what was erased from a medium of this kind: a device is asked anew, no more can be known. */
export function erasedWords(kind: string | null): string {
  if (kind === 'camera') return 'deleted on the camera and no longer listed in a new session';
  if (kind === 'dermatoscope') return 'deleted on the device and no longer listed in a new session';
  if (kind === 'phone') return 'deletion requested from the phone and no longer listed in a new session';
  return 'deleted and checked absent';
}

/** The certificate's own statement, where there is more to know than its words say: devices only. */
export function statementOf({ kind, means }: CertificateAccount): string | null {
  return kind === 'phone' || kind === 'camera' || kind === 'dermatoscope' ? means : null;
}
