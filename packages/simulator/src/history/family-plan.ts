import { Labels, type MetricFamilyInfo } from "@linklight/model";
import { incidentFamily } from "../collectors/simulation-page.ts";
import type { Fabric, Switch } from "../fabric/fabric.ts";
import type { Detail, NativeFamily } from "../families/switch-family.ts";
import type { SwitchReading } from "../families/switch-reading.ts";
import type { Span } from "../incident/effect.ts";
import type { Incident } from "../incident/incident.ts";
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
}

/** An incident that went on, from when to when. */
export interface PastIncident extends Span {
  readonly incident: Incident;
}

const ONE_LINE: readonly SourceLine[] = [{ suffix: "" }];

/** Whether scrapes succeeded, which Prometheus notes by itself. */
export const UP: FamilyPlan = {
  info: {
    name: "up",
    type: "gauge",
    help: "Whether a scrape succeeded (1), or the switch did not answer (0), as in a reboot.",
  },
  isAlike: true,
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
 * The incidents that went on: a series for each type and place, with gaps while there was none. Also while the
 * switch was off, since the truth is not the switch's to tell. `epoch` is in seconds since 1970.
 */
export function incidentPlan(all: readonly PastIncident[], epoch: number): FamilyPlan {
  return {
    info: incidentFamily().info,
    isAlike: false,
    lines: ONE_LINE,
    series(node) {
      const byLabels = new Map<string, { readonly labels: Labels; readonly spans: Span[] }>();
      for (const span of all) {
        const { type, switch: on, port = "" } = span.incident;
        if (on !== node.name) continue;
        const labels = Labels.from({ incident: type, switch: on, port });
        const known = byLabels.get(labels.key);
        if (known === undefined) byLabels.set(labels.key, { labels, spans: [span] });
        else known.spans.push(span);
      }
      return [...byLabels.values()].map(({ labels, spans }) => ({
        labels,
        put(_reading, into, at, _stride, ms) {
          const seconds = ms / 1000 - epoch;
          const isActive = spans.some(({ from, to }) => from <= seconds && seconds < to);
          into[at] = isActive ? 1 : Number.NaN;
        },
      }));
    },
  };
}
