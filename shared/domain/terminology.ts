/** The side of an image's region, as DICOM's Image Laterality (0020,0062) says it: right, left, both, or unpaired. */
export type Laterality = 'R' | 'L' | 'B' | 'U';

export type BodyGroup =
  'head-neck' | 'trunk' | 'upper-limb' | 'lower-limb' | 'genital' | 'mucosa' | 'nail' | 'hair' | 'eye' | 'other';

/** An anatomic region of DICOM CID 4029. Its scheme always travels with its code: SCT, DCM or FMA. */
export interface Region {
  /** `SCHEME:CODE`, e.g. `SCT:33712006`. */
  key: string;
  scheme: string;
  code: string;
  meaning: string;
  group: BodyGroup;
  /** Whether the region can have a side; `implied`: its name states one. */
  paired: boolean | 'implied';
  impliedSide: 'R' | 'L' | null;
  /** Breast, genital and anal regions. */
  sensitive: boolean;
  synonyms: readonly string[];
  /** Set when this was looked up by an older code that it replaces, as `SCHEME:CODE`. */
  replaces?: string;
  /** True for an older code without successor: shown on what was filed with it, not offered any more. */
  retired?: true;
}

/** A region found by typing. */
export interface RegionHit {
  region: Region;
  /** What the words matched best: the region's meaning or one of its synonyms. */
  matched: string;
  /** The side named at either end of the query ("l hand", "hand left"), if this region can have it. */
  lateralityHint: 'R' | 'L' | 'B' | null;
}

/** A code of CID 244 (laterality). */
export interface LateralityCode {
  scheme: string;
  code: string;
  meaning: string;
}
