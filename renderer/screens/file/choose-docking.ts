import type { DockingView } from '../../../shared/contract.ts';

/** The docking to file: the wanted one, else the newest with something unfiled, else the newest. */
export function chooseDocking(dockings: readonly DockingView[], wanted: string | undefined): DockingView | null {
  return (
    dockings.find((docking) => docking.id === wanted) ??
    dockings.find((docking) => docking.connected && docking.equation.unfiled > 0) ??
    dockings.find((docking) => docking.equation.unfiled > 0) ??
    dockings[0] ??
    null
  );
}
