import { type CollectedFamily, GaugeFamily, InfoFamily, type TableSource } from "@linklight/client";
import type { Incident } from "../incident/incident.ts";
import { snapshotOf } from "./family-page.ts";

/** Where the collectors learn which incidents go on: what they need of an incident log. */
export interface ActiveIncidents {
  /** The incidents that go on at a moment, in seconds since the epoch. */
  activeAt(seconds: number): readonly Incident[];
}

/** What the families of {@link SimulationPage} show. */
export interface SimulationState {
  /** Simulated time, in seconds since 1970. */
  readonly time: number;
  readonly speed: number;
  /** Whether the switch of the page is on; undefined where the page has none. */
  readonly isOn: boolean | undefined;
  readonly incidents: readonly Incident[];
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
  readonly #on = new GaugeFamily({
    name: "linklight_sim_switch_up",
    help: "Whether the simulated switch is on; while it is off, such as in a reboot, its switch_ families are missing.",
  });

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
    for (const { type, switch: on, port = "" } of incidents)
      active.series({ incident: type, switch: on, port }).set(1);
    const families = [
      this.#build,
      this.#time,
      this.#speed,
      ...(isOn === undefined ? [] : [this.#on]),
    ];
    return [...families.map(snapshotOf), active];
  }
}

/** The family of the incidents that go on, without any. */
export function incidentFamily(): GaugeFamily<"incident" | "port" | "switch"> {
  return new GaugeFamily({
    name: "linklight_incident_active",
    help: "The truth about what goes wrong: 1 while an incident goes on, no series when none does. Score alerts against it.",
    labelNames: ["incident", "switch", "port"],
  });
}
