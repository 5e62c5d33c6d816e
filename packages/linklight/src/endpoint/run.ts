import type { Collector } from "@linklight/client";
import { assert, type Logger, type LogLevel } from "@linklight/model";
import {
  createLogger,
  type ListeningServer,
  type LogFormat,
  listen,
  onShutdown,
  parseListenAddress,
} from "@linklight/toolkit";
import { BUILT_IN_COLLECTORS } from "../collectors/built-in.ts";
import { CommandFailure, ExitCode, explainFailure } from "../failure.ts";
import type { RunningSimulation, SimulationFlags } from "../switches/simulation.ts";
import type { SwitchPages } from "../switches/switch-pages.ts";
import { userPath } from "../user-path.ts";
import { CollectorSet } from "./collector-set.ts";
import { type Member, openMember } from "./member.ts";
import { isStartedByNpm, stopWithParent } from "./orphan-watch.ts";
import { Reloader } from "./reloader.ts";
import { endpointHandler, type RequestPart } from "./routes.ts";
import { logStrayErrors } from "./stray-errors.ts";

/** How often incidents that begin by themselves are looked for, to be written into the incident log. */
const TELL_MS = 1000;

/** A simulation, and the pages of its switches. */
interface Switches extends RunningSimulation {
  readonly pages: SwitchPages;
  readonly incidentsPart: RequestPart;
  readonly close: () => void;
}

/** The flags of `linklight endpoint`, by the names under which the command line gives them. */
export interface EndpointFlags extends SimulationFlags {
  readonly port: number;
  readonly host: string;
  readonly "web.listenAddress"?: readonly string[];
  /** Names of built-in collectors and paths of collector files; the built-in ones when it is missing. */
  readonly collector?: readonly string[];
  readonly watch?: boolean;
  readonly "web.config.file"?: string;
  readonly "log.level": LogLevel;
  readonly "log.format": LogFormat;
}

/**
 * Serves the metrics endpoint until a signal comes. Resolves when it listens; rejects with what the user
 * must know when it cannot. `stacks` shows the stack traces of errors in the log.
 */
export async function runEndpoint(
  flags: EndpointFlags,
  { stacks }: { readonly stacks: boolean },
): Promise<void> {
  const format = flags["log.format"];
  const logger = createLogger({ level: flags["log.level"], format, scope: "endpoint", stacks });
  try {
    await serve(flags, logger);
  } catch (error) {
    // Whoever reads the log by program finds this in it too; people read it better as it is.
    if (format === "console") throw error;
    logger.error(explainFailure(error, stacks));
    const exitCode = error instanceof CommandFailure ? error.exitCode : ExitCode.FAILED;
    throw new CommandFailure("", exitCode, { cause: error });
  }
}

async function serve(flags: EndpointFlags, logger: Logger): Promise<void> {
  logStrayErrors(logger);
  const addresses = flags["web.listenAddress"];
  addresses?.forEach(checkAddress);
  const running = await openSwitches(flags, logger);
  const members = await openMembers(flags, running);
  const set = new CollectorSet(members, logger.named("registry"));
  let isStopping = false;
  const handler = endpointHandler(set.handle, {
    isReady: () => !isStopping,
    switches: running?.pages,
    incidents: running?.incidentsPart,
  });
  const webConfigFile = flags["web.config.file"];
  const server = await listen(handler, {
    ...(addresses ? { addresses } : { host: flags.host, port: flags.port }),
    ...(webConfigFile !== undefined && { webConfigFile: userPath(webConfigFile) }),
    logger,
  });
  const reloader = flags.watch ? new Reloader(set, logger) : undefined;
  onShutdown(
    async () => {
      isStopping = true;
      reloader?.close();
      // The rest of the two seconds is for collectors.
      await server.close({ timeoutMs: 1200 });
      await set.close();
      running?.close();
    },
    // A terminal sends Ctrl-C to npm and to this process, and npm passes its own on.
    { logger, sameKeyPressMs: isStartedByNpm() ? 300 : 0 },
  );
  if (isStartedByNpm()) stopWithParent();
  // Last, since whoever reads it may send a signal at once.
  announce(server, logger);
}

/** The simulation behind the collector `switch`; undefined without that collector. */
async function openSwitches(flags: EndpointFlags, logger: Logger): Promise<Switches | undefined> {
  if (flags.collector !== undefined && !flags.collector.includes("switch")) return undefined;
  // Nobody should wait for a simulation who has none.
  const { openSimulation } = await import("../switches/simulation.ts");
  const { SwitchPages } = await import("../switches/switch-pages.ts");
  const { incidentsHandler, isForIncidents } = await import("./incidents.ts");
  const running = openSimulation(flags, logger);
  const { clock, incidents } = running;
  const teller = setInterval(() => incidents.tell(clock.seconds()), TELL_MS).unref();
  return {
    ...running,
    pages: new SwitchPages(running, logger),
    incidentsPart: {
      isFor: isForIncidents,
      handle: incidentsHandler(incidents, { isEnabled: flags.enableIncidents === true }),
    },
    close() {
      clearInterval(teller);
      incidents.close();
    },
  };
}

async function openMembers(
  { collector: sources = BUILT_IN_COLLECTORS }: EndpointFlags,
  running: RunningSimulation | undefined,
): Promise<Member[]> {
  const openSwitch = (): Collector => {
    assert(running !== undefined, "endpoint: a collector switch without a simulation");
    const { collectors, simulation } = running;
    const [node, ...others] = simulation.fabric.switches;
    // Several are each at a page of their own.
    return node === undefined || others.length > 0
      ? collectors.ofSimulation()
      : collectors.ofSwitch(node);
  };
  const members = [];
  // One after the other, so that the first problem said is the first on the command line.
  for (const source of sources) members.push(await openMember(source, openSwitch));
  return members;
}

function checkAddress(address: string): void {
  try {
    parseListenAddress(address);
  } catch (error) {
    throw new CommandFailure(`--web.listen-address: ${(error as Error).message}`, ExitCode.USAGE);
  }
}

function announce({ port, addresses }: ListeningServer, logger: Logger): void {
  logger.info(`Prometheus server listening on port ${port}`);
  for (const address of addresses.slice(1)) logger.info(`also listening on ${address}`);
}
