import { z } from 'zod';
import { BUTTON_ACTIONS, TEACHING_STEPS } from '../domain/buttons.ts';
import { call } from './call.ts';
import { Id } from './views.ts';

const Nothing = z.object({}).strict();
const At = z.number().int().nonnegative();
const Label = z.string().trim().min(1).max(60);

/** A taught button. */
export const ButtonView = z.object({
  id: Id,
  label: z.string(),
  action: z.enum(BUTTON_ACTIONS),
  /** hid: a pedal or a button that tells reports; evdev: the button of a camera, as Linux shows it. */
  source: z.enum(['hid', 'evdev']),
  /** What the device calls itself; may be empty. */
  deviceName: z.string(),
  connected: z.boolean(),
  /** Since the station was started. */
  lastPressedAt: At.nullable(),
  taughtAt: At,
  taughtBy: z.string().nullable(),
});
export type ButtonView = z.output<typeof ButtonView>;

/** How far the teaching of a button is. */
export const TeachingView = z.object({
  /** Null: nobody teaches. */
  step: z.enum(TEACHING_STEPS).nullable(),
  /** Devices that are listened to. */
  devices: z.number().int().nonnegative(),
  secondsLeft: z.number().int().nonnegative(),
  /** What was pressed, once it is known. */
  proposal: z
    .object({
      source: z.enum(['hid', 'evdev']),
      deviceName: z.string(),
      /** The name it was taught by before. */
      taughtAs: z.string().nullable(),
    })
    .nullable(),
});
export type TeachingView = z.output<typeof TeachingView>;

/** Pedals, buttons on devices, and scanners that do not type. */
export const buttonsCalls = {
  'buttons.list': call(
    'see',
    Nothing,
    z.object({
      /** off: switched off in station.json. restarting: the process that listens has ended and is started anew. */
      listening: z.enum(['on', 'off', 'restarting']),
      buttons: z.array(ButtonView),
      /** Scanners in HID POS mode that are plugged, by what they call themselves. */
      scanners: z.array(z.string()),
    }),
  ),
  /** Listens to all devices for at most 30 s, until one has told the same press twice. No press does anything meanwhile. */
  'buttons.learn.start': call('teach', Nothing, TeachingView),
  'buttons.learn.state': call('teach', Nothing, TeachingView),
  'buttons.learn.stop': call('teach', Nothing, z.object({})),
  /** Keeps the button that the teaching has found. */
  'buttons.save': call('teach', z.object({ label: Label, action: z.enum(BUTTON_ACTIONS) }), ButtonView),
  'buttons.remove': call('teach', z.object({ buttonId: Id }), z.object({})),
  /** The taught buttons as the text of a file, for another station of the site. */
  'buttons.export': call('teach', Nothing, z.object({ text: z.string() })),
  /** Adds what such a file holds. */
  'buttons.import': call(
    'teach',
    z.object({ text: z.string().max(500_000) }),
    z.object({ added: z.number(), known: z.number() }),
  ),
  /** The code of a scan, once, within 15 s. */
  'scans.take': call('file', z.object({ scanId: Id }), z.object({ code: z.string() })),
} as const;

/** Events of buttons and scanners. They reach clients only while somebody is signed in; what was scanned is asked for by `scans.take`. */
export const buttonEvents = {
  /** A taught button was pressed. */
  button: z.object({ buttonId: Id, action: z.enum(BUTTON_ACTIONS) }),
  /** A scanner in HID POS mode has read a code. */
  scanned: z.object({ scanId: Id }),
} as const;
