/**
 * A simulated network: switches whose numbers obey physics and bookkeeping, and faults whose truth is known.
 * A pure function of seed, configuration, event log and time.
 * @module
 */

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
// The fabric.
export { DEFAULT_EPOCH, DEFAULT_SLOT_SECONDS, isPort } from "./fabric/fabric.ts";
export type { FabricArgumentOptions } from "./fabric/fabric-argument.ts";
export { fabricOf, parseFabricArgument } from "./fabric/fabric-argument.ts";
export type {
  FabricSpec,
  LinkSpec,
  PortPlace,
  StationSpec,
  SwitchSpec,
} from "./fabric/fabric-spec.ts";
export { DEFAULT_SEED, MAX_LOAD } from "./fabric/fabric-spec.ts";
export { stationPortName } from "./fabric/port-alias.ts";
// What happens.
export type { Effect, EffectKind, EffectOf, EffectSource, Span } from "./incident/effect.ts";
// What is read.
export type {
  PortReading,
  QueueReading,
  SwitchTraffic,
  TrafficReading,
} from "./port/port-reading.ts";
export { DEFAULT_FABRIC, PROFILES } from "./profile/profiles.ts";
