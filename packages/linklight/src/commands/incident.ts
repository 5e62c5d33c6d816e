import process from "node:process";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type IncidentAnswer,
  listIncidents,
  startIncident,
  stopIncident,
} from "./incident-client.ts";
import { serverUrlOption } from "./server-url.ts";

/** As in the catalogue of the simulator, which only the endpoint needs to load. */
export const INCIDENT_NAMES: readonly string[] = [
  "link-down",
  "flap-train",
  "dirty-optic",
  "ageing-laser",
  "microburst",
  "uplink-saturation",
  "incast",
  "ecmp-polarisation",
  "fan-failure",
  "psu-loss",
  "overheating",
  "reboot",
  "memory-leak",
  "bgp-flap",
  "mac-flood",
  "counter-wrap",
  "stuck-counter",
];

const START_HELP = `
Incidents:
  ${INCIDENT_NAMES.slice(0, 6).join(", ")},
  ${INCIDENT_NAMES.slice(6, 12).join(", ")},
  ${INCIDENT_NAMES.slice(12).join(", ")}
  What each does and its parameters: docs/reference/incidents.md

Examples:
  linklight incident start link-down
  linklight incident start dirty-optic --port Ethernet1/50 --set loss=9 --duration 1h
  linklight incident start psu-loss --switch leaf1 --duration forever`;

const EXAMPLES = `
What can go wrong: linklight incident start --help

Examples:
  linklight endpoint --enable-incidents
  linklight incident start link-down --port Ethernet1/1 --duration 5m
  linklight incident list
  linklight incident stop link-down-1`;

interface Where {
  readonly url: URL;
  readonly json?: boolean;
}

interface StartFlags extends Where {
  readonly switch?: string;
  readonly port?: string;
  readonly duration?: string;
  readonly set?: Readonly<Record<string, string>>;
}

/** Adds `linklight incident` with its subcommands: faults on a running endpoint. */
export function addIncidentCommand(program: Command): void {
  const incident = program
    .command("incident")
    .summary("break something on a running endpoint: start, stop, list")
    .description(
      "Starts, stops and lists what goes wrong on a running endpoint that has --enable-incidents.",
    )
    .usage("<what> [options]")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false);
  incident.addHelpText("after", EXAMPLES);
  addStart(incident);
  asking(incident.command("stop").summary("stop an incident").argument("<id>", "as listed"))
    .description(
      "Stops an incident. What it did stays in the counters; from now on it does nothing.",
    )
    .action(async (id: string, { url, json }: Where) => {
      const stopped = await stopIncident(url, id);
      print(json ? JSON.stringify(stopped) : `${stopped.id}: ${whenEnded(stopped)}`);
    });
  asking(incident.command("list").summary("list incidents"))
    .description(
      "Lists the incidents that go on, those that come within a day, and the last that are over.",
    )
    .action(async ({ url, json }: Where) => {
      const incidents = await listIncidents(url);
      print(json ? JSON.stringify(incidents) : incidentTable(incidents));
    });
}

function addStart(incident: Command): void {
  asking(incident.command("start").summary("start an incident"))
    .description("Starts an incident at once; what concerns traffic begins within 16 s.")
    .argument("<type>", "what goes wrong")
    .option("--switch <name>", "where; may be left out when there is one switch")
    .option("--port <name>", "which port; by default the first that suits")
    .option("--duration <time>", "such as 5m, or forever; by default that of the incident")
    .addOption(
      new Option("--set <name=value>", "a parameter of the incident (repeatable)").argParser(
        assignment,
      ),
    )
    .addHelpText("after", START_HELP)
    .action(async (type: string, flags: StartFlags) => {
      const { url, json, set: parameters, switch: on, port, duration } = flags;
      const started = await startIncident(url, { type, switch: on, port, duration, parameters });
      print(json ? JSON.stringify(started) : whatStarted(started));
    });
}

/** Adds what all of them take. */
function asking(command: Command): Command {
  return command
    .addOption(serverUrlOption("where the endpoint is"))
    .option("--json", "print what the endpoint answers, in JSON");
}

function assignment(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("Expected name=value, such as loss=6.");
  return Object.fromEntries([...Object.entries(earlier), [name, value]]);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function whatStarted(incident: IncidentAnswer): string {
  const { id, start, end } = incident;
  const until = end === undefined ? "until it is stopped" : `to ${shownTime(end)}`;
  return `${id}: on ${targetOf(incident)}, from ${shownTime(start)} ${until} (UTC)
stop it with: linklight incident stop ${id}`;
}

function whenEnded({ state, end }: IncidentAnswer): string {
  if (end === undefined) return state;
  return state === "ended" ? `ended at ${shownTime(end)} (UTC)` : `ends at ${shownTime(end)} (UTC)`;
}

function targetOf({ switch: on, port }: IncidentAnswer): string {
  return port === undefined ? on : `${on} ${port}`;
}

/** The incidents as a table, a line each; times to the second, in UTC. */
function incidentTable(incidents: readonly IncidentAnswer[]): string {
  if (incidents.length === 0) return "no incidents";
  const rows = [
    ["ID", "STATE", "INCIDENT", "SWITCH", "PORT", "FROM (UTC)", "TO (UTC)", "PARAMETERS"],
    ...incidents.map((incident) => [
      incident.id,
      incident.state,
      incident.type,
      incident.switch,
      incident.port ?? "-",
      shownTime(incident.start),
      incident.end === undefined ? "until stopped" : shownTime(incident.end),
      Object.entries(incident.parameters)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
    ]),
  ].map((row) => row.map(printable));
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function shownTime(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}

// What comes from a server moves no cursor.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "·");
}
