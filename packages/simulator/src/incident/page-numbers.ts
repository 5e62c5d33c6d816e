import type { Fabric, Switch } from "../fabric/fabric.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import type { Detail, NativeFamily, SeriesLabels } from "../families/switch-family.ts";
import { readSwitch, type SwitchReading } from "../families/switch-reading.ts";
import type { Simulation } from "../simulate.ts";

/** One number of the page of a switch: a series, or a bucket or the sum of a histogram. */
export interface PageNumber {
  readonly node: Switch;
  readonly family: string;
  readonly labels: SeriesLabels;
  /** NaN while there is no such series. */
  read(reading: SwitchReading): number;
}

/** Every number that the pages of a fabric can show, by switch: what tests compare, and look for signs in. */
export class PageNumbers {
  /** By the index of the switch. */
  readonly bySwitch: readonly (readonly PageNumber[])[];

  constructor(fabric: Fabric, detail: Detail) {
    this.bySwitch = fabric.switches.map((node) =>
      NATIVE_FAMILIES.flatMap((family) => numbersOf(family, node, detail, fabric)),
    );
  }

  /** The numbers of a switch at a moment, in the order of `bySwitch`; all NaN while it is off. */
  at(simulation: Simulation, node: Switch, seconds: number): Float64Array {
    const numbers = this.bySwitch[node.index] ?? [];
    const values = new Float64Array(numbers.length).fill(Number.NaN);
    const reading = readSwitch(simulation, node, seconds);
    if (reading === undefined) return values;
    for (const [i, number] of numbers.entries()) values[i] = number.read(reading);
    return values;
  }
}

function numbersOf(
  family: NativeFamily,
  node: Switch,
  detail: Detail,
  fabric: Fabric,
): readonly PageNumber[] {
  if (family.type !== "histogram") {
    return family.series(node, detail, fabric).map(({ labels, read }) => ({
      node,
      family: family.name,
      labels,
      read: (reading) => read(reading) ?? Number.NaN,
    }));
  }
  return family.series(node, detail, fabric).flatMap(({ labels, read }) =>
    [...family.buckets, Infinity, "sum" as const].map((le, i) => ({
      node,
      family: family.name,
      labels: { ...labels, le: String(le) },
      read(reading: SwitchReading) {
        const { counts, sum } = read(reading);
        return le === "sum" ? sum : (counts[i] ?? 0);
      },
    })),
  );
}
