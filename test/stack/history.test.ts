import { beforeAll, describe, expect, it } from "vitest";
import { composeProject, DOCKER_MISSING } from "../harness/docker.ts";
import { fetchJson } from "../harness/fetch-json.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

const HOUR = 3600;
/** Every series that a switch shows. */
const OF_SWITCHES = '{job="custom prometheus", switch!="", __name__=~"switch_.+"}';

type Labels = Readonly<Record<string, string>>;

// A past of some hours, and the present that goes on with it.
describe.skipIf(DOCKER_MISSING)("docker compose --profile history up", () => {
  const undo = undoAfterAll();
  const { compose, url, remove } = composeProject({ HISTORY: "3h", HISTORY_STEP: "60s" });
  /** Between the past, which ends before it, and the present, in seconds since 1970. */
  let seam = 0;

  const query = async (expr: string, time: number): Promise<[Labels, number][]> => {
    const parameters = new URLSearchParams({ query: expr, time: String(time) });
    const { data } = await fetchJson<{
      data: { result: { metric: Labels; value: [number, string] }[] };
    }>(`${url("prometheus")}/api/v1/query?${parameters}`);
    return data.result.map(({ metric, value }) => [metric, Number(value[1])]);
  };
  const number = async (expr: string, time: number): Promise<number | undefined> =>
    (await query(expr, time))[0]?.[1];
  const namesAt = async (time: number): Promise<string[]> =>
    (await query(OF_SWITCHES, time)).map(([labels]) => textOf(labels)).sort();

  beforeAll(async () => {
    undo(remove);
    await compose("--profile", "history", "up", "--build", "--detach", "--wait");
    seam = await until("live samples of every switch", async () => {
      const live = await query(
        'min(timestamp(up{switch!=""})) and count(up{switch!=""}) == 6',
        now(),
      );
      const newest = live[0]?.[1];
      // Those of the history are of whole minutes.
      return newest !== undefined && newest % 60 !== 0 ? newest : undefined;
    });
  });

  it("gives each switch a sample a minute of the hours before", async () => {
    const counts = await query('count_over_time(up{switch!=""}[1h])', seam - HOUR);
    expect(counts.map(([labels, count]) => [labels["instance"], count]).sort()).toEqual(
      ["leaf1", "leaf2", "leaf3", "leaf4", "spine1", "spine2"].map((name) => [name, 60]),
    );
  });

  it("has a past and a present of the very same series", async () => {
    const past = await namesAt(seam - HOUR);
    expect(past.length).toBeGreaterThan(5000);
    const present = await until("a second scrape", async () => {
      const names = await namesAt(now());
      return names.length === past.length ? names : undefined;
    });
    expect(present).toEqual(past);
  });

  it("lets counters go on from the past into the present without a reset", async () => {
    const all = 'switch_port_receive_bytes_total{switch!=""}';
    const time = now();
    expect(await number(`sum(resets(${all}[3h]))`, time)).toBe(0);
    expect(await number(`max(increase(${all}[1h]))`, time)).toBeGreaterThan(0);
    // A reset, or a jump, would show as a rate beyond what the line carries.
    const fastest = `max(rate(${all}[15m]) / on (instance, port) switch_port_speed_bytes)`;
    expect(await number(fastest, time)).toBeLessThan(1);
  });

  it("tells it once: a second start leaves everything as it is", async () => {
    const past = 'sum(count_over_time(switch_port_receive_bytes_total{switch!=""}[1h]))';
    const before = await number(past, seam - HOUR / 2);
    expect(before).toBeGreaterThan(0);
    await compose("--profile", "history", "up", "--detach", "--wait");
    expect(await compose("logs", "--no-log-prefix", "history")).toContain(
      "no past is made: Prometheus has samples already",
    );
    // Prometheus looks for new blocks when it starts.
    await compose("restart", "prometheus");
    expect(await until("Prometheus after its restart", () => number(past, seam - HOUR / 2))).toBe(
      before,
    );
  });
});

const now = (): number => Date.now() / 1000;

const textOf = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
