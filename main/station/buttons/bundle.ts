import { z } from 'zod';
import { BUTTON_ACTIONS } from '../../../shared/domain/buttons.ts';
import type { ButtonAction } from '../../../shared/domain/buttons.ts';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import { Mapping } from './mapping.ts';

/** Buttons that one station keeps. */
export const MOST_BUTTONS = 200;

/** A button as it goes to other stations: nothing of this station and its people. */
export interface BundledButton {
  readonly label: string;
  readonly action: ButtonAction;
  readonly mapping: Mapping;
}

const Bundle = z
  .object({
    photodockButtons: z.literal(1),
    buttons: z
      .array(
        z
          .object({ label: z.string().trim().min(1).max(60), action: z.enum(BUTTON_ACTIONS), mapping: Mapping })
          .strict(),
      )
      .max(MOST_BUTTONS),
  })
  .strict();

/** The file of buttons cannot be used; `where` is the JSON path. */
export class BundleError extends PhotodockError {
  constructor(code: 'buttons-file-invalid' | 'buttons-file-newer', where: string) {
    super(code, `a file of buttons that cannot be used: ${where}`, { where });
  }
}

/** The text of a file of buttons. */
export function writeBundle(buttons: readonly BundledButton[]): string {
  return `${JSON.stringify({ photodockButtons: 1, buttons }, null, 2)}\n`;
}

/** Reads a file of buttons that somebody brought. @throws BundleError */
export function readBundle(text: string): BundledButton[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BundleError('buttons-file-invalid', '(no JSON)');
  }
  const version = (value as { photodockButtons?: unknown } | null)?.photodockButtons;
  if (typeof version === 'number' && version > 1) throw new BundleError('buttons-file-newer', 'photodockButtons');
  const parsed = Bundle.safeParse(value);
  if (parsed.success) return parsed.data.buttons;
  throw new BundleError('buttons-file-invalid', parsed.error.issues[0]?.path.join('.') || '(top)');
}
