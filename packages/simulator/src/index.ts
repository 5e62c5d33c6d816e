/**
 * A simulated network: switches whose numbers obey physics and bookkeeping, and faults whose truth is known.
 * A pure function of seed, configuration, event log and time.
 * @module
 */

// The chassis.
export { type BgpPeer, peerOf, sessionPorts } from "./chassis/bgp-session.ts";
export type {
  BgpSessionReading,
  ChassisReading,
  FanReading,
  MemoryReading,
  NeighborReading,
  SupplyReading,
  TableReading,
  TemperatureReading,
} from "./chassis/chassis-reading.ts";
// What is shown to Prometheus.
export type { SimulationClock, SimulationClockOptions } from "./collectors/simulation-clock.ts";
export { MAX_TIME_SPEED, simulationClock } from "./collectors/simulation-clock.ts";
export type { SwitchCollectorsOptions } from "./collectors/switch-collector.ts";
export { SwitchCollectors, switchCollector } from "./collectors/switch-collector.ts";
// The fabric.
export { buildFabric } from "./fabric/build-fabric.ts";
export type {
  Fabric,
  Link,
  Port,
  PortProfile,
  Profile,
  Station,
  Switch,
  SwitchRole,
} from "./fabric/fabric.ts";
export { DEFAULT_EPOCH, DEFAULT_SLOT_SECONDS, isPort } from "./fabric/fabric.ts";
export type { FabricArgumentOptions } from "./fabric/fabric-argument.ts";
export { fabricOf, parseFabricArgument } from "./fabric/fabric-argument.ts";
export { FabricError } from "./fabric/fabric-error.ts";
export type {
  FabricSpec,
  LinkSpec,
  PortPlace,
  StationSpec,
  SwitchSpec,
} from "./fabric/fabric-spec.ts";
export { DEFAULT_SEED, MAX_LOAD } from "./fabric/fabric-spec.ts";
export { nearestName, suggestion } from "./fabric/nearest-name.ts";
export { stationPortName } from "./fabric/port-alias.ts";
export { parseFabricFile } from "./fabric-file/parse-fabric-file.ts";
export type { Detail } from "./families/switch-family.ts";
export { DETAILS } from "./families/switch-family.ts";
export type { SwitchReading } from "./families/switch-reading.ts";
export { readSwitch } from "./families/switch-reading.ts";
// Histories.
export type { HistorySpan } from "./history/moment-grid.ts";
export { momentGrid } from "./history/moment-grid.ts";
export type {
  MomentGrid,
  SeriesSource,
  SourceFamily,
  SourceLine,
  SourceSeries,
} from "./history/series-source.ts";
export type { SwitchHistoryOptions } from "./history/switch-history.ts";
export { switchHistory } from "./history/switch-history.ts";
// Incidents.
export {
  CATALOGUE,
  incidentEffects,
  incidentType,
  mayMove,
  movementsOf,
} from "./incident/catalogue.ts";
// What happens.
export type { Effect, EffectKind, EffectOf, EffectSource, Span } from "./incident/effect.ts";
export type { FamilyGroup } from "./incident/families.ts";
export { FAMILY_GROUPS } from "./incident/families.ts";
export type {
  DurationRange,
  Incident,
  IncidentOrigin,
  IncidentSource,
  IncidentType,
  Movement,
  Parameter,
  Reach,
  Scene,
  TargetKind,
} from "./incident/incident.ts";
export { endOf, isActive } from "./incident/incident.ts";
export type { Complain, IncidentRequest } from "./incident/incident-request.ts";
export { incidentRequestSchema } from "./incident/incident-request.ts";
export { formatMoment, formatSeconds } from "./incident/moment.ts";
export type { Scenario, ScenarioOptions } from "./incident/scenario.ts";
export { readScenario } from "./incident/scenario.ts";
export type {
  IncidentLogOptions,
  IncidentState,
  ListedIncident,
} from "./incident-log/incident-log.ts";
export { IncidentLog } from "./incident-log/incident-log.ts";
export type { IncidentTruth, TruthSource } from "./incident-log/incident-truth.ts";
export { IncidentLogError } from "./incident-log/log-file.ts";
export type { IncidentRecord, TruthRecord } from "./incident-log/log-record.ts";
export { truthRecord } from "./incident-log/log-record.ts";
// What goes wrong by itself.
export type { FailureRate, FailureRates, FailureRatesName } from "./life/failure-rates.ts";
export { FAILURE_RATES, NO_FAILURES, USUAL_FAILURES } from "./life/failure-rates.ts";
export type { LifeOptions } from "./life/life.ts";
export { Life } from "./life/life.ts";
export { mergeSources } from "./life/merge-sources.ts";
// Light.
export type { SensorThresholds, TransceiverThresholds } from "./optics/optic.ts";
export { opticalOutages, withOpticalOutages } from "./optics/optical-outages.ts";
export { transceiverOf } from "./optics/transceiver-info.ts";
export type {
  LaneReading,
  LineErrorReading,
  OpticsReading,
  TransceiverInfo,
  TransceiverReading,
} from "./optics/transceiver-reading.ts";
// What is read.
export type {
  PortReading,
  QueueReading,
  SwitchTraffic,
  TrafficReading,
} from "./port/port-reading.ts";
export { DEFAULT_FABRIC, PROFILES } from "./profile/profiles.ts";
// The running model.
export type { Simulation } from "./simulate.ts";
export { simulate } from "./simulate.ts";
