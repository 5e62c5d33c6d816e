import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { PORT, SWITCH } from "../expressions.ts";
import { NEUTRAL, WARNING } from "../look/colors.ts";
import { dashboard } from "../look/dashboard.ts";
import { bothEnds } from "./both-ends.ts";
import { errors } from "./errors.ts";
import { identity } from "./identity.ts";
import { portOptics } from "./port-optics.ts";
import { portQueues } from "./port-queues.ts";
import { portTraffic } from "./port-traffic.ts";

/** *Port*: everything about one port, and the other end of its link. */
export function portDashboard(): Dashboard {
  return dashboard({
    uid: "linklight-port",
    title: "Port",
    description:
      "One port: what it is, what passes, what is lost and why, its queues and its light; and the same link as seen from its other end.",
    tags: ["network"],
    variables: [
      {
        name: "instance",
        label: "Switch",
        description: "The switch that the port belongs to.",
        series: "switch_info",
        of: "instance",
        first: "leaf1",
      },
      {
        name: "port",
        label: "Port",
        description: "The port that is shown.",
        series: `switch_port_info{${SWITCH}}`,
        of: "port",
        // An uplink of the simulated leaves: simulated ports to servers show less.
        first: "Ethernet1/49",
      },
      {
        name: "far_instance",
        label: "Neighbor",
        description: "Who is at the other end of the link, as it says of itself by LLDP.",
        series: `switch_lldp_neighbor_info{${PORT}}`,
        of: "remote_name",
      },
      {
        name: "far_port",
        label: "Its port",
        description: "The port at the other end of the link.",
        series: `switch_lldp_neighbor_info{${PORT}}`,
        of: "remote_port",
      },
    ],
    annotations: [
      {
        name: "Reboots",
        expr: `switch_boot_time_seconds{${SWITCH}} * 1000`,
        color: NEUTRAL,
        title: "{{instance}} was started",
        text: "All its counters began at zero.",
        tags: ["instance"],
        valueIsTime: true,
      },
      {
        name: "Incidents",
        // Those of the whole switch have an empty port.
        expr: `linklight_incident_active{${SWITCH}, port=~"$port|"}`,
        color: WARNING,
        title: "{{incident}}",
        text: "{{switch}} {{port}}",
        tags: ["incident", "port"],
      },
    ],
    rows: [identity(), portTraffic(), errors(), portQueues(), portOptics(), bothEnds()],
  });
}
