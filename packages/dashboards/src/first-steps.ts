import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { NEUTRAL, RECEIVED, UP_DOWN, WAITING } from "./look/colors.ts";
import { dashboard } from "./look/dashboard.ts";
import { type Placed, place, type Row } from "./look/layout.ts";
import { stat } from "./look/single-values.ts";
import { text } from "./look/text.ts";
import { timeSeries } from "./look/time-series.ts";
import { stateTimeline } from "./look/timelines.ts";

/** *First steps*: the panels of the demonstration that linklight grew from, each with what it teaches. */
export function firstSteps(): Dashboard {
  return dashboard({
    uid: "linklight-first-steps",
    title: "First steps",
    description:
      "Three metrics of two made-up ports, one step at a time: a gauge, a label, a counter and its rate, a state.",
    tags: ["tutorial"],
    variables: [],
    annotations: [],
    rows: [gauge(), counter(), state()],
  });
}

const beside = (title: string, content: string): Placed => place(8, 9, text(title, content));

function gauge(): Row {
  return {
    title: "A gauge: a number that goes up and down",
    panels: [
      beside(
        "1. A metric by its name",
        `
\`\`\`promql
buffer_level_bytes
\`\`\`

The name of a metric is a query: it gives **every series** of that name, here one for each port. The endpoint says how full
a buffer is whenever Prometheus asks, which is every five seconds.

A number that goes up and down is a **gauge**, and is drawn as it is. Point at the graph to read values; drag over a part of
it to look closer.
`,
      ),
      place(
        16,
        9,
        timeSeries({
          title: "Buffer level",
          description: "The number of bytes stored in the buffer of each port.",
          queries: [{ expr: "buffer_level_bytes", legend: "port {{portnum}} ({{speed}})" }],
          unit: "bytes",
          min: 0,
          color: WAITING,
        }),
      ),
      beside(
        "2. Fewer series, by a label",
        `
\`\`\`promql
buffer_level_bytes{portnum='1'}
\`\`\`

What stands in braces are **labels**: of all series it keeps those whose label \`portnum\` is \`1\`. \`!=\` is everything but,
\`=~\` is a regular expression: try \`{speed=~"5.*"}\`.

To try: **Edit** in the panel's menu, change the query, run it. The file that this dashboard came from stays as it is.
`,
      ),
      place(
        16,
        9,
        timeSeries({
          title: "Buffer level of port 1",
          description: "The same metric, of one port alone.",
          queries: [
            {
              expr: "buffer_level_bytes{portnum='1'}",
              legend: "port {{portnum}} ({{speed}})",
            },
          ],
          unit: "bytes",
          min: 0,
          color: WAITING,
        }),
      ),
    ],
  };
}

function counter(): Row {
  return {
    title: "A counter: a number that only grows",
    panels: [
      beside(
        "3. What a counter says by itself",
        `
\`\`\`promql
rx_packets_total
\`\`\`

A name that ends in \`_total\` is a **counter**: packets since the start. It only grows, and begins again at zero when the
endpoint is started anew. The line says that something happened, but not how much of it *now*.
`,
      ),
      place(
        16,
        9,
        timeSeries({
          title: "Packets received, in total",
          description: "How many packets each port has received since the endpoint was started.",
          queries: [{ expr: "rx_packets_total", legend: "port {{portnum}}" }],
          unit: "short",
          min: 0,
          color: RECEIVED,
        }),
      ),
      beside(
        "4. What it says as a rate",
        `
\`\`\`promql
rate(rx_packets_total[$__rate_interval])
\`\`\`

\`rate\` gives **how much a second**, over the time in brackets, and knows what a restart of the counter is. Grafana fills in
\`$__rate_interval\`: long enough for at least four scrapes, whatever the zoom.

This port counts one step at each scrape, so the rate is steady: ask the endpoint by hand in a browser, and see it rise.
`,
      ),
      place(
        16,
        9,
        timeSeries({
          title: "Packets received, each second",
          description: "The rate at which each port receives packets.",
          queries: [
            { expr: "rate(rx_packets_total[$__rate_interval])", legend: "port {{portnum}}" },
          ],
          unit: "pps",
          min: 0,
          color: RECEIVED,
        }),
      ),
    ],
  };
}

function state(): Row {
  return {
    title: "A state: up or down",
    panels: [
      beside(
        "5. A state is a number too",
        `
\`\`\`promql
port_link_status
port_link_status{port_link_status="UP"}
\`\`\`

Prometheus stores numbers only. A state is one series for each thing it can be, \`UP\` and \`DOWN\`: 1 for the one it is, 0 for
the other. The second query keeps the series for \`UP\`, and the panel gives its values words and colours.

From here: **Fabric overview** in the links at the top shows real switches, as far as a simulation is real.
`,
      ),
      place(
        10,
        9,
        stateTimeline({
          title: "Links over time",
          description: "Whether the link of each port was up, over time.",
          queries: [
            { expr: 'port_link_status{port_link_status="UP"}', legend: "port {{portnum}}" },
          ],
          mappings: UP_DOWN,
        }),
      ),
      place(
        6,
        9,
        stat({
          title: "All states now",
          description: "Every series of the metric: two for each port, of which one is 1.",
          queries: [
            {
              expr: "port_link_status",
              legend: "port {{portnum}} {{port_link_status}}",
              kind: "instant",
            },
          ],
          steps: { base: NEUTRAL, steps: [] },
        }),
      ),
    ],
  };
}
