import { readdirSync, readFileSync } from "node:fs";
import {
  type AskedQuery,
  type DashboardFile,
  dashboardQueries,
  type VariableValues,
} from "@linklight/dashboards";
import { beforeAll, describe, expect, it } from "vitest";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { KEEPS_A_DAY, type SimulatedDay, simulateDay } from "./simulated-day.ts";

const folder = new URL("../../deploy/grafana/dashboards/", import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as DashboardFile);

// What Grafana fills in for a day on a screen, where switches are scraped each minute.
const STEP_SECONDS = 300;
const OF_GRAFANA = { __rate_interval: "6m", __interval: "5m", __range: "1d" };

// What a reader has chosen; what is not here is the first that is offered.
const CHOSEN: Readonly<Record<string, VariableValues>> = {
  "linklight-fabric": { instance: ".*" },
  "linklight-switch": { instance: "leaf1", port: ".*" },
  "linklight-port": { instance: "leaf1", port: "Ethernet1/49" },
};

const missing = PROMETHEUS_PEERS.every((peer) => peer.missing);

describe.skipIf(missing)("over a simulated day", () => {
  const undo = undoAfterAll();
  let day: SimulatedDay;

  beforeAll(async () => {
    const { path, remove } = temporaryFolder("day");
    undo(remove);
    const peer = PROMETHEUS_PEERS.find((one) => !one.missing);
    day = await simulateDay(peer?.role ?? "prometheus-2", path, undo);
  }, 600_000);

  describe.each(PROMETHEUS_PEERS)("$title", ({ role, missing: isMissing }) => {
    describe.skipIf(isMissing)("gives every dashboard what it asks for", () => {
      const undoHere = undoAfterAll();
      let prometheus: RunningPrometheus;

      beforeAll(async () => {
        const { data } = day;
        prometheus = await startPrometheus(role, { data, flags: KEEPS_A_DAY, config: {} });
        undoHere(prometheus.stop);
      });

      it.each(files.map((file) => [String(file.uid), file] as const))(
        "%s: no query fails, and none is empty",
        async (uid, file) => {
          const values = await choose(file, CHOSEN[uid] ?? {});
          const failed: string[] = [];
          for (const query of dashboardQueries(file, values)) {
            const problem = await ask(query);
            if (problem !== undefined)
              failed.push(`${query.title}, ${query.refId}: ${problem}: ${query.expr}`);
          }
          expect(failed).toEqual([]);
        },
        120_000,
      );

      /** Fills the variables as Grafana does: each is offered what those before it leave. */
      async function choose(file: DashboardFile, chosen: VariableValues): Promise<VariableValues> {
        const values: Record<string, string | readonly string[]> = {
          ...OF_GRAFANA,
          datasource: "prometheus",
        };
        for (const variable of file.templating?.list ?? []) {
          if (variable.type !== "query") continue;
          const only = { uid: file.uid ?? "", templating: { list: [variable] } };
          const [query] = dashboardQueries(only, values);
          const offered = query === undefined ? [] : await labelValues(query);
          const value = chosen[variable.name] ?? offered[0] ?? "";
          if (value !== ".*") expect(offered).toContain(value);
          values[variable.name] = value;
        }
        return values;
      }

      async function labelValues({ expr, label = "" }: AskedQuery): Promise<string[]> {
        const { start, end } = day;
        const parameters = { "match[]": expr, start: `${start}`, end: `${end}` };
        return await get<string[]>(`label/${label}/values`, parameters);
      }

      /** What is wrong with the answer, if anything is. */
      async function ask({ expr, instant, of, label }: AskedQuery): Promise<string | undefined> {
        if (of === "variable") return label === undefined ? "no label" : undefined;
        const { start, end } = day;
        const span = { start: `${start}`, end: `${end}`, step: `${STEP_SECONDS}` };
        const parameters = { query: expr, ...(instant ? { time: `${end}` } : span) };
        try {
          const path = instant ? "query" : "query_range";
          const { result } = await get<{ result: readonly unknown[] }>(path, parameters);
          return result.length === 0 ? "empty" : undefined;
        } catch (error) {
          return String(error);
        }
      }

      async function get<T>(path: string, parameters: Record<string, string>): Promise<T> {
        const url = `${prometheus.url}/api/v1/${path}?${new URLSearchParams(parameters)}`;
        const answer = (await (await fetch(url)).json()) as { data: T; error?: string };
        if (answer.error !== undefined) throw new Error(answer.error);
        return answer.data;
      }
    });
  });
});
