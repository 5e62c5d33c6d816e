import {
  type CollectedFamily,
  HistogramFamily,
  type HistogramHandle,
  type TableSource,
} from "@linklight/client";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import type {
  Detail,
  HistogramFamilySource,
  HistogramSource,
  NativeFamily,
} from "../families/switch-family.ts";
import type { SwitchReading } from "../families/switch-reading.ts";
import { KeptFamily } from "./kept-family.ts";

/** One native family on a page. */
interface Block {
  readonly info: TableSource["info"];
  /** With the numbers of a reading; undefined when it has no series then. */
  show(reading: SwitchReading): TableSource | undefined;
}

/** What a page is about. */
interface Scope {
  readonly fabric: Fabric;
  readonly detail: Detail;
}

/** The native families of one switch. What is done to a reading later does not show. */
export type ShowReading = (reading: SwitchReading) => CollectedFamily[];

/**
 * The native families of all switches of a profile: they have the same ports, fans and so on, and so mostly the
 * same series, which are made and rendered once. Only what is a switch's own, such as the names of its
 * neighbours, is kept for each.
 */
export class FamilyPage {
  readonly #families: readonly NativeFamily[];
  readonly #scope: Scope;
  /** By family; of those that are of one switch alone, that of the switch which told how the profile is. */
  readonly #blocks: readonly Block[];

  /** Any switch of the profile tells how they are built. */
  constructor(families: readonly NativeFamily[], node: Switch, scope: Scope) {
    this.#families = families;
    this.#scope = scope;
    this.#blocks = families.map((family) => blockOf(family, node, scope));
  }

  /** What the families say of themselves. */
  get infos(): readonly TableSource["info"][] {
    return this.#blocks.map(({ info }) => info);
  }

  /** What shows readings of a switch of the profile; families without series are left out. */
  of(node: Switch): ShowReading {
    const blocks = this.#families.map((family, i) =>
      family.spread === "own" ? blockOf(family, node, this.#scope) : (this.#blocks[i] as Block),
    );
    return (reading) => blocks.flatMap((block) => block.show(reading) ?? []);
  }
}

/** A family as it is now: what is done to it later does not show. */
export function snapshotOf(family: TableSource): TableSource {
  const table = family.table();
  return { info: family.info, table: () => table };
}

function blockOf(family: NativeFamily, node: Switch, { detail, fabric }: Scope): Block {
  return family.type === "histogram"
    ? histogramBlock(family, family.series(node, detail, fabric))
    : new KeptFamily(family, family.series(node, detail, fabric));
}

function histogramBlock(
  { name, help, labelNames, buckets }: HistogramFamilySource,
  sources: readonly HistogramSource[],
): Block {
  const family = new HistogramFamily<string>({ name, help, labelNames, buckets });
  const all = sources.map((source): readonly [HistogramHandle, HistogramSource] => [
    family.series(source.labels),
    source,
  ]);
  return {
    info: family.info,
    show(reading) {
      for (const [handle, source] of all) handle.set(source.read(reading));
      return all.length === 0 ? undefined : snapshotOf(family);
    },
  };
}
