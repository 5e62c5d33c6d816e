import {
  type Check,
  type Finding,
  info,
  ok,
  type Patient,
  warning,
  wrong,
} from "../doctor/check.ts";
import { recordOf, textIn } from "../doctor/presence.ts";

/** Whether Prometheus runs by the configuration and the rule files that are on its disk. */
export const configurationCheck: Check = {
  name: "configuration",
  needs: ["prometheus"],
  async run({ prometheus }) {
    const runtime = recordOf(await prometheus.data("status/runtimeinfo"));
    const loaded = await prometheus
      .ownTotal("prometheus_config_last_reload_successful")
      .catch(() => undefined);
    const file = textIn(await prometheus.flags(), "config.file") ?? "prometheus.yml";
    if (runtime["reloadConfigSuccess"] !== false && loaded !== 0) {
      return [ok(`Prometheus has loaded ${file}`)];
    }
    return [
      wrong(
        `${file} or one of its rule files was changed and is refused: Prometheus goes on with what it had`,
        `promtool check config ${file} says where (its log does too); mend it, then reload`,
      ),
    ];
  },
};

/** Whether Prometheus keeps what it scrapes. */
export const storageCheck: Check = {
  name: "storage",
  needs: ["prometheus"],
  async run(patient) {
    const { prometheus } = patient;
    const [runtime, tsdb, counters] = await Promise.all([
      prometheus.data("status/runtimeinfo").then(recordOf),
      // Not every server that speaks this API has blocks and a head.
      prometheus.data("status/tsdb").then(recordOf, () => recordOf(undefined)),
      counterFindings(patient),
    ]);
    return [storageFinding(runtime, recordOf(tsdb["headStats"])), ...counters];
  },
};

function storageFinding(
  runtime: Readonly<Record<string, unknown>>,
  head: Readonly<Record<string, unknown>>,
): Finding {
  if (Number(runtime["corruptionCount"]) > 0) {
    return wrong(
      `Prometheus found ${Number(runtime["corruptionCount"])} corruptions in its data and repaired what it could`,
      "samples are missing; look at its log and at the disk",
    );
  }
  const retention = textIn(runtime, "storageRetention");
  const series = Number(head["numSeries"]);
  const kept = retention === undefined ? "" : `, kept for ${retention}`;
  return Number.isFinite(series)
    ? ok(`${series} series${kept}`)
    : info(`how many series there are is not told${kept}`);
}

/** Counters of Prometheus about itself that stay at 0 while all is well. */
const COUNTERS: readonly {
  readonly family: string;
  readonly says: (count: number) => string;
  readonly remedy: string;
}[] = [
  {
    family: "prometheus_target_scrapes_sample_duplicate_timestamp_total",
    says: (count) => `${count} samples were dropped: another value was there for the same moment`,
    remedy:
      "two targets have the same labels, or a page shows a series twice: tell targets apart by instance, and ask the page: linklight check metrics",
  },
  {
    family: "prometheus_target_scrapes_sample_out_of_order_total",
    says: (count) => `${count} samples were dropped: they were older than what is there`,
    remedy:
      "a page has timestamps that go back, or two targets have the same labels: leave timestamps out",
  },
  {
    family: "prometheus_target_scrapes_sample_out_of_bounds_total",
    says: (count) => `${count} samples were dropped: their timestamps are too old or in the future`,
    remedy: "leave timestamps out of the page, or set the clock of the machine that writes them",
  },
  {
    family: "prometheus_target_scrapes_exceeded_sample_limit_total",
    says: (count) => `${count} scrapes were refused: more samples than sample_limit`,
    remedy: "show fewer series, or raise sample_limit of the job",
  },
  {
    family: "prometheus_sd_http_failures_total",
    says: (count) => `service discovery by HTTP failed ${count} times`,
    remedy:
      "look whether the url in http_sd_configs answers Prometheus (127.0.0.1 in a container is the container); its log says why not",
  },
  {
    family: "prometheus_tsdb_wal_writes_failed_total",
    says: (count) => `${count} writes to the log on disk failed`,
    remedy: "look whether the disk is full or the volume is readable only (df, docker volume)",
  },
  {
    family: "prometheus_tsdb_compactions_failed_total",
    says: (count) => `${count} compactions failed`,
    remedy: "look whether the disk is full; Prometheus' log says why",
  },
  {
    family: "prometheus_rule_group_iterations_missed_total",
    says: (count) => `${count} evaluations of rule groups were left out`,
    remedy: "give slow rule groups a longer interval, or Prometheus more CPU",
  },
];

/** How far back a counter's growth still matters. */
const RECENT = "15m";

async function counterFindings({ prometheus }: Patient): Promise<Finding[]> {
  const found = await Promise.all(
    COUNTERS.map(async ({ family, says, remedy }) => {
      const count = await prometheus.ownTotal(family).catch(() => undefined);
      if (count === undefined || count === 0) return [];
      // Only a Prometheus that scrapes itself knows when it was.
      const [growth] = await prometheus
        .query(`sum(increase(${family}[${RECENT}]))`)
        .catch(() => []);
      if (growth?.value === 0) return [];
      return [warning(`${says(count)} (since Prometheus started)`, remedy)];
    }),
  );
  return found.flat();
}
