import { useMemo } from 'react';
import type { DockingView } from '../../../shared/contract.ts';
import { isDevice } from '../../../shared/domain/media.ts';
import { useCall } from '../../data/use-call.ts';
import { arrivingTiles } from './arriving-tiles.ts';
import type { ArrivingTile } from './arriving-tiles.ts';

const NONE: readonly ArrivingTile[] = [];

/** What a docked device has announced and what is no picture to be filed yet, oldest first. Nothing for cards and past dockings. */
export function useArriving(docking: Pick<DockingView, 'id' | 'medium' | 'connected'>): readonly ArrivingTile[] {
  const enabled = docking.connected && isDevice(docking.medium.kind);
  const arriving = useCall('dockings.arriving', { dockingId: docking.id }, { enabled });
  const items = arriving.data?.items;
  return useMemo(() => (enabled && items ? arrivingTiles(items) : NONE), [enabled, items]);
}
