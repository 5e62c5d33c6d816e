import type { Collector } from "@linklight/client";
import type { Logger } from "@linklight/model";
import type { Profile, Switch } from "../fabric/fabric.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import type { Detail } from "../families/switch-family.ts";
import { readSwitch } from "../families/switch-reading.ts";
import type { TruthSource } from "../incident-log/incident-truth.ts";
import type { Simulation } from "../simulate.ts";
import { FamilyPage } from "./family-page.ts";
import type { SimulationClock } from "./simulation-clock.ts";
import { SimulationPage } from "./simulation-page.ts";

/** What the collectors of a simulation are made of. */
export interface SwitchCollectorsOptions {
  readonly simulation: Simulation;
  readonly clock: SimulationClock;
  /** Without it no incident is shown. */
  readonly incidents?: TruthSource;
  /** `normal` by default. */
  readonly detail?: Detail;
  /** The version of the program, for `linklight_build_info`. */
  readonly version: string;
  /** Told when a switch goes off and comes on. */
  readonly logger?: Logger;
}

/**
 * The collectors of a simulation. All are named `switch`: one shows a switch, or none but what is to be said
 * about the simulation as a whole.
 */
export class SwitchCollectors {
  readonly #options: SwitchCollectorsOptions;
  /** Switches of a profile share nearly all of a page, so that a thousand of them take the memory of a few. */
  readonly #pages = new Map<Profile, FamilyPage>();
  readonly #simulationPage: SimulationPage;

  constructor(options: SwitchCollectorsOptions) {
    this.#options = options;
    this.#simulationPage = new SimulationPage(options.version);
  }

  /** Shows the native families of a switch, the simulated time, and the incidents on that switch. */
  ofSwitch(node: Switch): Collector {
    const { simulation, clock, detail = "normal", logger } = this.#options;
    const page = this.#pageOf(node, detail);
    const show = page.of(node);
    let wasOn = true;
    return {
      name: "switch",
      describe: () => [...page.infos, ...this.#simulationPage.infos],
      collect: () => {
        const seconds = clock.seconds();
        const reading = readSwitch(simulation, node, seconds);
        const isOn = reading !== undefined;
        if (isOn !== wasOn)
          logger?.info(`switch ${node.name} is ${isOn ? "on again" : "off: it shows nothing"}`);
        wasOn = isOn;
        return [
          ...(reading === undefined ? [] : show(reading)),
          ...this.#simulation(seconds, { node, isOn }),
        ];
      },
    };
  }

  /** Shows the simulated time and all incidents, and no switch. */
  ofSimulation(): Collector {
    const { clock } = this.#options;
    return {
      name: "switch",
      describe: () => this.#simulationPage.infos,
      collect: () => this.#simulation(clock.seconds()),
    };
  }

  #pageOf(node: Switch, detail: Detail): FamilyPage {
    const found = this.#pages.get(node.profile);
    if (found !== undefined) return found;
    const page = new FamilyPage(NATIVE_FAMILIES, node, {
      fabric: this.#options.simulation.fabric,
      detail,
    });
    this.#pages.set(node.profile, page);
    return page;
  }

  #simulation(seconds: number, on?: { readonly node: Switch; readonly isOn: boolean }) {
    const { simulation, clock, incidents } = this.#options;
    // The page of one of several is a target that /sd gives the name of its switch.
    const isNamed = on === undefined || simulation.fabric.switches.length === 1;
    const incidentsShown = (incidents?.truthUntil(seconds, on?.node.name) ?? []).map((each) => ({
      type: each.type,
      switch: isNamed ? each.switch : undefined,
      port: each.port,
      isActive: each.isActiveAt(seconds),
    }));
    return this.#simulationPage.show({
      time: simulation.fabric.epoch + seconds,
      speed: clock.speed,
      isOn: on?.isOn,
      incidents: incidentsShown,
    });
  }
}

/** A collector named `switch` of one switch of a simulation, for a page of its own. */
export function switchCollector(node: Switch, options: SwitchCollectorsOptions): Collector {
  return new SwitchCollectors(options).ofSwitch(node);
}
