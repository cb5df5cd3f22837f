/** What a taught button can do. */
export const BUTTON_ACTIONS = ['capture'] as const;
export type ButtonAction = (typeof BUTTON_ACTIONS)[number];

/** Presses that follow each other faster than this are one press of a bouncing switch (ms). */
export const DEBOUNCE_MS = 300;
/** A code that a scanner sent is given to a signed-in person for this long (ms). */
export const SCAN_KEPT_MS = 15_000;
/** Teaching a button listens to all devices for at most this long (ms). */
export const LEARN_MS = 30_000;

/** Usage page and usage of a bar code scanner in HID POS mode (USB-IF: HID Point of Sale Usage Tables 1.02). */
export const SCANNER_USAGE = { page: 0x8c, usage: 0x02 } as const;

/** How far a teaching is. `quiet`: do not press yet. `once`: heard, and to be pressed once more. */
export const TEACHING_STEPS = ['quiet', 'press', 'once', 'proposed', 'timed-out'] as const;
export type TeachingStep = (typeof TEACHING_STEPS)[number];
