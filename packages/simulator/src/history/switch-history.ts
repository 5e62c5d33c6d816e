import { Labels } from "@linklight/model";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import { suggestion } from "../fabric/nearest-name.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import type { Detail, NativeFamily } from "../families/switch-family.ts";
import { readSwitch, type SwitchReading } from "../families/switch-reading.ts";
import { formatMoment } from "../incident/moment.ts";
import type { Simulation } from "../simulate.ts";
import { Passes, type PassesOptions, type PlannedSeries, type Subject } from "./passes.ts";
import { scrapedLabels } from "./scraped-labels.ts";
import type { MomentGrid, SeriesSource, SourceFamily, SourceLine } from "./series-source.ts";

/** What a {@link switchHistory} is made of. */
export interface SwitchHistoryOptions extends PassesOptions {
  readonly simulation: Simulation;
  readonly grid: MomentGrid;
  /** The labels that a scrape of a switch adds: `job`, `instance` and the like. */
  targetLabels(node: Switch): Labels;
  /** The names of the families to show; all when it is missing. `up` is always shown. */
  readonly metrics?: readonly string[] | undefined;
  /** `normal` by default. */
  readonly detail?: Detail;
}

/** A family of a history: what it says of itself, and its series on each switch. */
interface FamilyPlan {
  readonly info: Pick<NativeFamily, "name" | "type" | "help">;
  readonly lines: readonly SourceLine[];
  series(node: Switch): readonly SeriesPlan[];
}

/** A series of a family on a switch; see {@link PlannedSeries}. */
interface SeriesPlan {
  readonly labels: Labels;
  readonly put: PlannedSeries<SwitchReading>["put"];
}

const ONE_LINE: readonly SourceLine[] = [{ suffix: "" }];

/**
 * The history of all switches of a simulation, as scrapes of them would have been stored: the native families
 * with the labels of each switch, and `up`, which is 0 where a switch was off and all else has a gap. Throws
 * RangeError for a metric that there is not, and for a grid that begins before the simulation does.
 */
export function switchHistory(options: SwitchHistoryOptions): SeriesSource {
  const { simulation, grid, detail = "normal" } = options;
  const { fabric } = simulation;
  if (grid.fromMs < fabric.epoch * 1000) {
    throw new RangeError(
      `the history begins at ${new Date(grid.fromMs).toJSON()}, before the simulation does: ${formatMoment(fabric, 0)}; begin later`,
    );
  }
  const native = NATIVE_FAMILIES.map((family) => familyPlan(family, detail, fabric));
  const families = [UP, ...chosen(native, options.metrics)];
  const sizes = families.map((family) => sizeOf(family, fabric.switches));
  const passes = new Passes(planned(families, options), grid, options);
  let given = 0;
  const size = sizes.reduce((sum, each) => sum + each, 0);
  return {
    grid,
    size,
    // Series are computed and then written, which is a good part of the work.
    get progress() {
      return size === 0 ? 1 : Math.min(1, (passes.computed + given) / (2 * size));
    },
    families: families.map(
      ({ info, lines }, index): SourceFamily => ({
        ...{ name: info.name, type: info.type, help: info.help, unit: "", lines },
        *series() {
          for (let next = passes.next(index); next !== undefined; next = passes.next(index)) {
            yield next === "later" ? undefined : next;
            if (next !== "later") given++;
          }
        },
      }),
    ),
  };
}

const UP: FamilyPlan = {
  info: {
    name: "up",
    type: "gauge",
    help: "Whether a scrape succeeded (1), or the switch did not answer (0), as in a reboot.",
  },
  lines: ONE_LINE,
  series: () => [
    {
      labels: Labels.EMPTY,
      put(reading, into, at) {
        into[at] = reading === undefined ? 0 : 1;
      },
    },
  ],
};

function familyPlan(family: NativeFamily, detail: Detail, fabric: Fabric): FamilyPlan {
  if (family.type !== "histogram") {
    return {
      info: family,
      lines: ONE_LINE,
      series: (node) =>
        family.series(node, detail, fabric).map(({ labels, read }) => ({
          labels: Labels.from(labels),
          put(reading, into, at) {
            into[at] = reading === undefined ? Number.NaN : (read(reading) ?? Number.NaN);
          },
        })),
    };
  }
  const bounds = [...family.buckets, Number.POSITIVE_INFINITY];
  const buckets = bounds.map((value) => ({ suffix: "_bucket", label: "le", value }));
  return {
    info: family,
    lines: [...buckets, { suffix: "_sum" }, { suffix: "_count" }],
    series: (node) =>
      family.series(node, detail, fabric).map(({ labels, read }) => ({
        labels: Labels.from(labels),
        put(reading, into, at, stride) {
          const histogram = reading && read(reading);
          let count = histogram === undefined ? Number.NaN : 0;
          for (let i = 0; i < bounds.length; i++) {
            count += histogram?.counts[i] ?? 0;
            into[at + i * stride] = count;
          }
          into[at + bounds.length * stride] = histogram?.sum ?? Number.NaN;
          into[at + (bounds.length + 1) * stride] = count;
        },
      })),
  };
}

function chosen(
  families: readonly FamilyPlan[],
  names: readonly string[] | undefined,
): readonly FamilyPlan[] {
  if (names === undefined) return families;
  const known = families.map(({ info }) => info.name);
  for (const name of names) {
    if (name !== UP.info.name && !known.includes(name))
      throw new RangeError(`there is no metric ${JSON.stringify(name)}${suggestion(name, known)}`);
  }
  return families.filter(({ info }) => names.includes(info.name));
}

function sizeOf(family: FamilyPlan, switches: readonly Switch[]): number {
  const byProfile = new Map<unknown, number>();
  let size = 0;
  for (const node of switches) {
    let own = byProfile.get(node.profile);
    if (own === undefined) {
      own = family.series(node).length;
      byProfile.set(node.profile, own);
    }
    size += own;
  }
  return size;
}

/** All series in the order of the history; made one switch at a time. */
function* planned(
  families: readonly FamilyPlan[],
  { simulation, targetLabels }: SwitchHistoryOptions,
): Generator<PlannedSeries<SwitchReading>> {
  const { fabric } = simulation;
  const targets = fabric.switches.map((node) => {
    const subject: Subject<SwitchReading> = {
      // As the clock of a running simulation has it, to the last digit.
      read: (ms) => readSwitch(simulation, node, ms / 1000 - fabric.epoch),
    };
    return { node, subject, labels: targetLabels(node) };
  });
  for (const [family, { lines, series }] of families.entries()) {
    for (const { node, subject, labels: target } of targets) {
      for (const { labels, put } of series(node)) {
        yield { family, labels: scrapedLabels(labels, target), subject, lines: lines.length, put };
      }
    }
  }
}
