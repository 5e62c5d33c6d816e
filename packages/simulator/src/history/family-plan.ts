import { Labels, type MetricFamilyInfo } from "@linklight/model";
import { incidentFamily, switchUpFamily } from "../collectors/simulation-page.ts";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import type { Detail, NativeFamily } from "../families/switch-family.ts";
import type { SwitchReading } from "../families/switch-reading.ts";
import type { TruthSource } from "../incident-log/incident-truth.ts";
import type { PlannedSeries } from "./passes.ts";
import type { SourceLine } from "./series-source.ts";

/** A family of a history: what it says of itself, and its series on each switch. */
export interface FamilyPlan {
  readonly info: Pick<MetricFamilyInfo, "name" | "type" | "help">;
  /** Whether switches of one profile have the same number of series. */
  readonly isAlike: boolean;
  readonly lines: readonly SourceLine[];
  series(node: Switch): readonly SeriesPlan[];
}

/** A series of a family on a switch; see {@link PlannedSeries}. */
export interface SeriesPlan {
  readonly labels: Labels;
  readonly put: PlannedSeries<SwitchReading>["put"];
  readonly read?: PlannedSeries<SwitchReading>["read"];
}

const ONE_LINE: readonly SourceLine[] = [{ suffix: "" }];

/** Whether scrapes succeeded, which Prometheus notes by itself. */
export const UP: FamilyPlan = onPlan({
  name: "up",
  type: "gauge",
  help: "Whether a scrape succeeded (1), or the switch did not answer (0), as in a reboot.",
});

/** Whether switches are on, as a page tells it that is there also while its switch is off. */
export const SWITCH_UP: FamilyPlan = onPlan(switchUpFamily().info);

/** A family with one series a switch, which says whether there is anything to read. */
function onPlan(info: FamilyPlan["info"]): FamilyPlan {
  const plan: SeriesPlan = {
    labels: Labels.EMPTY,
    put(reading, into, at) {
      into[at] = reading === undefined ? 0 : 1;
    },
  };
  return { info, isAlike: true, lines: ONE_LINE, series: () => [plan] };
}

/** A native family as a part of a history. */
export function nativePlan(family: NativeFamily, detail: Detail, fabric: Fabric): FamilyPlan {
  if (family.type !== "histogram") {
    return {
      info: family,
      isAlike: family.spread !== "own",
      lines: ONE_LINE,
      series: (node) =>
        family.series(node, detail, fabric).map(({ labels, read }) => ({
          labels: Labels.from(labels),
          read,
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
    isAlike: family.spread !== "own",
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

/**
 * What has gone wrong until the end of the history: a series for each type and place, 1 while it went on. Also
 * while the switch was off, since the truth is not the switch's to tell. `until` is in seconds since the epoch.
 */
export function incidentPlan(fabric: Fabric, until: number, truth?: TruthSource): FamilyPlan {
  // Several are told apart by their targets.
  const isNamed = fabric.switches.length === 1;
  return {
    info: incidentFamily().info,
    isAlike: false,
    lines: ONE_LINE,
    series: (node) =>
      (truth?.truthUntil(until, node.name) ?? []).map((each) => ({
        labels: Labels.from({
          incident: each.type,
          switch: isNamed ? node.name : "",
          port: each.port ?? "",
        }),
        put(_reading, into, at, _stride, ms) {
          into[at] = Number(each.isActiveAt(ms / 1000 - fabric.epoch));
        },
      })),
  };
}
