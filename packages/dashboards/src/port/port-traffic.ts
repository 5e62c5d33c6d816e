import { PORT, rate } from "../expressions.ts";
import { IDLE, RECEIVED, TRANSMITTED } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import type { Query } from "../look/query.ts";
import { timeSeries } from "../look/time-series.ts";
import { heatmap } from "../look/timelines.ts";

/** Bytes, packets and the sizes of frames. */
export function portTraffic(): Row {
  const lineRate = `8 * max(switch_port_speed_bytes{${PORT}})`;
  const throughput: Query[] = [
    {
      expr: `8 * sum(${rate("switch_port_receive_bytes_total", PORT)})`,
      legend: "received",
      color: RECEIVED,
    },
    {
      expr: `8 * sum(${rate("switch_port_transmit_bytes_total", PORT)})`,
      legend: "transmitted",
      color: TRANSMITTED,
      below: true,
    },
  ];
  const size = (way: string): string =>
    `sum(${rate(`switch_port_${way}_bytes_total`, PORT)}) / sum(${rate(`switch_port_${way}_packets_total`, PORT)})`;
  return {
    title: "Traffic",
    panels: [
      ...line(
        9,
        timeSeries({
          title: "Throughput",
          description: "What arrives (above zero) and leaves (below).",
          queries: throughput,
          unit: "bps",
        }),
        timeSeries({
          title: "Throughput against the line rate",
          description: "The same between the dashed lines, which are all that the line carries.",
          queries: [
            ...throughput,
            { expr: lineRate, legend: "line rate", color: IDLE, limit: true },
            {
              expr: `-1 * (${lineRate})`,
              legend: "line rate, transmitted",
              color: IDLE,
              limit: true,
            },
          ],
          unit: "bps",
        }),
      ),
      ...line(
        8,
        timeSeries({
          title: "Packets received",
          description:
            "To one station, to a group, or to all: many broadcasts are a storm, or a loop.",
          queries: [
            {
              expr: `sum by (cast) (${rate("switch_port_receive_packets_total", PORT)})`,
              legend: "{{cast}}",
            },
          ],
          unit: "pps",
          min: 0,
          color: RECEIVED,
          stacked: true,
        }),
        timeSeries({
          title: "Packets transmitted",
          description: "To one station, to a group, or to all.",
          queries: [
            {
              expr: `sum by (cast) (${rate("switch_port_transmit_packets_total", PORT)})`,
              legend: "{{cast}}",
            },
          ],
          unit: "pps",
          min: 0,
          color: TRANSMITTED,
          stacked: true,
        }),
        timeSeries({
          title: "Mean packet size",
          description:
            "Bytes by packets: small where many short requests pass, large in bulk transfers.",
          queries: [
            { expr: size("receive"), legend: "received", color: RECEIVED },
            { expr: size("transmit"), legend: "transmitted", color: TRANSMITTED },
          ],
          unit: "decbytes",
          decimals: 0,
          min: 0,
        }),
      ),
      ...line(
        8,
        heatmap({
          title: "Sizes of frames received",
          description:
            "How many frames of which size arrive each second; the darker, the more. Simulated switches count sizes with --switch.detail=full only.",
          unit: "pps",
          queries: [
            {
              expr: `sum by (le) (${rate("switch_port_receive_frame_size_bytes_bucket", PORT)})`,
              legend: "{{le}}",
              kind: "heatmap",
            },
          ],
        }),
        heatmap({
          title: "Sizes of frames transmitted",
          description:
            "How many frames of which size leave each second; the darker, the more. Simulated switches count sizes with --switch.detail=full only.",
          unit: "pps",
          queries: [
            {
              expr: `sum by (le) (${rate("switch_port_transmit_frame_size_bytes_bucket", PORT)})`,
              legend: "{{le}}",
              kind: "heatmap",
            },
          ],
        }),
      ),
    ],
  };
}
