import { useEffect, useEffectEvent } from 'react';
import type { EventPayload } from '../../shared/contract.ts';
import { presses } from './button-events.ts';

/**
 * Calls the handler at each press of a taught button with this action: pedals, buttons on devices. One press is one call: held and
 * bouncing buttons are the station's matter. Nothing is called while `enabled` is false, or while the component is not on the screen.
 */
export function useButton(
  action: EventPayload<'button'>['action'],
  handler: (press: EventPayload<'button'>) => void,
  { enabled = true }: { readonly enabled?: boolean } = {},
): void {
  const onPress = useEffectEvent((press: EventPayload<'button'>) => {
    if (press.action === action) handler(press);
  });
  useEffect(() => (enabled ? presses.listen((press) => onPress(press)) : undefined), [enabled]);
}
