import { z } from 'zod';
import { BUTTON_ACTIONS } from '../domain/buttons.ts';
import { Id } from './views.ts';

/** Events of buttons and scanners. They reach clients only while somebody is signed in; what was scanned is asked for by `scans.take`. */
export const buttonEvents = {
  /** A taught button was pressed. */
  button: z.object({ buttonId: Id, action: z.enum(BUTTON_ACTIONS) }),
  /** A scanner in HID POS mode has read a code. */
  scanned: z.object({ scanId: Id }),
} as const;
