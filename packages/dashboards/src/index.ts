/**
 * Grafana dashboards of network switches, as functions that give Grafana's classic JSON, and what these
 * dashboards ask of Prometheus. A tool for building: nothing of it runs where switches are watched.
 * @module
 */

// Dashboards
export { dashboardFiles, dashboards } from "./dashboards.ts";
export { mayBeEmpty } from "./may-be-empty.ts";
// What they ask
export {
  type AskedQuery,
  type DashboardFile,
  dashboardQueries,
  everyPanel,
  type VariableValues,
} from "./queries.ts";
