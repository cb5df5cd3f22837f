import type { CaptureDeviceView } from '../../../shared/contract/capture.ts';
import { smallStore } from '../../data/small-store.ts';
import { ask } from '../../data/use-call.ts';
import { codeOf } from '../../data/call-error.ts';

/** What stands between a person and a live picture; `live` is nothing. */
export type CameraPhase =
  | 'starting'
  | 'choose'
  | 'none'
  | 'refused'
  | 'busy'
  | 'lost'
  | 'failed'
  /** The picture is live, and the station has not docked it (yet): why, in `code`. */
  | 'not-docked'
  | 'live';

export interface CameraChoice {
  readonly deviceId: string;
  readonly label: string;
}

export interface Camera {
  readonly phase: CameraPhase;
  readonly choices: readonly CameraChoice[];
  readonly label: string | null;
  readonly stream: MediaStream | null;
  readonly width: number;
  readonly height: number;
  readonly dockingId: string | null;
  readonly device: CaptureDeviceView | null;
  readonly awaitsApproval: boolean;
  readonly code: string | null;
}

const NOTHING: Camera = {
  phase: 'starting',
  choices: [],
  label: null,
  stream: null,
  width: 0,
  height: 0,
  dockingId: null,
  device: null,
  awaitsApproval: false,
  code: null,
};

/** The station hears this often that the camera is still here, ms. It takes 45 s of silence for its end. */
const HERE_MS = 5000;
/** Nobody has looked at the Capture screen for this long: the camera is undocked, ms. */
const UNSEEN_MS = 10 * 60_000;
/** The shell knows the place of this window a moment after the window does; until then it refuses the camera. */
const REFUSAL_TRIES = 5;

const state = smallStore<Camera>(NOTHING);
let turn = 0;
let heartbeat: number | undefined;
let unseen: number | undefined;

export const useCamera = (): Camera => state.use();

const change = (to: Partial<Camera>): void => state.set({ ...state.get(), ...to });
const nameOf = (error: unknown): string => (error instanceof DOMException ? error.name : '');

/** `Scope 4K (1234:5678)`: Chromium puts vendor and product of a USB camera behind its name. */
export function usbNumbers(label: string): { vendorId?: string; productId?: string } {
  const [, vendorId, productId] = /\(([0-9a-f]{4}):([0-9a-f]{4})\)\s*$/i.exec(label) ?? [];
  if (vendorId === undefined || productId === undefined) return {};
  return { vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase() };
}

/** The screen is shown: the camera that was used here last goes live; a new one is asked for first. Returns what ends it. */
export function showCamera(): () => void {
  window.clearTimeout(unseen);
  void start();
  navigator.mediaDevices.addEventListener('devicechange', onDevices);
  return () => {
    navigator.mediaDevices.removeEventListener('devicechange', onDevices);
    turn += 1;
    stopStream();
    // The connection is the device's, not the screen's: it stays docked while somebody files, but not for ever.
    unseen = window.setTimeout(() => void undock(), UNSEEN_MS);
    navigator.mediaDevices.addEventListener('devicechange', onDevicesUnseen, { once: true });
  };
}

/** Looks for cameras again, and takes the one that is known, or the one that was chosen. */
export async function start(chosen?: CameraChoice): Promise<void> {
  turn += 1;
  const mine = turn;
  stopStream();
  change({ phase: 'starting', code: null });
  try {
    const choices = await cameras();
    if (mine !== turn) return;
    change({ choices });
    if (choices.length === 0) {
      change({ phase: 'none', label: null });
      return;
    }
    const wanted = chosen ?? (await remembered(choices));
    if (mine !== turn) return;
    if (!wanted) {
      change({ phase: 'choose', label: null });
      return;
    }
    await goLive(wanted, mine);
  } catch (error) {
    if (mine !== turn) return;
    change({ phase: phaseOf(error), code: null });
  }
}

/** A person has finished with it. */
export async function putAway(): Promise<void> {
  turn += 1;
  stopStream();
  await undock();
  change({ ...NOTHING, phase: 'choose', choices: state.get().choices });
}

/** What is known of the device has changed. */
export function describedAs(device: CaptureDeviceView): void {
  if (state.get().device?.mediumId === device.mediumId) change({ device });
}

