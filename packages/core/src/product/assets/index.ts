import * as z from "zod";
import { address } from "../../engine/collection/index.ts";
import { shapeOf, type View } from "../../engine/dataset/index.ts";
import { placesOf } from "../../engine/dataset-shapes/index.ts";
import { namesOf } from "../../engine/table/index.ts";
import * as StaticData from "../../eve/static-data/index.ts";
import * as Owner from "../../owner/index.ts";
import { Datasets, requireReader } from "../../owners/corporation/index.ts";
import { add, decimalOf, multiply, travelling } from "../../platform/decimal/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Snapshot from "../../snapshot/index.ts";

const Total = z.object({ count: z.int(), quantity: z.number() });

export const Summary = Total.extend({
  /** Exact; a text where no double says exactly that. */
  volumeM3: z.union([z.number(), z.string()]),
  locations: z.array(Total.extend({ location_id: z.int(), name: z.string().optional() })),
  types: z.array(Total.extend({ type_id: z.int(), name: z.string().optional() })),
  divisions: z.array(Total.extend({ division: z.int(), name: z.string().optional() })),
});
export type Summary = z.infer<typeof Summary>;

/** Types and places listed: the largest; the table has the rest. */
const listed = 50;

type Totals = Map<number, { count: number; quantity: number }>;

function addTo(totals: Totals, key: number, quantity: number): void {
  const total = totals.get(key);
  if (total) {
    total.count += 1;
    total.quantity += quantity;
  } else {
    totals.set(key, { count: 1, quantity });
  }
}

interface Sums {
  quantity: number;
  volumeM3: number | string;
  locations: Totals;
  types: Totals;
  hangars: Totals;
}

function sum(view: View): Sums {
  const { roots, hangars } = placesOf(view);
  const sums: Sums = { quantity: 0, volumeM3: 0, locations: new Map(), types: new Map(), hangars: new Map() };
  for (let at = 0; at < view.length; at += 1) {
    const quantity = view.value("quantity", at) as number;
    sums.quantity += quantity;
    addTo(sums.types, view.value("type_id", at) as number, quantity);
    addTo(sums.locations, roots[at] as number, quantity);
    const hangar = hangars[at];
    if (hangar) addTo(sums.hangars, hangar, quantity);
  }
  const volumes = [...sums.types].map(([typeId, { quantity }]) =>
    multiply(decimalOf(quantity), decimalOf(StaticData.type(typeId)?.volumeM3 ?? 0)),
  );
  sums.volumeM3 = travelling(volumes.reduce(add, decimalOf(0)));
  return sums;
}

const largest = (totals: Totals) => [...totals].sort(([, a], [, b]) => b.count - a.count).slice(0, listed);

/** Counts and quantities over all assets, by station, type and hangar; the largest of each. */
export const summary = fn(
  z.object({ corporationId: z.int().positive() }),
  async ({ corporationId }): Promise<Summary> => {
    await requireReader(corporationId);
    const dataset = Datasets.get("assets");
    const [view, names] = await Promise.all([
      Snapshot.read(address(Owner.corporation(corporationId), dataset), shapeOf(dataset)),
      namesOf(Owner.corporation(corporationId), ["location", "hangar"]),
    ]);
    const sums = view.derive("sums", sum);
    const named = (kind: "location" | "type" | "hangar", id: number) => {
      const name = names.of(kind, id);
      return name ? { name } : {};
    };
    return {
      count: view.length,
      quantity: sums.quantity,
      volumeM3: sums.volumeM3,
      locations: largest(sums.locations).map(([id, total]) => ({
        location_id: id,
        ...total,
        ...named("location", id),
      })),
      types: largest(sums.types).map(([id, total]) => ({ type_id: id, ...total, ...named("type", id) })),
      divisions: [...sums.hangars]
        .sort(([a], [b]) => a - b)
        .map(([division, total]) => ({ division, ...total, ...named("hangar", division) })),
    };
  },
);
