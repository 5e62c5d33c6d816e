import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The reference page of incidents, from the catalogue of the built simulator. */
export async function incidentsPage(root) {
  const { CATALOGUE, FAMILY_GROUPS, formatSeconds } = await import(
    pathToFileURL(join(root, "packages/simulator/dist/index.js")).href
  );
  return `# Incidents

What can go wrong on a simulated switch: in a scenario file, by hand, or by itself. This page is made from the code by \`npm run docs\`.

## How to make one happen

By hand, on an endpoint that was started with \`--enable-incidents\`; the switch may be left out where there is one, the port too:

\`\`\`text
linklight incident start dirty-optic --switch leaf1 --port Ethernet1/50 --duration 1h --set loss=9
linklight incident list
linklight incident stop dirty-optic-1
\`\`\`

By a scenario, \`--scenario FILE\`: a list in YAML. Times count from the start of the endpoint, or of the history (\`--from\`), or are
dates in UTC; \`every\` repeats an incident, \`times\` says how often. Every mistake in the file is named with its line and column.

\`\`\`yaml
incidents:
  - at: 2h
    type: link-down
    switch: leaf1
    port: Ethernet1/49
    duration: 10m
  - at: 2026-02-02 08:00
    type: incast
    switch: leaf1
    every: 1d
    times: 5
    parameters: { senders: 24 }
\`\`\`

A duration is written as Prometheus does (\`90s\`, \`1h30m\`), or is \`forever\`, which is until somebody stops it. What concerns traffic
begins and ends with the slots of the queue model, at the next one: within 16 s of simulated time.

## The truth

\`linklight_incident_active{incident,switch,port}\` is 1 while an incident goes on, and 0 when it is over or planned by a scenario. With \`--incident-log FILE\` every incident is also a
line of JSON in that file: \`event\` (\`start\` by hand, \`begin\` by itself, \`stop\`), \`id\`, \`type\`, \`switch\`, \`port\`, \`start\`, \`end\`,
\`parameters\`, and \`moves\`: the families that may move, and how far from the target. What is not among them is the same, byte for byte,
with and without the incident. What was started or stopped by hand is read again at the next start, so that the same log gives the same
switch; a line that was cut off is named in the log of the program and left out. Relative times of a scenario then go on counting from the
first start with it.

| reach | where families move |
|---|---|
| \`port\` | on that port |
| \`peer\` | on the port at the other end of its link, where that is one of the fabric |
| \`link\` | on both |
| \`switch\` | on that switch, with all its ports |
| \`neighbours\` | on that switch and those it is linked to |
| \`fabric\` | everywhere: what a switch forwards goes through others too |

Families without ports, such as those of the chassis, move on the switches of these ports. Each declares what it does alone. Together
they may do more: two that dim the same light may lose the link, and a switch that loses all of its power supplies is off.

## Over HTTP

JSON only, and only with \`--enable-incidents\` (else 403). Pages of other sites are refused (403).

| request | answer |
|---|---|
| \`GET /incidents\` | 200, a list: what goes on, what comes within a day, and the last that are over (\`state\`: \`active\`, \`scheduled\`, \`ended\`) |
| \`POST /incidents\` | 201 with the incident; 400 with all problems; 413 above 64 KiB; 415 unless \`Content-Type: application/json\` |
| \`GET /incidents/ID\` | 200 with the incident; 404 |
| \`DELETE /incidents/ID\` | 200 with the incident, which is stopped; its past stays as it was; 404 |

The body of a \`POST\` has the fields of a scenario, without times: \`{"type":"dirty-optic","port":"Ethernet1/50","parameters":{"loss":9}}\`.
An answer that is a refusal has \`errorType\`, \`error\` and, for 400, \`problems\` with \`line\`, \`column\` and \`message\`; 503 means that the incident
log takes no more.

## The catalogue

| incident | happens to | what happens |
|---|---|---|
${CATALOGUE.map(({ name, target, summary }) => `| [\`${name}\`](#${name}) | a ${target} | ${summary} |`).join("\n")}

${CATALOGUE.map((type) => incidentSection(type, formatSeconds, FAMILY_GROUPS)).join("\n")}
## Groups of families

What the tables above call by one name.

${FAMILY_GROUPS.map(({ name, families }) => `### ${name}\n\n${families.map(shownFamily).join(", ")}\n`).join("\n")}`;
}

function incidentSection(type, formatSeconds, groups) {
  const { name, summary, signs, target, prefers, duration, parameters, moves } = type;
  const to = duration.isEndless
    ? `${formatSeconds(duration.maximum)}, or forever`
    : formatSeconds(duration.maximum);
  const port = prefers === "uplink" ? "an uplink" : "an access port";
  const shown = (unit, value) =>
    unit === "s"
      ? formatSeconds(value)
      : `${value}${["number", "ratio"].includes(unit) ? "" : ` ${unit}`}`;
  const rows = parameters.map(
    (each) =>
      `| \`${each.name}\` | ${each.fitted?.help ?? shown(each.unit, each.default)} | ${shown(each.unit, each.minimum)} … ${shown(each.unit, each.maximum)} | ${each.help} |`,
  );
  return `### ${name}

${summary}

Happens to a ${target}${target === "switch" ? "" : `, by default ${port}`}. Lasts ${formatSeconds(duration.default)} (${formatSeconds(duration.minimum)} to ${to}).
${rows.length === 0 ? "" : `\n| parameter | default | range | |\n|---|---|---|---|\n${rows.join("\n")}\n`}
| what one sees | |
|---|---|
${signs.map(([family, what]) => `| \`${family}\` | ${what} |`).join("\n")}

| reach | what may move: all else is the same |
|---|---|
${moves.map(({ reach, families }) => `| \`${reach}\` | ${inGroups(families, groups)} |`).join("\n")}
${type.mayLoseLink === undefined ? "" : "\nWhere the link goes down, also what [`link-down`](#link-down) moves.\n"}`;
}

/** Families by the names of the groups that are whole among them; the rest one by one. */
function inGroups(families, groups) {
  const rest = new Set(families);
  const names = [];
  for (const group of groups) {
    if (!group.families.every((family) => rest.has(family))) continue;
    names.push(`[${group.name}](#${group.name.replaceAll(" ", "-")})`);
    for (const family of group.families) rest.delete(family);
  }
  return [...names, ...[...rest].map(shownFamily)].join(", ");
}

function shownFamily(family) {
  return family === "*" ? "all" : `\`${family}\``;
}
