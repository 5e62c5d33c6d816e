import {
  type CollectedFamily,
  CounterFamily,
  GaugeFamily,
  HistogramFamily,
  type HistogramHandle,
  InfoFamily,
  type NumberSeries,
  type TableSource,
} from "@linklight/client";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import type {
  Detail,
  HistogramFamilySource,
  HistogramSource,
  NativeFamily,
  NumberFamilySource,
  NumberSource,
} from "../families/switch-family.ts";
import type { SwitchReading } from "../families/switch-reading.ts";

/** One native family on a page, and what gives it the numbers of a reading. */
interface Block {
  readonly info: TableSource["info"];
  fill(reading: SwitchReading): TableSource;
}

/** What a page is about. */
interface Scope {
  readonly fabric: Fabric;
  readonly detail: Detail;
}

/**
 * The native families of all switches of a profile, to be shown with any of them: they have the same ports,
 * fans and so on, and so the same dense series, which are made and rendered once.
 */
export class FamilyPage {
  readonly #blocks: readonly Block[];

  /** Any switch of the profile tells how they are built. */
  constructor(families: readonly NativeFamily[], node: Switch, scope: Scope) {
    this.#blocks = families.map((family) => blockOf(family, node, scope));
  }

  /** What the families say of themselves. */
  get infos(): readonly TableSource["info"][] {
    return this.#blocks.map(({ info }) => info);
  }

  /**
   * The families with a reading. Each is a copy, since the next switch overwrites what the page holds; a
   * family without series is left out.
   */
  show(reading: SwitchReading): CollectedFamily[] {
    const shown: CollectedFamily[] = [];
    for (const block of this.#blocks) {
      const family = snapshotOf(block.fill(reading));
      if (family.table().parts.some(({ size }) => size > 0)) shown.push(family);
    }
    return shown;
  }
}

/** A family as it is now: what is done to it later does not show. */
export function snapshotOf(family: TableSource): TableSource {
  const table = family.table();
  return { info: family.info, table: () => table };
}

function blockOf(family: NativeFamily, node: Switch, scope: Scope): Block {
  if (family.type === "histogram") return histogramBlock(family, node, scope);
  if (family.spread === "dense") return denseBlock(family, node, scope);
  if (family.spread === "own")
    return afreshBlock(family, (on) => family.series(on, scope.detail, scope.fabric));
  const all = family.series(node, scope.detail, scope.fabric);
  return afreshBlock(family, () => all);
}

type Numbers = CounterFamily<string> | GaugeFamily<string>;

function makeNumbers({ type, name, help, labelNames }: NumberFamilySource): Numbers {
  const options = { name, help, labelNames };
  return type === "counter" ? new CounterFamily(options) : new GaugeFamily(options);
}

function denseBlock(source: NumberFamilySource, node: Switch, scope: Scope): Block {
  const family = makeNumbers(source);
  const all = source
    .series(node, scope.detail, scope.fabric)
    .map((series): readonly [NumberSeries, NumberSource] => [family.series(series.labels), series]);
  return {
    info: family.info,
    fill(reading) {
      for (const [handle, series] of all) handle.set(series.read(reading) ?? Number.NaN);
      return family;
    },
  };
}

function histogramBlock(source: HistogramFamilySource, node: Switch, scope: Scope): Block {
  const { name, help, labelNames, buckets } = source;
  const family = new HistogramFamily<string>({ name, help, labelNames, buckets });
  const all = source
    .series(node, scope.detail, scope.fabric)
    .map((series): readonly [HistogramHandle, HistogramSource] => [
      family.series(series.labels),
      series,
    ]);
  return {
    info: family.info,
    fill(reading) {
      for (const [handle, series] of all) handle.set(series.read(reading));
      return family;
    },
  };
}

/** A family that is made anew for each reading, of those series that there are then. */
function afreshBlock(
  source: NumberFamilySource,
  seriesOf: (node: Switch) => readonly NumberSource[],
): Block {
  const { type, name, help, labelNames } = source;
  const make = (): Numbers | InfoFamily<string> =>
    type === "info" ? new InfoFamily<string>({ name, help, labelNames }) : makeNumbers(source);
  return {
    info: make().info,
    fill(reading) {
      const family = make();
      for (const { labels, read } of seriesOf(reading.node)) {
        const value = read(reading);
        if (value === undefined) continue;
        if (family instanceof InfoFamily) family.add(labels);
        else family.add(labels, value);
      }
      return family;
    },
  };
}
