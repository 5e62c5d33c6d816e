// Writes the reference pages that follow from the code: the command line from its own help texts, the
// metrics from what the built-in collectors describe, the incidents from their catalogue, PromQL's functions from the table
// of their types. Needs a build.
//
//   node scripts/reference.mjs           writes them into docs/reference
//   node scripts/reference.mjs --check   exit code 1 when they are not what the code says
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { incidentsPage } from "./incident-reference.mjs";
import { functionsPage } from "./promql-reference.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, "packages/linklight/dist/main.js");

const COMMANDS = [
  "",
  "endpoint",
  "doctor",
  "check",
  "check metrics",
  "check web-config",
  "check healthy",
  "check ready",
  "incident",
  "incident start",
  "incident stop",
  "incident list",
  "promql",
  "promql format",
  "promql explain",
  "query",
  "query instant",
  "query range",
  "simulate",
  "test",
  "test promql",
  "tsdb",
  "tsdb list",
  "tsdb analyze",
  "tsdb dump",
  "tsdb dump-openmetrics",
  "tsdb create-blocks-from",
  "tsdb create-blocks-from openmetrics",
];

function help(command) {
  const args = [...command.split(" ").filter((word) => word !== ""), "--help"];
  const env = { ...process.env, COLUMNS: "100", NO_COLOR: "1" };
  return execFileSync(process.execPath, [main, ...args], { encoding: "utf8", env }).trimEnd();
}

function commandLinePage() {
  const sections = COMMANDS.map((command) => {
    const title = `linklight ${command}`.trimEnd();
    return `## ${title}\n\n\`\`\`text\n${help(command)}\n\`\`\`\n`;
  });
  return `# The command line

In a clone, \`npm start -- …\` is \`linklight up …\`, and \`node packages/linklight/dist/main.js …\` is \`linklight …\`.
This page is made from the help texts by \`npm run docs\`.

${sections.join("\n")}`;
}

async function metricsPage() {
  const { BUILT_IN_COLLECTORS, builtInCollector } = await import(
    pathToFileURL(join(root, "packages/linklight/dist/collectors/built-in.js")).href
  );
  const { Registry } = await import(
    pathToFileURL(join(root, "packages/client/dist/index.js")).href
  );
  const switchCollector = await fullSwitch();
  const sections = [];
  for (const name of BUILT_IN_COLLECTORS) {
    const collector = await builtInCollector(name, switchCollector);
    sections.push(section(`Collector \`${name}\``, await described(Registry, collector)));
    await collector.close?.();
  }
  const { families } = await new Registry()
    .register({ name: "example", collect: () => [] })
    .gather();
  sections.push(section("Of every collector", families.map(row)));
  return `# Metrics of the endpoint

What the built-in collectors show, by default all of them. \`--collector\` replaces them.
The collector \`switch\` shows all of this with \`--switch.detail=full\`; without it, idle queues and the sizes of frames are
left out, and what only the ports to more of the network are watched for is shown of uplinks alone.
This page is made from the code by \`npm run docs\`; which families there are depends on the system: these are those of Linux.

${sections.join("\n")}`;
}

/** A switch of which everything is shown, with something wrong with it. */
async function fullSwitch() {
  const { fabricOf, simulate, simulationClock, SwitchCollectors } = await import(
    pathToFileURL(join(root, "packages/simulator/dist/index.js")).href
  );
  const fabric = fabricOf("leaf-48x25g-8x100g");
  const [node] = fabric.switches;
  const incident = {
    ...{ type: "link-down", switch: node.name, port: "Ethernet1/49" },
    isActiveAt: () => true,
  };
  const collectors = new SwitchCollectors({
    simulation: simulate(fabric, { version: 0, until: () => [] }),
    clock: simulationClock({ epoch: fabric.epoch, now: () => (fabric.epoch + 43_200) * 1000 }),
    incidents: { truthUntil: () => [incident] },
    detail: "full",
    version: "0.0.0",
  });
  return () => collectors.ofSwitch(node);
}

async function described(Registry, collector) {
  const { families } = await new Registry().register(collector).gather();
  const own = families.filter(({ name }) => !name.startsWith("linklight_collector_"));
  // One that fails costs its own families and nothing else: here that is the whole page.
  if (own.length === 0)
    throw new Error(`the collector ${collector.name} shows nothing: it has failed`);
  return own.map(row);
}

function row({ name, type, help: text, parts }) {
  const labels = new Set(
    parts.flatMap(({ series, lines }) => [
      ...series.labels.flatMap((set) => [...set].map(([label]) => label)),
      ...lines.flatMap(({ label }) => (label === undefined ? [] : [label])),
    ]),
  );
  return `| \`${name}\` | ${type} | ${[...labels].map((label) => `\`${label}\``).join(", ")} | ${text} |`;
}

function section(title, rows) {
  return `## ${title}\n\n| name | type | labels | what it says |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}

const pages = {
  "docs/reference/cli.md": commandLinePage(),
  "docs/reference/metrics.md": await metricsPage(),
  "docs/reference/incidents.md": await incidentsPage(root),
  "docs/reference/promql-functions.md": await functionsPage(root),
};
for (const [path, text] of Object.entries(pages)) {
  if (!process.argv.includes("--check")) writeFileSync(join(root, path), text);
  else if (readFileSync(join(root, path), "utf8") !== text) {
    process.stderr.write(`${path} is not what the code says: run npm run docs, and commit it\n`);
    process.exitCode = 1;
  }
}
