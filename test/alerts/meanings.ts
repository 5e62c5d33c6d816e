import { type Fabric, type Incident, isPort, mayMove, type Port } from "@linklight/simulator";

/** Where an alert must fire: a switch, and a port of it where the alert is about ports. */
export interface Place {
  readonly instance: string;
  readonly port?: string | undefined;
}

/** What an alert is for. */
export interface Meaning {
  /** The metric family that it watches: an incident that cannot move it there is no excuse for the alert. */
  readonly family: string;
  /** By incident: where the alert must fire while it goes on; nowhere if this one is too weak, or elsewhere. */
  readonly meantFor: Readonly<
    Record<string, (fabric: Fabric, incident: Incident) => readonly Place[]>
  >;
  /** Incidents in which it is right too, as an echo. */
  readonly rightIn: readonly string[];
  /** Whether nobody can know before the incident is over: its delay counts from there. */
  readonly isKnownAtEnd?: boolean;
}

const LINK_LOSSES = ["link-down", "flap-train", "dirty-optic", "ageing-laser", "reboot"];
const FULL_QUEUES = ["incast", "microburst", "uplink-saturation", "ecmp-polarisation"];

/** Every alert that an incident of the simulator can raise. */
export const MEANINGS: Readonly<Record<string, Meaning>> = {
  UplinkDown: {
    family: "switch_port_up",
    meantFor: {
      "link-down": (fabric, incident) => ends(fabric, incident).filter(matters).map(placeOf),
    },
    rightIn: LINK_LOSSES,
  },
  PortDown: {
    family: "switch_port_up",
    meantFor: {
      "link-down": (fabric, incident) =>
        ends(fabric, incident)
          .filter((port) => !matters(port))
          .map(placeOf),
    },
    rightIn: LINK_LOSSES,
  },
  LinkFlapping: {
    family: "switch_port_link_changes_total",
    meantFor: { "flap-train": (fabric, incident) => ends(fabric, incident).map(placeOf) },
    rightIn: [],
  },
  ReceiveErrors: {
    family: "switch_port_receive_errors_total",
    meantFor: { "dirty-optic": whereNotLost },
    rightIn: ["ageing-laser"],
  },
  FecUncorrectable: {
    family: "switch_port_fec_codewords_total",
    meantFor: { "dirty-optic": whereNotLost },
    rightIn: ["ageing-laser"],
  },
  PortDiscards: {
    family: "switch_port_transmit_discards_total",
    meantFor: {
      incast: target,
      microburst: target,
      "uplink-saturation": uplinks,
      "ecmp-polarisation": target,
    },
    rightIn: [],
  },
  Microbursts: {
    family: "switch_port_transmit_discards_total",
    meantFor: { microburst: target },
    rightIn: FULL_QUEUES,
  },
  QueueSaturated: {
    family: "switch_queue_watermark_bytes",
    meantFor: { incast: target, "uplink-saturation": uplinks, "ecmp-polarisation": target },
    rightIn: ["microburst"],
  },
  PfcPauseStorm: {
    family: "switch_port_pfc_paused_seconds_total",
    meantFor: { incast: onSwitch, "uplink-saturation": onSwitch, "ecmp-polarisation": onSwitch },
    rightIn: ["microburst"],
  },
  BufferNearlyFull: {
    family: "switch_buffer_watermark_bytes",
    meantFor: { "uplink-saturation": onSwitch },
    rightIn: FULL_QUEUES,
  },
  UplinkBusy: {
    family: "switch_port_transmit_bytes_total",
    meantFor: { "uplink-saturation": uplinks, "ecmp-polarisation": target },
    rightIn: ["incast"],
  },
  UplinksUneven: {
    family: "switch_port_transmit_bytes_total",
    meantFor: { "ecmp-polarisation": target },
    rightIn: [],
  },
  ReceivedLightLow: {
    family: "switch_transceiver_rx_power_dbm",
    meantFor: { "dirty-optic": whereNotLost },
    rightIn: ["ageing-laser"],
  },
  ReceivedLightTooLow: {
    family: "switch_transceiver_rx_power_dbm",
    meantFor: {
      "dirty-optic": (fabric, incident) =>
        isLost(fabric, incident) ? target(fabric, incident) : [],
    },
    rightIn: ["ageing-laser"],
  },
  LaserAgeing: {
    family: "switch_transceiver_tx_power_dbm",
    meantFor: { "ageing-laser": target },
    rightIn: [],
  },
  FanFailed: { family: "switch_fan_up", meantFor: { "fan-failure": onSwitch }, rightIn: [] },
  PowerSupplyFailed: { family: "switch_psu_up", meantFor: { "psu-loss": onSwitch }, rightIn: [] },
  TemperatureHigh: {
    family: "switch_temperature_celsius",
    meantFor: { overheating: onSwitch },
    rightIn: ["fan-failure"],
  },
  TemperatureCritical: {
    family: "switch_temperature_celsius",
    meantFor: {
      overheating: (fabric, incident) =>
        (incident.parameters["heat"] ?? 0) >= 28 ? onSwitch(fabric, incident) : [],
    },
    rightIn: ["fan-failure"],
  },
  SwitchRebooted: {
    family: "switch_boot_time_seconds",
    meantFor: { reboot: onSwitch },
    rightIn: [],
    isKnownAtEnd: true,
  },
  MemoryLeak: {
    family: "switch_memory_available_bytes",
    meantFor: { "memory-leak": onSwitch },
    rightIn: [],
  },
  ControlPlaneBusy: {
    family: "switch_cpu_usage_ratio",
    meantFor: { "mac-flood": onSwitch },
    rightIn: ["bgp-flap", "reboot", "flap-train"],
  },
  BgpSessionDown: {
    family: "switch_bgp_peer_up",
    meantFor: {
      "link-down": (fabric, incident) =>
        ends(fabric, incident)
          .filter(hasSession)
          .map(({ switch: on }) => ({ instance: on.name })),
    },
    rightIn: [...LINK_LOSSES, "bgp-flap"],
  },
  BgpSessionFlapping: {
    family: "switch_bgp_peer_transitions_total",
    meantFor: { "bgp-flap": onSwitch },
    rightIn: ["flap-train"],
  },
  MacTableNearlyFull: {
    family: "switch_mac_table_entries",
    meantFor: { "mac-flood": onSwitch },
    rightIn: [],
  },
  MacMoves: { family: "switch_mac_moves_total", meantFor: { "mac-flood": onSwitch }, rightIn: [] },
  CounterStuck: {
    family: "switch_port_receive_bytes_total",
    meantFor: { "stuck-counter": target },
    rightIn: [],
  },
  CounterResets: {
    family: "switch_port_receive_bytes_total",
    meantFor: { "counter-wrap": target },
    rightIn: [],
  },
  SwitchDown: { family: "up", meantFor: { reboot: onSwitch }, rightIn: [] },
};

