import { useMemo, useState } from 'react';
import type { DockingView } from '../../../shared/contract.ts';
import { isDevice } from '../../../shared/domain/media.ts';
import { useCall } from '../../data/use-call.ts';
import { arrivingTiles, keptInPlace } from './arriving-tiles.ts';
import type { ArrivingTile } from './arriving-tiles.ts';

const NONE: readonly ArrivingTile[] = [];

/** What a docked device has announced and what is no picture to be filed yet, oldest first. Nothing for cards and past dockings. */
export function useArriving(docking: Pick<DockingView, 'id' | 'medium' | 'connected'>): readonly ArrivingTile[] {
  const enabled = docking.connected && isDevice(docking.medium.kind);
  const arriving = useCall('dockings.arriving', { dockingId: docking.id }, { enabled });
  const items = arriving.data?.items;
  return useMemo(() => (enabled && items ? arrivingTiles(items) : NONE), [enabled, items]);
}

/**
 * The same for a sheet that shows them beside the captures: a tile stays until the captures are fresh, so that it becomes its capture in
 * place instead of going and coming.
 * @param asking the captures are asked for again
 */
export function useArrivingInPlace(
  docking: Pick<DockingView, 'id' | 'medium' | 'connected'>,
  asking: boolean,
): readonly ArrivingTile[] {
  const now = useArriving(docking);
  const [settled, setSettled] = useState(now);
  if (!asking && settled !== now) setSettled(now);
  return useMemo(() => (asking ? keptInPlace(settled, now) : now), [asking, settled, now]);
}
