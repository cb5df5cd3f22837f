import type { ReactNode } from 'react';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../button.tsx';
import { useShutter } from './use-shutter.ts';

interface ShutterButtonProps {
  readonly dockingId: string;
  /** The key C and taught pedals mean this camera: there is no other one on the screen. */
  readonly byKey: boolean;
}

/** *Release shutter*: the picture comes by itself. */
export function ShutterButton({ dockingId, byKey }: ShutterButtonProps): ReactNode {
  const say = useWords();
  const shutter = useShutter(dockingId, byKey);
  return (
    <Button
      icon="camera"
      {...(byKey ? { keys: 'C' } : {})}
      busy={shutter.busy}
      data-testid="action-shutter"
      onClick={shutter.release}
    >
      {say('tether.shutter')}
    </Button>
  );
}
