import process from "node:process";
import { CATALOGUE, fabricOf, IncidentLog } from "@linklight/simulator";
import { type ListeningServer, listen, sendText, silentLogger } from "@linklight/toolkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { incidentsHandler } from "../endpoint/incidents.ts";
import { run } from "../program.ts";
import { INCIDENT_NAMES } from "./incident.ts";

const fabric = fabricOf("leaf-48x25g-8x100g");
const name = fabric.switches[0]?.name ?? "";
const clock = { now: 1000 };
let server: ListeningServer;
let other: ListeningServer;

beforeAll(async () => {
  const log = IncidentLog.open({ fabric, now: () => clock.now, logger: silentLogger });
  server = await listen(incidentsHandler(log, { isEnabled: true }), { logger: silentLogger });
  other = await listen((_, response) => sendText(response, 404, "404: nothing here\n"), {
    logger: silentLogger,
  });
});
afterAll(async () => {
  await server.close();
  await other.close();
});

/** Runs `linklight incident …` in this process. */
async function incident(...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    return { code: await run(["incident", ...args]), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const at = () => ["--url", server.url];

describe("linklight incident", () => {
  it("names every incident of the catalogue in its help", async () => {
    expect(INCIDENT_NAMES).toEqual(CATALOGUE.map((type) => type.name));
    const { code, stdout } = await incident("start", "--help");
    expect(code).toBe(0);
    expect(INCIDENT_NAMES.filter((each) => !stdout.includes(each))).toEqual([]);
  });

  it("starts, lists and stops", async () => {
    expect(await incident("list", ...at())).toEqual({
      code: 0,
      stdout: "no incidents\n",
      stderr: "",
    });
    const args = ["--port", "Ethernet1/50", "--duration", "10m", "--set", "loss=9"];
    expect(await incident("start", "dirty-optic", ...args, ...at())).toEqual({
      code: 0,
      stdout: `dirty-optic-1: on ${name} Ethernet1/50, from 2026-01-05 00:16:40 to 2026-01-05 00:26:40 (UTC)
stop it with: linklight incident stop dirty-optic-1
`,
      stderr: "",
    });
    const forever = await incident(
      "start",
      "psu-loss",
      "--duration",
      "forever",
      "--switch",
      name,
      ...at(),
    );
    expect(forever.stdout.split("\n")[0]).toBe(
      `psu-loss-2: on ${name}, from 2026-01-05 00:16:40 until it is stopped (UTC)`,
    );
    clock.now = 1100;
    expect((await incident("list", ...at())).stdout).toBe(
      `ID             STATE   INCIDENT     SWITCH  PORT          FROM (UTC)           TO (UTC)             PARAMETERS
dirty-optic-1  active  dirty-optic  leaf1   Ethernet1/50  2026-01-05 00:16:40  2026-01-05 00:26:40  loss=9
psu-loss-2     active  psu-loss     leaf1   -             2026-01-05 00:16:40  until stopped        psu=1
`,
    );
    expect(await incident("stop", "dirty-optic-1", ...at())).toEqual({
      code: 0,
      stdout: "dirty-optic-1: ends at 2026-01-05 00:18:20 (UTC)\n",
      stderr: "",
    });
    clock.now = 1200;
    expect((await incident("stop", "dirty-optic-1", ...at())).stdout).toBe(
      "dirty-optic-1: ended at 2026-01-05 00:18:20 (UTC)\n",
    );
    const { stdout } = await incident("list", "--json", ...at());
    expect((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)).toEqual([
      "dirty-optic-1",
      "psu-loss-2",
    ]);
  });

  it("says every problem and ends with 1", async () => {
    expect(await incident("start", "dirty-optik", "--switch", "nowhere", ...at())).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: unknown incident "dirty-optik"; did you mean dirty-optic?\nunknown switch "nowhere"; known: ${name}\n`,
    });
    expect(await incident("stop", "nonsense", ...at())).toEqual({
      code: 1,
      stdout: "",
      stderr:
        'error: no incident "nonsense"; linklight incident list, or GET /incidents, tells which there are\n',
    });
  });

  it.each([
    [["start"], "error: missing required argument 'type'\n"],
    [["stop"], "error: missing required argument 'id'\n"],
    [
      ["start", "reboot", "--set", "loss"],
      "error: option '--set <name=value>' argument 'loss' is invalid. Expected name=value, such as loss=6.\n",
    ],
    [
      ["list", "--url", "here"],
      "error: option '--url <url>' argument 'here' is invalid. Expected an address such as http://127.0.0.1:8000.\n",
    ],
  ])("ends with 2 for %j", async (args, stderr) => {
    expect(await incident(...args)).toEqual({ code: 2, stdout: "", stderr });
  });

  it("says what to do when nothing listens, and when something else does", async () => {
    const gone = await listen(() => undefined, { logger: silentLogger });
    await gone.close();
    expect(await incident("list", "--url", gone.url)).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: ${gone.url} does not answer: connection refused; nothing listens there; start an endpoint with: linklight endpoint --enable-incidents\n`,
    });
    expect((await incident("list", "--url", other.url)).stderr).toBe(
      `error: ${other.url} answers with status 404 about incidents: is it an endpoint of linklight with a simulated switch?\n`,
    );
  });
});
