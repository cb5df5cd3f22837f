import type { DockingView } from '../../../shared/contract.ts';

/** Files of unknown kind are for Review: nobody can file them. */
const toFile = (docking: DockingView) => docking.equation.unfiled - docking.undecided;

/** The docking to file: the wanted one, else the newest with something unfiled, else the newest. */
export function chooseDocking(dockings: readonly DockingView[], wanted: string | undefined): DockingView | null {
  return (
    dockings.find((docking) => docking.id === wanted) ??
    dockings.find((docking) => docking.connected && toFile(docking) > 0) ??
    dockings.find((docking) => toFile(docking) > 0) ??
    dockings[0] ??
    null
  );
}
