import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { firingSpans } from "../alerts/firing-spans.ts";
import { seededRandom } from "../alerts/random.ts";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";

const MINUTES = 40;
const PATIENCE = [0, 1, 2, 3, 5];

// Every `for` with every `keep_firing_for`, each over a course of its own that comes and goes at random.
const random = seededRandom(7);
const cases = PATIENCE.flatMap((hold) => PATIENCE.map((keep) => ({ hold, keep }))).map(
  (patience, i) => {
    const values: number[] = [];
    let value = 0;
    for (let minute = 0; minute <= MINUTES; minute++) {
      if (random() < 0.3) value = 1 - value;
      values.push(value);
    }
    return { ...patience, alert: `Case${i}`, series: `x${i}`, values };
  },
);

const ruleFile = {
  groups: [
    {
      name: "cases",
      interval: "1m",
      rules: cases.map(({ alert, series, hold, keep }) => ({
        alert,
        expr: `${series} == 1`,
        for: `${hold}m`,
        keep_firing_for: `${keep}m`,
      })),
    },
  ],
};

const testFile = {
  rule_files: ["rules.json"],
  evaluation_interval: "1m",
  tests: cases.map(({ alert, series, values, hold, keep }) => {
    const results = values.flatMap((value, minute) => (value === 1 ? [minute] : []));
    const spans = firingSpans(results, { interval: 1, hold, keep }, { start: 0, end: MINUTES });
    const fires = (minute: number): boolean =>
      spans.some(
        ({ from, to }) => minute >= from && (minute < to || (to === MINUTES && values[to] === 1)),
      );
    return {
      interval: "1m",
      input_series: [{ series, values: values.join(" ") }],
      // What the last evaluation decides is not known to the one before.
      alert_rule_test: values.slice(0, MINUTES).map((_value, minute) => ({
        eval_time: `${minute}m`,
        alertname: alert,
        exp_alerts: fires(minute) ? [{}] : [],
      })),
    };
  }),
};

describe.each(PROMETHEUS_PEERS)(
  "firing spans, beside the alerts of $title",
  ({ role, missing }) => {
    it.skipIf(missing)(
      "are the same for every `for` and `keep_firing_for`",
      async ({ onTestFinished }) => {
        const { path, remove } = temporaryFolder("spans");
        onTestFinished(remove);
        writeFileSync(join(path, "rules.json"), JSON.stringify(ruleFile));
        writeFileSync(join(path, "spans.test.json"), JSON.stringify(testFile));
        const { code, stdout, stderr } = await promtool(
          role,
          ["test", "rules", "spans.test.json"],
          { cwd: path },
        );
        expect(code, `${stdout}${stderr}`).toBe(0);
      },
    );
  },
);
