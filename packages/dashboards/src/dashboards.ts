import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { fabricOverview } from "./fabric/fabric-overview.ts";
import { firstSteps } from "./first-steps.ts";
import { portDashboard } from "./port/port-dashboard.ts";
import { switchDashboard } from "./switch/switch-dashboard.ts";

/** All dashboards, in the order in which somebody new would open them. */
export function dashboards(): readonly Dashboard[] {
  return [firstSteps(), fabricOverview(), switchDashboard(), portDashboard()];
}

/**
 * The files of all dashboards, by name: Grafana's classic JSON, as its provisioning reads it. The same at
 * every call, so that a change of a file is a change of a dashboard.
 */
export function dashboardFiles(): ReadonlyMap<string, string> {
  return new Map(
    dashboards().map((one) => [
      `${String(one.uid).replace("linklight-", "")}.json`,
      `${JSON.stringify(one, undefined, 2)}\n`,
    ]),
  );
}
