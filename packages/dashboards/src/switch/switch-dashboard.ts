import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { SWITCH } from "../expressions.ts";
import { NEUTRAL, WARNING } from "../look/colors.ts";
import { dashboard } from "../look/dashboard.ts";
import { atAGlance } from "./at-a-glance.ts";
import { controlPlane } from "./control-plane.ts";
import { environment } from "./environment.ts";
import { optics } from "./optics.ts";
import { ports } from "./ports.ts";
import { queues } from "./queues.ts";

/** *Switch*: everything about one switch, and each group of its ports. */
export function switchDashboard(): Dashboard {
  return dashboard({
    uid: "linklight-switch",
    title: "Switch",
    description:
      "One switch: its ports at a glance, what passes and what is lost, queues, optics, environment and control plane. Click a port to see all of it.",
    tags: ["network"],
    variables: [
      {
        name: "instance",
        label: "Switch",
        description: "The switch that is shown.",
        series: "switch_info",
        of: "instance",
      },
      {
        name: "port",
        label: "Ports",
        description: "The ports that graphs and tables show; the tiles show all.",
        series: `switch_port_info{${SWITCH}}`,
        of: "port",
        several: true,
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
        expr: `linklight_incident_active{${SWITCH}}`,
        color: WARNING,
        title: "{{incident}}",
        text: "{{switch}} {{port}}",
        tags: ["incident", "port"],
      },
    ],
    rows: [atAGlance(), ports(), queues(), optics(), environment(), controlPlane()],
  });
}
