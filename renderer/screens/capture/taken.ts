import type { FrameFacts, Optics } from '../../../shared/contract/capture.ts';
import { bridge } from '../../data/bridge.ts';
import { queryClient } from '../../data/query.ts';
import { smallStore } from '../../data/small-store.ts';

/** JPEG quality of the one encoding that a picture ever gets. */
const QUALITY = 0.95;
/** A picture that is not saved is offered again this often, ms. */
const AGAIN_MS = 3000;

/** What was kept by a person and is on its way into the station. Its bytes stay here until the station has sealed them. */
export interface Taken {
  readonly dockingId: string;
  readonly facts: FrameFacts;
  readonly state: 'sending' | 'waiting' | 'refused' | 'sealed';
  /** Why it waits or was refused. */
  readonly code: string | null;
  readonly small: ImageBitmap;
}

/** A picture as it was frozen: the whole of the camera's picture, not encoded yet. */
export interface Frozen {
  readonly canvas: HTMLCanvasElement;
  readonly takenAt: number;
}

/** Nothing about these will be other when they are sent again. */
const REFUSED: ReadonlySet<string> = new Set([
  'bad-request',
  'frame-too-large',
  'frame-not-jpeg',
  'frame-not-of-camera',
  'no-such-docking',
]);

const pictures = smallStore<readonly Taken[]>([]);
const bytesOf = new Map<string, Uint8Array>();
let timer: number | undefined;

/** Pictures of this window that the station does not show yet, the newest first. */
export function useTaken(): readonly Taken[] {
  return pictures.use();
}

/** Freezes what the camera shows now. */
export function freeze(video: HTMLVideoElement): Frozen {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d', { alpha: false })?.drawImage(video, 0, 0);
  return { canvas, takenAt: Date.now() };
}

/** Encodes a frozen picture, once, and sends it until it is sealed. @throws Error when the picture cannot be encoded */
export async function keep({ canvas, takenAt }: Frozen, dockingId: string, optics: Optics): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('the picture cannot be encoded');
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const facts = { sha256, takenAt, optics };
  if (!bytesOf.has(sha256)) {
    bytesOf.set(sha256, bytes);
    const small = await createImageBitmap(canvas, { resizeWidth: 240, resizeQuality: 'medium' });
    pictures.set([{ dockingId, facts, state: 'sending', code: null, small }, ...pictures.get()]);
  }
  await send(sha256);
}

/** Offers again what is not saved. */
export function sendAgain(): void {
  for (const one of pictures.get()) if (one.state === 'waiting') void send(one.facts.sha256);
}

/** The station shows it by itself now. */
export function forget(sha256: string): void {
  bytesOf.delete(sha256);
  pictures.set(pictures.get().filter((one) => one.facts.sha256 !== sha256));
}

function change(sha256: string, to: Pick<Taken, 'state' | 'code'>): void {
  pictures.set(pictures.get().map((one) => (one.facts.sha256 === sha256 ? { ...one, ...to } : one)));
}

async function send(sha256: string): Promise<void> {
  const one = pictures.get().find(({ facts }) => facts.sha256 === sha256);
  const bytes = bytesOf.get(sha256);
  if (!one || !bytes) return;
  change(sha256, { state: 'sending', code: one.code });
  const answer = await bridge()
    .sendFrame(one.dockingId, one.facts, bytes)
    .catch(() => ({ ok: false as const, code: 'internal' }));
  if (answer.ok) {
    bytesOf.delete(sha256);
    change(sha256, { state: 'sealed', code: null });
    void queryClient.invalidateQueries({ queryKey: ['capture.frames'] });
    return;
  }
  change(sha256, { state: REFUSED.has(answer.code) ? 'refused' : 'waiting', code: answer.code });
  timer ??= window.setTimeout(() => {
    timer = undefined;
    sendAgain();
  }, AGAIN_MS);
}
