/** Whether links are up, and since when. */
export const LINK_STATE: readonly string[] = [
  "switch_port_up",
  "switch_port_last_change_timestamp_seconds",
  "switch_port_link_changes_total",
];

/** Who is at the other end. */
export const NEIGHBOURS: readonly string[] = ["switch_lldp_neighbor_info"];

/** What goes through ports. */
export const COUNTERS: readonly string[] = [
  "switch_port_receive_bytes_total",
  "switch_port_transmit_bytes_total",
  "switch_port_receive_packets_total",
  "switch_port_transmit_packets_total",
  "switch_port_receive_frame_size_bytes",
  "switch_port_transmit_frame_size_bytes",
];

/** What queues have sent, and what found no room in them. */
export const QUEUE_COUNTERS: readonly string[] = [
  "switch_port_receive_discards_total",
  "switch_port_transmit_discards_total",
  "switch_port_pfc_frames_total",
  "switch_port_pfc_paused_seconds_total",
  "switch_queue_transmit_bytes_total",
  "switch_queue_transmit_packets_total",
  "switch_queue_dropped_bytes_total",
  "switch_queue_dropped_packets_total",
  "switch_queue_ecn_marked_packets_total",
];

/** What waits in queues, and how much may. */
export const QUEUE_LEVELS: readonly string[] = [
  "switch_queue_depth_bytes",
  "switch_queue_watermark_bytes",
  "switch_queue_limit_bytes",
];

/** How full the memory is that queues share. */
const BUFFERS: readonly string[] = ["switch_buffer_used_bytes", "switch_buffer_watermark_bytes"];

/** Frames that arrive broken: a part of those that arrive, so they follow the traffic too. */
const BROKEN_FRAMES: readonly string[] = ["switch_port_receive_errors_total"];

/** The light that arrives, and what cannot be read from it. */
export const RECEIVED_LIGHT: readonly string[] = [
  "switch_transceiver_rx_power_dbm",
  "switch_port_pre_fec_ber",
  "switch_port_fec_codewords_total",
  ...BROKEN_FRAMES,
];

/** The laser that sends. Its current depends on its warmth; its light does not, since the driver holds it. */
export const LASER: readonly string[] = [
  "switch_transceiver_tx_power_dbm",
  "switch_transceiver_bias_amperes",
];

/** How warm it is, and what is done against it. */
export const WARMTH: readonly string[] = [
  "switch_temperature_celsius",
  "switch_fan_speed_rpm",
  "switch_psu_input_watts",
  "switch_psu_output_watts",
  "switch_transceiver_temperature_celsius",
  "switch_transceiver_bias_amperes",
];

/** What the control processor has to do. */
export const PROCESSOR: readonly string[] = ["switch_cpu_usage_ratio"];

/** Sessions with other routers, and the routes learnt from them. */
export const ROUTING: readonly string[] = [
  "switch_bgp_peer_up",
  "switch_bgp_peer_established_timestamp_seconds",
  "switch_bgp_peer_transitions_total",
  "switch_bgp_peer_prefixes_received",
  "switch_route_table_entries",
];

/** How many stations are known. */
export const STATIONS: readonly string[] = ["switch_mac_table_entries"];

/** All that follows when another amount of traffic goes through a switch. */
export const TRAFFIC: readonly string[] = [
  ...COUNTERS,
  ...QUEUE_COUNTERS,
  ...QUEUE_LEVELS,
  ...BUFFERS,
  ...BROKEN_FRAMES,
  ...WARMTH,
  ...PROCESSOR,
];

/** Stands for every family. */
export const EVERYTHING = "*";

/** A group of families that go together, as documentation calls it. */
export interface FamilyGroup {
  readonly name: string;
  readonly families: readonly string[];
}

/** Groups of families, the larger before those that are parts of them. */
export const FAMILY_GROUPS: readonly FamilyGroup[] = [
  { name: "traffic", families: TRAFFIC },
  { name: "counters", families: COUNTERS },
  { name: "queue counters", families: QUEUE_COUNTERS },
  { name: "queue levels", families: QUEUE_LEVELS },
  { name: "warmth", families: WARMTH },
  { name: "received light", families: RECEIVED_LIGHT },
  { name: "link state", families: LINK_STATE },
  { name: "routing", families: ROUTING },
];
