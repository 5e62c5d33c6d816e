import type { IncomingMessage, ServerResponse } from "node:http";
import { type MetricsHandler, metricsHandler, Registry } from "@linklight/client";
import type { Logger } from "@linklight/model";
import type { Switch } from "@linklight/simulator";
import { closest, requestPath, sendText } from "@linklight/toolkit";
import type { RunningSimulation } from "./simulation.ts";

const PATH = /^\/switches\/([^/]*)\/metrics$/;

/** The path at which the metrics of a switch are. */
export function switchPath({ name }: Switch): string {
  return `/switches/${encodeURIComponent(name)}/metrics`;
}

/**
 * The pages of the switches of a simulation, each its own as if it were a device: made when it is first asked
 * for, and away while its switch is off.
 */
export class SwitchPages {
  readonly #running: RunningSimulation;
  readonly #logger: Logger;
  readonly #switches: ReadonlyMap<string, Switch>;
  readonly #handlers = new Map<Switch, MetricsHandler>();

  constructor(running: RunningSimulation, logger: Logger) {
    this.#running = running;
    this.#logger = logger;
    const { switches } = running.simulation.fabric;
    this.#switches = new Map(switches.map((node) => [node.name, node]));
  }

  /** The switches, in the order of the fabric. */
  get nodes(): readonly Switch[] {
    return this.#running.simulation.fabric.switches;
  }

  /** Answers a request for the page of a switch; false when it is for something else. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const path = requestPath(request.url ?? "/");
    const name = PATH.exec(path)?.[1];
    if (name === undefined) return false;
    const node = this.#switches.get(decode(name));
    if (node === undefined) sendText(response, 404, `404: ${this.#unknown(decode(name))}\n`);
    else if (this.#isOff(node)) {
      response.setHeader("Retry-After", "15");
      sendText(response, 503, `503: ${node.name} is off, as in a reboot\n`);
    } else this.#handlerOf(node)(request, response);
    return true;
  }

  #unknown(name: string): string {
    const near = closest(name, this.#switches.keys());
    const shown = name.length <= 80 ? name : `${name.slice(0, 80)}…`;
    const advice = near === undefined ? "/switches lists all" : `did you mean ${near}?`;
    return `no switch is named ${JSON.stringify(shown)}; ${advice}`;
  }

  #isOff(node: Switch): boolean {
    const { simulation, clock } = this.#running;
    return simulation.switches[node.index]?.isOn(clock.seconds()) === false;
  }

  #handlerOf(node: Switch): MetricsHandler {
    const found = this.#handlers.get(node);
    if (found !== undefined) return found;
    const logger = this.#logger.named(node.name);
    const registry = new Registry({ logger }).register(this.#running.collectors.ofSwitch(node));
    const handler = metricsHandler(registry, { logger });
    this.#handlers.set(node, handler);
    return handler;
  }
}

/** A part of a path as text; what is no valid escape stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
