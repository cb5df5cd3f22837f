import type { Command } from './command.ts';

export type StoreOutcome = 'stored' | 'warning' | 'refused' | 'unknown';

/** PS3.4 table B.2-1. Anything not listed there as success or warning is a refusal. */
export function classifyStoreStatus(status: number): 'stored' | 'warning' | 'refused' {
  if (status === 0x0000) return 'stored';
  // coercion of data elements, elements discarded, data set does not match SOP class
  if (status === 0xb000 || status === 0xb006 || status === 0xb007) return 'warning';
  return 'refused';
}

/** An answer need not repeat what it answers (PS3.7 9.3.1.2); where it does, it must be what was asked. */
const isOther = (told: string | undefined, asked: string) => told !== undefined && told !== '' && told !== asked;

/** What a C-STORE response proves about the instance that was sent: a success that names another one proves nothing. */
export function judgeStoreAnswer(
  answer: {
    readonly status: number;
    readonly command: Pick<Command, 'affectedSopClassUid' | 'affectedSopInstanceUid'>;
  },
  sent: { readonly sopClassUid: string; readonly sopInstanceUid: string },
): StoreOutcome {
  const outcome = classifyStoreStatus(answer.status);
  const { affectedSopClassUid, affectedSopInstanceUid } = answer.command;
  const speaksOfAnother =
    isOther(affectedSopInstanceUid, sent.sopInstanceUid) || isOther(affectedSopClassUid, sent.sopClassUid);
  return speaksOfAnother && outcome !== 'refused' ? 'unknown' : outcome;
}
