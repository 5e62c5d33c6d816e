import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { alertingRules } from "../alerts/alerting-rules.ts";
import { evaluate, type Room, roomOf } from "../alerts/evaluate.ts";
import { MEANINGS } from "../alerts/meanings.ts";
import { referencePage } from "../alerts/reference-page.ts";
import { runbooks } from "../alerts/runbooks.ts";
import { type Score, score } from "../alerts/score.ts";
import {
  FABRIC,
  type SimulatedWeeks,
  simulateWeeks,
  type Week,
} from "../alerts/simulated-weeks.ts";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import { type RunningPrometheus, startPrometheus } from "../harness/prometheus.ts";
import { promtool } from "../harness/promtool.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";
import { undoAfterAll } from "../harness/undo.ts";

const folder = fileURLToPath(new URL("../../deploy/prometheus/rules/", import.meta.url));
const files = readdirSync(folder);
const rules = alertingRules();
const page = fileURLToPath(new URL("../../docs/reference/alerts.md", import.meta.url));

describe.each(PROMETHEUS_PEERS)(
  "the rule files, to the promtool of $title",
  ({ role, missing }) => {
    it.skipIf(missing)("are correct", async () => {
      const names = files.filter((name) => /(?<!\.test)\.yml$/.test(name));
      const { code, stdout, stderr } = await promtool(role, ["check", "rules", ...names], {
        cwd: folder,
      });
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
    });

    it.skipIf(missing)(
      "fire when they should, do not when they should not, and recover",
      async () => {
        const tests = files.filter((name) => name.endsWith(".test.yml"));
        const { code, stdout, stderr } = await promtool(role, ["test", "rules", ...tests], {
          cwd: folder,
        });
        expect(code, `${stdout}${stderr}`).toBe(0);
      },
    );
  },
);

const newest = PROMETHEUS_PEERS.findLast(({ missing }) => !missing);

describe.skipIf(newest === undefined)("over a bad week and a calm one", () => {
  const undo = undoAfterAll();
  let weeks: SimulatedWeeks;

  beforeAll(async () => {
    const { path, remove } = temporaryFolder("weeks");
    undo(remove);
    mkdirSync(join(path, "data"));
    weeks = await simulateWeeks(newest?.role ?? "prometheus-3", path);
  }, 900_000);

  describe.each(PROMETHEUS_PEERS)("in $title", ({ role, missing }) => {
    describe.skipIf(missing)("alerts", () => {
      const undoHere = undoAfterAll();
      let prometheus: RunningPrometheus;
      let bad: ReadonlyMap<string, Score>;
      let calm: ReadonlyMap<string, Score>;
      let rooms: ReadonlyMap<string, Room>;

      beforeAll(async () => {
        const flags = ["--storage.tsdb.retention.time=10y"];
        prometheus = await startPrometheus(role, { data: weeks.data, flags, config: {} });
        undoHere(prometheus.stop);
        [bad, calm] = await Promise.all([
          scores(prometheus.url, weeks.bad),
          scores(prometheus.url, weeks.calm),
        ]);
        rooms = await calmRooms(prometheus.url, weeks.calm);
      }, 300_000);

      it("find every incident that they are for, everywhere it is felt", () => {
        const missed = [...bad.values()].flatMap(({ alert, recalls }) =>
          recalls.flatMap((recall) => recall.missed.map((which) => `${alert}: ${which}`)),
        );
        expect(missed).toEqual([]);
      });

      it("were due in five or more of each", () => {
        const few = [...bad.values()].flatMap(({ alert, recalls }) =>
          recalls
            .filter(({ due }) => due < 5)
            .map(({ incident, due }) => `${alert}: ${incident} ${due}`),
        );
        expect(few).toEqual([]);
      });

      it("come as soon as they promise", () => {
        const late = rules.flatMap(({ alert, targetDelay }) =>
          (bad.get(alert)?.recalls ?? [])
            .filter(({ delays }) => Math.max(0, ...delays) > targetDelay)
            .map(
              ({ incident, delays }) =>
                `${alert}: ${incident} ${Math.max(...delays)} s > ${targetDelay} s`,
            ),
        );
        expect(late).toEqual([]);
      });

      it("are right nine times in ten", () => {
        const wrong = [...bad.values()].filter(({ fired, right }) => right < 0.9 * fired);
        expect(
          wrong.flatMap(({ alert, wrong: which }) => which.map((each) => `${alert}: ${each}`)),
        ).toEqual([]);
      });

      it("are silent in the calm week", () => {
        expect(
          [...calm.values()].flatMap(({ alert, wrong }) =>
            wrong.map((each) => `${alert}: ${each}`),
          ),
        ).toEqual([]);
      });

      it("have runbooks whose queries Prometheus understands", async () => {
        const failed: string[] = [];
        for (const { alert, queries } of runbooks()) {
          for (const query of queries) {
            const time = `${weeks.bad.end}`;
            const url = `${prometheus.url}/api/v1/query?${new URLSearchParams({ query, time })}`;
            const { error } = (await (await fetch(url)).json()) as { readonly error?: string };
            if (error !== undefined) failed.push(`${alert}: ${query}: ${error}`);
          }
        }
        expect(failed).toEqual([]);
      });

      // The page is that of the newest: another version judges a sample at the edge of a range otherwise.
      if (role !== newest?.role) return;
      it("did as their page says (vitest -u writes it)", async () => {
        const text = referencePage({ rules, fabric: FABRIC, bad, calm, rooms });
        await expect(text).toMatchFileSnapshot(page);
      });
    });
  });
});

/** Every alert that an incident can raise, against the truth of a week. */
async function scores(url: string, week: Week): Promise<ReadonlyMap<string, Score>> {
  const result = new Map<string, Score>();
  for (const rule of rules) {
    const meaning = MEANINGS[rule.alert];
    if (meaning === undefined) continue;
    result.set(rule.alert, score(rule.alert, meaning, await evaluate(url, rule, week), week));
  }
  return result;
}

/** How much room the calm week left to alerts that have one limit. */
async function calmRooms(url: string, week: Week): Promise<ReadonlyMap<string, Room>> {
  const result = new Map<string, Room>();
  for (const rule of rules) {
    const room = await roomOf(url, rule, week);
    if (room !== undefined && rule.alert in MEANINGS) result.set(rule.alert, room);
  }
  return result;
}
