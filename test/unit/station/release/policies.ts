import type { ErasePolicy } from '../../../../main/station/release/original-may-leave.ts';

const BOTH = [true, false] as const;
const WORDS: Readonly<Record<keyof ErasePolicy, typeof BOTH>> = {
  heicMayLeave: BOTH,
  rawMayLeave: BOTH,
  motionMayLeave: BOTH,
  derivedMayLeave: BOTH,
  rejectedMayLeave: BOTH,
};

/** Every policy that station.json can ask for. */
export const POLICIES = Object.keys(WORDS).reduce<Record<string, boolean>[]>(
  (policies, word) => policies.flatMap((policy) => BOTH.map((value) => ({ ...policy, [word]: value }))),
  [{}],
) as unknown as readonly ErasePolicy[];

export const STRICT: ErasePolicy = {
  heicMayLeave: false,
  rawMayLeave: false,
  motionMayLeave: false,
  derivedMayLeave: false,
  rejectedMayLeave: false,
};