async function cameras(): Promise<CameraChoice[]> {
  for (let attempt = 1; ; attempt += 1) {
    const all = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
    const named = all.filter(({ label, deviceId }) => label !== '' && deviceId !== '');
    if (all.length === 0 || named.length > 0) return named.map(({ label, deviceId }) => ({ label, deviceId }));
    // Cameras without names: the shell does not let this screen see them yet.
    if (attempt >= REFUSAL_TRIES) throw new DOMException('no camera is permitted', 'NotAllowedError');
    await new Promise((resolve) => window.setTimeout(resolve, 100 * attempt));
  }
}

async function remembered(choices: readonly CameraChoice[]): Promise<CameraChoice | undefined> {
  const { devices } = await ask('capture.devices', {});
  for (const { label } of devices) {
    const found = choices.find((choice) => choice.label === label);
    if (found) return found;
  }
  return undefined;
}

async function goLive(choice: CameraChoice, mine: number): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    // As many points as the camera has, and none that are made up.
    video: {
      deviceId: { exact: choice.deviceId },
      width: { ideal: 4096 },
      height: { ideal: 3072 },
      frameRate: { ideal: 30 },
    },
  });
  const [track] = stream.getVideoTracks();
  if (mine !== turn || !track) {
    for (const one of stream.getTracks()) one.stop();
    return;
  }
  track.addEventListener('ended', () => void onLost(mine));
  const { width = 0, height = 0 } = track.getSettings();
  change({ phase: 'not-docked', label: choice.label, stream, width, height, code: null });
  await dock(choice.label, mine);
}

async function dock(label: string, mine: number): Promise<void> {
  try {
    const { dockingId, device, awaitsApproval } = await ask('capture.open', {
      device: { label, ...usbNumbers(label) },
    });
    if (mine !== turn) return;
    change({ phase: 'live', dockingId, device, awaitsApproval, code: null });
  } catch (error) {
    if (mine !== turn) return;
    change({ phase: 'not-docked', dockingId: null, code: codeOf(error) });
  }
  window.clearInterval(heartbeat);
  heartbeat = window.setInterval(() => void tellHere(), HERE_MS);
}

/** Tells the station that the camera is here; docks it (again) where the station does not have it: it may have been restarted. */
async function tellHere(): Promise<void> {
  const { dockingId, label, stream } = state.get();
  if (dockingId !== null) {
    const open = await ask('capture.here', { dockingId }).then(
      (answer) => answer.open,
      () => true,
    );
    if (open && !state.get().awaitsApproval) return;
  }
  if (stream && label !== null) await dock(label, turn);
}

/** Unplugged, or the system took it away: said at once; it is taken up again by itself when it is back. */
async function onLost(mine: number): Promise<void> {
  if (mine !== turn) return;
  turn += 1;
  stopStream();
  change({ phase: 'lost' });
  await undock();
}

function onDevices(): void {
  const { phase, label, stream } = state.get();
  if (stream) {
    const [track] = stream.getVideoTracks();
    if (track?.readyState === 'ended') void onLost(turn);
    else
      void cameras().then(
        (choices) => change({ choices }),
        () => undefined,
      );
    return;
  }
  if (phase === 'lost') {
    void cameras().then(
      (choices) => {
        change({ choices });
        const back = choices.find((choice) => choice.label === label);
        if (back) void start(back);
      },
      () => undefined,
    );
  } else if (phase !== 'starting') {
    void start();
  }
}

/** Off the screen cameras have no names here; that there is none at all is told all the same. */
function onDevicesUnseen(): void {
  void navigator.mediaDevices.enumerateDevices().then((all) => {
    if (!all.some(({ kind }) => kind === 'videoinput')) void undock();
  });
}

function stopStream(): void {
  for (const track of state.get().stream?.getTracks() ?? []) track.stop();
  change({ stream: null, width: 0, height: 0 });
}

async function undock(): Promise<void> {
  window.clearInterval(heartbeat);
  const { dockingId } = state.get();
  if (dockingId === null) return;
  // What was taken stays on the screen by its docking; only the connection is over.
  await ask('capture.close', { dockingId }).catch(() => undefined);
}

function phaseOf(error: unknown): CameraPhase {
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}
