import { PORT, rate } from "../expressions.ts";
import { NEUTRAL, TRANSMITTED, WAITING, WARNING, WRONG } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import { timeSeries } from "../look/time-series.ts";

/** The port's output queues, each for itself. */
export function portQueues(): Row {
  const byQueue = (counter: string): string => `sum by (queue) (${rate(counter, PORT)})`;
  return {
    title: "Queue by queue",
    panels: [
      ...line(
        9,
        timeSeries({
          title: "Waiting, and how much may",
          description:
            "What waits at the moment of the scrape, the most within ten seconds, and dashed what each queue may hold now. What comes beyond is dropped.",
          queries: [
            {
              expr: `max by (queue) (switch_queue_depth_bytes{${PORT}})`,
              legend: "queue {{queue}} now",
              color: NEUTRAL,
              shades: true,
            },
            {
              expr: `max by (queue) (switch_queue_watermark_bytes{${PORT}})`,
              legend: "queue {{queue}} watermark",
              color: WAITING,
              shades: true,
            },
            {
              expr: `max by (queue) (switch_queue_limit_bytes{${PORT}})`,
              legend: "queue {{queue}} limit",
              color: WRONG,
              shades: true,
              limit: true,
            },
          ],
          unit: "bytes",
          min: 0,
          legend: "table",
        }),
        timeSeries({
          title: "Sent from each queue",
          description: "Which traffic class the port spends its line on.",
          queries: [
            {
              expr: `8 * ${byQueue("switch_queue_transmit_bytes_total")}`,
              legend: "queue {{queue}}",
            },
          ],
          unit: "bps",
          min: 0,
          color: TRANSMITTED,
          stacked: true,
          legend: "table",
        }),
      ),
      ...line(
        8,
        timeSeries({
          title: "Packets sent from each queue",
          description: "The same in packets.",
          queries: [
            { expr: byQueue("switch_queue_transmit_packets_total"), legend: "queue {{queue}}" },
          ],
          unit: "pps",
          min: 0,
          color: TRANSMITTED,
          stacked: true,
        }),
        timeSeries({
          title: "Marked by ECN",
          description: "Packets marked because their queue was getting long: comes before drops.",
          queries: [
            { expr: byQueue("switch_queue_ecn_marked_packets_total"), legend: "queue {{queue}}" },
          ],
          unit: "pps",
          min: 0,
          softMax: 1,
          color: WAITING,
        }),
        timeSeries({
          title: "Dropped",
          description: "Packets dropped because their queue was full.",
          queries: [
            { expr: byQueue("switch_queue_dropped_packets_total"), legend: "queue {{queue}}" },
          ],
          unit: "pps",
          min: 0,
          softMax: 1,
          color: WARNING,
        }),
      ),
    ],
  };
}
