import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { SWITCH } from "../expressions.ts";
import { WARNING } from "../look/colors.ts";
import { dashboard } from "../look/dashboard.ts";
import { health } from "./health.ts";
import { switches, wrong } from "./switches.ts";
import { losses, traffic } from "./traffic.ts";

/** *Fabric overview*: is everything well, where does the traffic go, and what needs a look. */
export function fabricOverview(): Dashboard {
  return dashboard({
    uid: "linklight-fabric",
    title: "Fabric overview",
    description:
      "All switches together: is everything well, where does the traffic go, what needs a look. Click a switch or a port to see more of it.",
    tags: ["network"],
    variables: [
      {
        name: "instance",
        label: "Switches",
        description: "The switches that are shown.",
        series: "switch_info",
        of: "instance",
        several: true,
      },
    ],
    annotations: [
      {
        name: "Incidents",
        expr: `linklight_incident_active{${SWITCH}}`,
        color: WARNING,
        title: "{{incident}}",
        text: "{{switch}} {{port}}",
        tags: ["incident", "switch", "port"],
      },
    ],
    rows: [health(), traffic(), losses(), switches(), wrong()],
  });
}
