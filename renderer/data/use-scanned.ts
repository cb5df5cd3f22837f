import { useEffect, useEffectEvent } from 'react';
import { codeOf } from './call-error.ts';
import { scans } from './button-events.ts';
import { ask } from './use-call.ts';

/**
 * Calls the handler with what a scanner has read that does not type (HID POS mode). The code comes to one window, once; while a dialog is
 * open a scan is for nobody, as it is with scanners that type.
 */
export function useScanned(onCode: (code: string) => void, onTrouble: (code: string) => void): void {
  const onScan = useEffectEvent(async (scanId: string) => {
    if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
    try {
      onCode((await ask('scans.take', { scanId })).code);
    } catch (error) {
      // Another window of this station has taken it.
      if (codeOf(error) !== 'scan-gone') onTrouble(codeOf(error));
    }
  });
  useEffect(() => scans.listen(({ scanId }) => void onScan(scanId)), []);
}
