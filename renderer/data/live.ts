import type { ProgressView } from '../../shared/contract.ts';
import { smallStore } from './small-store.ts';

/** Live progress per docking, newer than the docking's own answer. `null`: the job has ended since. */
export const liveProgress = smallStore<ReadonlyMap<string, ProgressView | null>>(new Map());

/** Whether the shell reaches the station. */
export const connection = smallStore<'connected' | 'reconnecting'>('connected');

/** How many pictures of a live camera the shell keeps that no station has sealed yet. */
export const framesWaiting = smallStore(0);

/** The last thing done, told in the status line and read out by screen readers. */
export interface Said {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly at: number;
}
export const said = smallStore<Said | null>(null);

/** Says something in the status line. */
export function say(text: string, tone: Said['tone'] = 'plain'): void {
  said.set({ text, tone, at: Date.now() });
}
