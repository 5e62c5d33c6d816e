import { PORT, rate, SWITCH } from "../expressions.ts";
import { FULLNESS, NEUTRAL, OTHER, WAITING, WARNING, WRONG } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import { TO_PORT_HERE } from "../look/links.ts";
import { timeSeries } from "../look/time-series.ts";

/** What waits, where it waits, and what is done about it. */
export function queues(): Row {
  const links = [TO_PORT_HERE];
  return {
    title: "Queues and buffers",
    panels: [
      ...line(
        9,
        timeSeries({
          title: "Queue watermarks",
          description:
            "The most that waited in each output queue within ten seconds. Bursts that last microseconds show here, and nowhere else.",
          queries: [
            {
              expr: `max by (port, queue) (switch_queue_watermark_bytes{${PORT}})`,
              legend: "{{port}} queue {{queue}}",
            },
          ],
          unit: "bytes",
          min: 0,
          color: WAITING,
          legend: "table",
          links,
        }),
        timeSeries({
          title: "Queue watermarks, of what a queue may hold",
          description:
            "At 100 % the queue was full, and what came then was dropped. The limit moves: it is a part of what is free of the shared buffer.",
          queries: [
            {
              expr: `max by (port, queue) (switch_queue_watermark_bytes{${PORT}} / switch_queue_limit_bytes{${PORT}})`,
              legend: "{{port}} queue {{queue}}",
            },
          ],
          unit: "percentunit",
          decimals: 0,
          min: 0,
          softMax: 1,
          color: WAITING,
          steps: FULLNESS,
          showSteps: true,
          legend: "table",
          links,
        }),
      ),
      ...line(
        8,
        timeSeries({
          title: "Queue depths",
          description: "What waits in each output queue at the moment of the scrape.",
          queries: [
            {
              expr: `max by (port, queue) (switch_queue_depth_bytes{${PORT}})`,
              legend: "{{port}} queue {{queue}}",
            },
          ],
          unit: "bytes",
          min: 0,
          color: WAITING,
          legend: "none",
          links,
        }),
        timeSeries({
          title: "Marked by ECN",
          description:
            "Packets marked because their queue was getting long, so that their senders slow down: comes before drops.",
          queries: [
            {
              expr: `sum by (port, queue) (${rate("switch_queue_ecn_marked_packets_total", PORT)})`,
              legend: "{{port}} queue {{queue}}",
            },
          ],
          unit: "pps",
          min: 0,
          softMax: 1,
          color: WAITING,
          legend: "none",
          links,
        }),
        timeSeries({
          title: "Dropped by queues",
          description: "Packets dropped because their queue was full.",
          queries: [
            {
              expr: `sum by (port, queue) (${rate("switch_queue_dropped_packets_total", PORT)})`,
              legend: "{{port}} queue {{queue}}",
            },
          ],
          unit: "pps",
          min: 0,
          softMax: 1,
          color: WARNING,
          legend: "none",
          links,
        }),
      ),
      ...line(
        8,
        timeSeries({
          title: "Buffer pools",
          description:
            "Packet memory that the output queues of some ports share: in use now, the most within ten seconds, and its size (dashed).",
          queries: [
            {
              expr: `max by (pool) (switch_buffer_used_bytes{${SWITCH}})`,
              legend: "{{pool}} in use",
              color: NEUTRAL,
              shades: true,
            },
            {
              expr: `max by (pool) (switch_buffer_watermark_bytes{${SWITCH}})`,
              legend: "{{pool}} watermark",
              color: WAITING,
              shades: true,
            },
            {
              expr: `max by (pool) (switch_buffer_size_bytes{${SWITCH}})`,
              legend: "{{pool}} size",
              color: WRONG,
              shades: true,
              limit: true,
            },
          ],
          unit: "bytes",
          min: 0,
        }),
        timeSeries({
          title: "Pause frames sent",
          description:
            "Frames by which a port asked its neighbor to pause a priority (PFC), so that a queue would not overflow.",
          queries: [
            {
              expr: `sum by (port, priority) (${rate("switch_port_pfc_frames_total", PORT)})`,
              legend: "{{port}} priority {{priority}}",
            },
          ],
          unit: "pps",
          min: 0,
          softMax: 1,
          color: OTHER,
          legend: "none",
          links,
        }),
        timeSeries({
          title: "Time paused",
          description: "Share of the time in which a neighbor was asked to pause a priority (PFC).",
          queries: [
            {
              expr: `max by (port, priority) (${rate("switch_port_pfc_paused_seconds_total", PORT)})`,
              legend: "{{port}} priority {{priority}}",
            },
          ],
          unit: "percentunit",
          min: 0,
          softMax: 0.01,
          color: OTHER,
          legend: "none",
          links,
        }),
      ),
    ],
  };
}
