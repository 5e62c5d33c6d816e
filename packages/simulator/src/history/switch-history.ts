import type { Labels } from "@linklight/model";
import type { Switch } from "../fabric/fabric.ts";
import { suggestion } from "../fabric/nearest-name.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import type { Detail } from "../families/switch-family.ts";
import { readSwitch, type SwitchReading } from "../families/switch-reading.ts";
import { formatMoment } from "../incident/moment.ts";
import type { TruthSource } from "../incident-log/incident-truth.ts";
import type { Simulation } from "../simulate.ts";
import { type FamilyPlan, incidentPlan, nativePlan, SWITCH_UP, UP } from "./family-plan.ts";
import { Passes, type PassesOptions, type PlannedSeries, type Subject } from "./passes.ts";
import { scrapedLabels } from "./scraped-labels.ts";
import type { MomentGrid, SeriesSource, SourceFamily } from "./series-source.ts";

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
  /** Without it no incident is shown. */
  readonly incidents?: TruthSource;
}

/**
 * The history of all switches of a simulation, as scrapes of them would have been stored: the native families
 * with the labels of each switch, the incidents on it, and `up`, which is 0 while the switch was off and all else
 * has a gap. Throws RangeError for a metric that there is not, and for a grid that begins before the simulation does.
 */
export function switchHistory(options: SwitchHistoryOptions): SeriesSource {
  const { simulation, grid, detail = "normal" } = options;
  const { fabric } = simulation;
  if (grid.fromMs < fabric.epoch * 1000) {
    throw new RangeError(
      `the history begins at ${new Date(grid.fromMs).toJSON()}, before the simulation does: ${formatMoment(fabric, 0)}; begin later`,
    );
  }
  const native = NATIVE_FAMILIES.map((family) => nativePlan(family, detail, fabric));
  const until = (grid.fromMs + (grid.count - 1) * grid.stepMs) / 1000 - fabric.epoch;
  const truth = incidentPlan(fabric, until, options.incidents);
  const families = [UP, ...chosen([...native, SWITCH_UP, truth], options.metrics)];
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

function chosen(
  families: readonly FamilyPlan[],
  names: readonly string[] | undefined,
): readonly FamilyPlan[] {
  if (names === undefined) return families;
  const known = families.map(({ info }) => info.name);
  const unknown = names.filter((name) => name !== UP.info.name && !known.includes(name));
  if (unknown.length > 0) {
    throw new RangeError(
      unknown
        .map((name) => {
          const counter = `${name}_total`;
          const advice =
            (known.includes(counter) ? `; did you mean ${counter}?` : suggestion(name, known)) ||
            "; those of a history are up, linklight_incident_active, linklight_sim_switch_up and all of the switch_ families";
          return `there is no metric ${JSON.stringify(name)}${advice}`;
        })
        .join("\n"),
    );
  }
  return families.filter(({ info }) => names.includes(info.name));
}

function sizeOf(family: FamilyPlan, switches: readonly Switch[]): number {
  const byProfile = new Map<unknown, number>();
  let size = 0;
  for (const node of switches) {
    let own = family.isAlike ? byProfile.get(node.profile) : undefined;
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
      for (const { labels, put, read } of series(node)) {
        const all = scrapedLabels(labels, target);
        yield { family, labels: all, subject, lines: lines.length, put, read };
      }
    }
  }
}
