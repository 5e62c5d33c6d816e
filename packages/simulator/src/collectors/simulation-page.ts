import { type CollectedFamily, GaugeFamily, InfoFamily, type TableSource } from "@linklight/client";
import { snapshotOf } from "./family-page.ts";

/** Whether incidents of a type go on at a place, as a page shows it. */
export interface ShownIncident {
  readonly type: string;
  /** Absent on a page that is about one of several switches, which its target names. */
  readonly switch?: string | undefined;
  readonly port?: string | undefined;
  readonly isActive: boolean;
}

/** What the families of {@link SimulationPage} show. */
export interface SimulationState {
  /** Simulated time, in seconds since 1970. */
  readonly time: number;
  readonly speed: number;
  /** Whether the switch of the page is on; undefined where the page has none. */
  readonly isOn: boolean | undefined;
  readonly incidents: readonly ShownIncident[];
}

/** The metric families about the simulation itself, which no real switch has. */
export class SimulationPage {
  readonly #build: TableSource;
  readonly #time = new GaugeFamily({
    name: "linklight_sim_time_seconds",
    help: "Simulated time in seconds since 1970: compare the timestamps of simulated switches with it, not with time().",
  });
  readonly #speed = new GaugeFamily({
    name: "linklight_sim_speed_ratio",
    help: "Seconds of simulated time that pass in a real second: rates are higher by this factor.",
  });
  readonly #on = switchUpFamily();

  /** `version` is that of the program. */
  constructor(version: string) {
    this.#build = new InfoFamily({
      name: "linklight_build_info",
      help: "The version of linklight.",
      labelNames: ["version"],
    }).add({ version });
  }

  /** What the families say of themselves. */
  get infos(): readonly TableSource["info"][] {
    return [this.#build, this.#time, this.#speed, this.#on, incidentFamily()].map(
      ({ info }) => info,
    );
  }

  show({ time, speed, isOn, incidents }: SimulationState): CollectedFamily[] {
    this.#time.series({}).set(time);
    this.#speed.series({}).set(speed);
    if (isOn !== undefined) this.#on.series({}).set(Number(isOn));
    const active = incidentFamily();
    for (const { type, switch: on = "", port = "", isActive } of incidents)
      active.series({ incident: type, switch: on, port }).set(Number(isActive));
    const families = [
      this.#build,
      this.#time,
      this.#speed,
      ...(isOn === undefined ? [] : [this.#on]),
    ];
    return [...families.map(snapshotOf), active];
  }
}

/** The family that says whether a switch is on. */
export function switchUpFamily(): GaugeFamily<string> {
  return new GaugeFamily({
    name: "linklight_sim_switch_up",
    help: "Whether the simulated switch is on; while it is off, such as in a reboot, its switch_ families are missing.",
  });
}

/** The family of incidents, without any. */
export function incidentFamily(): GaugeFamily<"incident" | "port" | "switch"> {
  return new GaugeFamily({
    name: "linklight_incident_active",
    help: "The truth about what goes wrong: 1 while an incident goes on; 0 when it is over, or planned by a scenario. Score alerts against it.",
    labelNames: ["incident", "switch", "port"],
  });
}
