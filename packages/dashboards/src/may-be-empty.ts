/** Queries that may find nothing although nothing is broken. */
export interface EmptyWithReason {
  /** Its uid. */
  readonly dashboard: string;
  /** The titles of panels, or the names of annotations or variables. */
  readonly titles: readonly string[];
  /** Which of their queries, all when missing. */
  readonly queries?: readonly string[];
  readonly reason: string;
}

const NO_INCIDENT = "nothing goes wrong, or the switches are real";
const NO_ALERT = "no alert was firing";
const FULL_DETAIL = "simulated switches show it with --switch.detail=full only";
const NOTHING_DROPPED = `nothing was dropped there so far: ${FULL_DETAIL} before`;
const LIMITS_IN_FULL_DETAIL = `limits other than those of received light: ${FULL_DETAIL}`;
const NO_SWITCH_THERE = "the neighbor is no switch that Prometheus scrapes, or the link is down";

/** Everything that may rightly be empty: a query that is not here and finds nothing is broken. */
export const MAY_BE_EMPTY: readonly EmptyWithReason[] = [
  {
    dashboard: "linklight-fabric",
    titles: ["Alerts firing now", "Alerts over time"],
    reason: NO_ALERT,
  },
  {
    dashboard: "linklight-fabric",
    titles: ["Incidents", "Incidents of the simulator now", "Incidents over time"],
    reason: NO_INCIDENT,
  },
  { dashboard: "linklight-switch", titles: ["Incidents"], reason: NO_INCIDENT },
  {
    dashboard: "linklight-switch",
    titles: ["Pause frames sent", "Time paused"],
    reason: FULL_DETAIL,
  },
  {
    dashboard: "linklight-switch",
    titles: ["Temperature of transceivers"],
    queries: ["B"],
    reason: LIMITS_IN_FULL_DETAIL,
  },
  {
    dashboard: "linklight-switch",
    titles: ["Discards"],
    queries: ["B"],
    reason: NOTHING_DROPPED,
  },
  { dashboard: "linklight-port", titles: ["Incidents"], reason: NO_INCIDENT },
  { dashboard: "linklight-port", titles: ["Errors"], queries: ["B"], reason: FULL_DETAIL },
  { dashboard: "linklight-port", titles: ["Discards"], queries: ["B"], reason: NOTHING_DROPPED },
  {
    dashboard: "linklight-port",
    titles: ["Transmitted light", "Laser current", "Temperature", "Supply voltage"],
    queries: ["B", "C", "D", "E"],
    reason: LIMITS_IN_FULL_DETAIL,
  },
  {
    dashboard: "linklight-port",
    titles: ["Time paused", "Sizes of frames received", "Sizes of frames transmitted"],
    reason: FULL_DETAIL,
  },
  {
    dashboard: "linklight-port",
    titles: [
      "From here to there",
      "From there to here",
      "State at both ends",
      "Broken frames at both ends",
      "Light at both ends",
      "Light lost on the way",
    ],
    reason: NO_SWITCH_THERE,
  },
];

/** Why a query of a panel, annotation or variable of a dashboard may find nothing, if it may. */
export function mayBeEmpty(dashboard: string, title: string, refId: string): string | undefined {
  return MAY_BE_EMPTY.find(
    ({ dashboard: uid, titles, queries }) =>
      uid === dashboard && titles.includes(title) && (queries?.includes(refId) ?? true),
  )?.reason;
}
