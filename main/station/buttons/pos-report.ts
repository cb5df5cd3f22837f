/** Reports of bar code scanners in HID POS mode (USB-IF HID Point of Sale Usage Tables 1.02, section 4; usages 0x3B, 0xFB to 0xFF). */

const AIM_BYTES = 3;
const DATA_BYTES = 56;
/** Count, AIM identifier, data, two bytes of the maker's symbology, and "more follows". */
const BODY_BYTES = 1 + AIM_BYTES + DATA_BYTES + 2 + 1;
/** A code of several reports: no code on a wristband is longer (PDF417 and Data Matrix end below 3 kB). */
const MOST_CODE_BYTES = 4096;
/** The reports of one code follow each other within this time (ms). */
const SAME_CODE_MS = 1000;

/** One report, read. */
export interface PosReport {
  readonly data: Uint8Array;
  /** AIM symbology identifier (ISO/IEC 15424) such as `]C1`; null when the scanner does not tell. */
  readonly aim: string | null;
  /** The code goes on in the next report. */
  readonly isPart: boolean;
}

/** Reads a report with or without the byte of its report id in front; null when it is none of this kind. */
export function readPosReport(report: Uint8Array): PosReport | null {
  const body =
    report.length === BODY_BYTES ? report : report.length === BODY_BYTES + 1 ? report.subarray(1) : new Uint8Array();
  const count = body[0];
  if (count === undefined || count > DATA_BYTES) return null;
  const aim = String.fromCharCode(...body.subarray(1, 1 + AIM_BYTES));
  return {
    data: body.subarray(1 + AIM_BYTES, 1 + AIM_BYTES + count),
    aim: isAim(aim) ? aim : null,
    isPart: (body[BODY_BYTES - 1]! & 1) === 1,
  };
}

/** Puts the reports of one scanner together to codes. */
export class PosCodes {
  #parts: Uint8Array[] = [];
  #size = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  /**
   * One report, in the order sent.
   * @param at milliseconds on a clock that only goes forward
   * @returns the code that this report ends, without AIM identifier and control characters; null while none is whole
   */
  report(report: Uint8Array, at: number): string | null {
    const read = readPosReport(report);
    if (!read) return null;
    // The rest of a code whose scanner was pulled away is never put before another code.
    if (at - this.#lastAt > SAME_CODE_MS) this.#forget();
    this.#lastAt = at;
    this.#size += read.data.length;
    if (this.#size <= MOST_CODE_BYTES) this.#parts.push(read.data);
    if (read.isPart) return null;
    const isWhole = this.#size <= MOST_CODE_BYTES;
    const bytes = Buffer.concat(this.#parts);
    this.#forget();
    const code = isWhole ? plainCode(bytes, read.aim) : '';
    return code === '' ? null : code;
  }

  #forget(): void {
    this.#parts = [];
    this.#size = 0;
  }
}

function isAim(text: string): boolean {
  return /^\][A-Za-z][0-9A-Za-z]$/.test(text);
}

/** The code as it is printed. Scanners may be set to send the AIM identifier in the data too, and a line end after it. */
function plainCode(bytes: Buffer, aim: string | null): string {
  const text = bytes.toString('utf8');
  const readable = text.includes('\ufffd') ? bytes.toString('latin1') : text;
  const bare = readable.replaceAll(/\p{Cc}/gu, '').trim();
  return aim !== null && bare.startsWith(aim) ? bare.slice(AIM_BYTES) : bare;
}
