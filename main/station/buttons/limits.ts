/** Longest report that is looked at, in bytes (USB high speed interrupt endpoints carry 1024). */
export const MOST_REPORT_BYTES = 1024;
/** Longest line between the station and the process of buttons (characters). */
export const MOST_LINE = 64 * 1024;
/** Devices of one machine that are looked at. */
export const MOST_DEVICES = 64;
/** Linux key code of a camera's button (KEY_CAMERA of linux/input-event-codes.h). */
export const KEY_CAMERA = 212;
