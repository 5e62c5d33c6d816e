import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PORT, rate, SWITCH } from "../expressions.ts";
import { FULLNESS, OTHER, UP_DOWN, WARNING } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import { PORT_OF_CELL, SWITCH_OF_CELL } from "../look/links.ts";
import { bars } from "../look/single-values.ts";
import { table } from "../look/table.ts";
import { timeSeries } from "../look/time-series.ts";
import { stateTimeline } from "../look/timelines.ts";

/** The switch's own processor, what it has learned, and whom it talks to. */
export function controlPlane(): Row {
  return {
    title: "Control plane",
    panels: [...line(8, ...processorAndTables()), ...line(10, ...neighbors())],
  };
}

function processorAndTables(): Builder<Panel>[] {
  const full = (name: string, entries: string): string =>
    `label_replace(max by (family) (${entries}_entries{${SWITCH}} / ${entries}_capacity{${SWITCH}}), "table", "${name}", "", "")`;
  return [
    timeSeries({
      title: "Processor",
      description:
        "How busy each core of the control processor is. Traffic goes past it: only what is for the switch itself counts.",
      queries: [
        { expr: `max by (cpu) (switch_cpu_usage_ratio{${SWITCH}})`, legend: "core {{cpu}}" },
      ],
      unit: "percentunit",
      decimals: 0,
      min: 0,
      max: 1,
      steps: FULLNESS,
      showSteps: true,
    }),
    timeSeries({
      title: "Memory",
      description:
        "Memory of the control processor that is taken. A straight line upwards is a process that leaks.",
      queries: [
        {
          expr: `1 - max(switch_memory_available_bytes{${SWITCH}} / switch_memory_size_bytes{${SWITCH}})`,
          legend: "taken",
        },
      ],
      unit: "percentunit",
      decimals: 0,
      min: 0,
      max: 1,
      steps: FULLNESS,
      showSteps: true,
    }),
    bars({
      title: "Tables",
      description:
        "How full the table of stations (MAC) and those of routes are. What does not fit goes to all ports, or nowhere.",
      queries: [
        { expr: full("stations", "switch_mac_table"), legend: "{{table}}", kind: "instant" },
        {
          expr: full("routes", "switch_route_table"),
          legend: "{{table}} {{family}}",
          kind: "instant",
        },
      ],
      unit: "percentunit",
      decimals: 1,
      min: 0,
      max: 1,
      steps: FULLNESS,
    }),
    timeSeries({
      title: "Stations that moved",
      description:
        "How often a station was seen at another port than before. Many a second are a loop, or an address that two have.",
      queries: [{ expr: `sum(${rate("switch_mac_moves_total", SWITCH)})`, legend: "moves" }],
      unit: "ops",
      min: 0,
      softMax: 1,
      color: WARNING,
    }),
  ];
}

function neighbors(): Builder<Panel>[] {
  return [
    table({
      title: "Neighbors",
      description: "Who is at the other end of each port, as it says of itself by LLDP.",
      queries: [
        {
          expr: `max by (port, remote_name, remote_port) (switch_lldp_neighbor_info{${PORT}})`,
          kind: "table",
        },
      ],
      columns: [
        { from: "port", title: "Port", links: [PORT_OF_CELL] },
        { from: "remote_name", title: "Neighbor", links: [SWITCH_OF_CELL] },
        { from: "remote_port", title: "Its port" },
      ],
      sortBy: "Port",
      ascending: true,
    }),
    stateTimeline({
      title: "BGP sessions",
      description: "When the session with each peer was established (green) and when not (red).",
      queries: [
        {
          expr: `max by (peer, remote_as) (switch_bgp_peer_up{${SWITCH}})`,
          legend: "{{peer}} (AS {{remote_as}})",
        },
      ],
      mappings: UP_DOWN,
      noValue: "no BGP",
    }),
    timeSeries({
      title: "Networks learned by BGP",
      description: "Networks that each peer has told of; 0 while its session is not established.",
      queries: [
        {
          expr: `sum by (peer, afi) (switch_bgp_peer_prefixes_received{${SWITCH}})`,
          legend: "{{peer}} {{afi}}",
        },
      ],
      decimals: 0,
      min: 0,
      stepped: true,
      color: OTHER,
    }),
  ];
}