/** Alerts about scraping and the endpoint itself: no incident of a switch raises them; promtool's tests try them. */
export const NOT_SIMULATED: readonly string[] = [
  "TargetDown",
  "ScrapeSlow",
  "CollectorFailing",
  "SampleLimitExceeded",
];

/** The port that an incident happens to. */
function portOf(fabric: Fabric, incident: Incident): Port | undefined {
  return fabric.switches
    .find(({ name }) => name === incident.switch)
    ?.ports.find(({ profile }) => profile.name === incident.port);
}

/** Both ends of the link that an incident happens to, but for those outside of the fabric. */
function ends(fabric: Fabric, incident: Incident): readonly Port[] {
  const { link } = portOf(fabric, incident) ?? {};
  return link === undefined ? [] : [link.port, link.peer].filter(isFabricPort);
}

function isFabricPort(end: Port | Exclude<NonNullable<Port["link"]>["peer"], Port>): end is Port {
  return isPort(end);
}

function matters({ alias }: Port): boolean {
  return /uplink|critical/i.test(alias);
}

/** Between switches, and from a spine to the core, there are BGP sessions. */
function hasSession({ profile, link }: Port): boolean {
  return link !== undefined && (isPort(link.peer) || profile.isUplink);
}

function target(_fabric: Fabric, { switch: instance, port }: Incident): readonly Place[] {
  return [{ instance, port }];
}

function onSwitch(_fabric: Fabric, { switch: instance }: Incident): readonly Place[] {
  return [{ instance }];
}

function uplinks(fabric: Fabric, incident: Incident): readonly Place[] {
  const on = fabric.switches.find(({ name }) => name === incident.switch);
  return (on?.ports ?? []).filter(({ profile, link }) => profile.isUplink && link).map(placeOf);
}

function whereNotLost(fabric: Fabric, incident: Incident): readonly Place[] {
  return isLost(fabric, incident) ? [] : target(fabric, incident);
}

/** Whether the dirt takes so much light that the link is lost: half a decibel more than what breaks frames. */
function isLost(fabric: Fabric, incident: Incident): boolean {
  return mayMove(fabric, incident, {
    family: "switch_port_up",
    switch: incident.switch,
    port: incident.port,
  });
}

function placeOf({ switch: on, profile }: Port): Place {
  return { instance: on.name, port: profile.name };
}
