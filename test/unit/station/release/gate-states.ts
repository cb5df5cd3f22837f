import type { CaptureEvidence, DeliveryEvidence, ItemEvidence } from '../../../../main/station/release/gate.ts';
import { GATE } from '../../../../main/station/release/gate.ts';

type Table = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Told<T extends Table> = { readonly [Fact in keyof T]: keyof T[Fact] };

/** Every combination of the values of a table. */
function combinations<T extends Table>(table: T): Told<T>[] {
  return Object.entries(table).reduce<Record<string, string>[]>(
    (told, [fact, values]) => told.flatMap((one) => Object.keys(values).map((value) => ({ ...one, [fact]: value }))),
    [{}],
  ) as Told<T>[];
}

/**
 * Every state that the types of the gate allow. The types are made of the same tables, so the compiler refuses what is
 * not all of them: a fact that the type of the item, the capture or the delivery gains has to come from a table.
 */
export const DELIVERIES: readonly (DeliveryEvidence | null)[] = [null, ...combinations(GATE.delivery)];
export const ITEMS: readonly ItemEvidence[] = [
  ...combinations({ ...GATE.copy, ...GATE.original }),
  ...combinations(GATE.never),
];
export const CAPTURES: readonly (CaptureEvidence | null)[] = [
  null,
  ...combinations(GATE.capture).flatMap((capture) => DELIVERIES.map((delivery) => ({ ...capture, delivery }))),
  ...combinations(GATE.rejected),
];
