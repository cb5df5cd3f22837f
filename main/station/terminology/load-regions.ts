import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BodyGroup, LateralityCode, Region } from '../../../shared/domain/terminology.ts';
import { PhotodockError } from '../../../shared/domain/errors.ts';

interface Code {
  scheme: string;
  code: string;
  meaning: string;
}

/** resources/terminology/cid-4029.json, built by scripts/build-terminology.py. */
interface CodeFile {
  regions: Code[];
  retired: (Code & { replacedBy: { scheme: string; code: string } | null })[];
  laterality: Code[];
}

/** resources/terminology/regions-authored.json, written by hand. */
interface AuthoredFile {
  regions: Record<
    string,
    {
      group: BodyGroup;
      paired: boolean | 'implied';
      impliedSide?: 'R' | 'L';
      sensitive: boolean;
      synonyms: string[];
    }
  >;
}

export interface LoadedTerms {
  /** The regions on offer, by meaning. */
  regions: readonly Region[];
  /** Every code that may be read, old ones included. */
  byKey: ReadonlyMap<string, Region>;
  laterality: readonly LateralityCode[];
}

/** Reads both files of the folder and joins them. @throws PhotodockError `terminology-incomplete` when a code lacks its authored part */
export function loadRegions(resourceDir: string): LoadedTerms {
  const codes = readJson(resourceDir, 'cid-4029.json') as CodeFile;
  const authored = readJson(resourceDir, 'regions-authored.json') as AuthoredFile;
  const regions = codes.regions.map((code) => describe(code, authored));
  const byKey = new Map(regions.map((region) => [region.key, region]));
  for (const old of codes.retired) {
    const key = keyOf(old);
    if (old.replacedBy === null) {
      byKey.set(key, { ...describe(old, authored), retired: true });
      continue;
    }
    const successor = byKey.get(keyOf(old.replacedBy));
    if (!successor) throw incomplete(key);
    byKey.set(key, { ...successor, replaces: key });
  }
  return { regions, byKey, laterality: codes.laterality };
}

/** The key of a code: `SCHEME:CODE`. */
export function keyOf({ scheme, code }: { scheme: string; code: string }): string {
  return `${scheme}:${code}`;
}

function describe({ scheme, code, meaning }: Code, authored: AuthoredFile): Region {
  const key = keyOf({ scheme, code });
  const more = authored.regions[key];
  if (!more) throw incomplete(key);
  const { group, paired, impliedSide, sensitive, synonyms } = more;
  return { key, scheme, code, meaning, group, paired, impliedSide: impliedSide ?? null, sensitive, synonyms };
}

function incomplete(key: string): PhotodockError {
  return new PhotodockError('terminology-incomplete', `no authored data for region ${key}`, { key });
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
