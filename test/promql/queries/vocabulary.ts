/** A metric of the test data, as queries speak of it. */
export interface KnownMetric {
  readonly name: string;
  /** Labels that tell its series apart, besides those of the target. */
  readonly labels: readonly string[];
  readonly isCounter?: boolean;
}

/** What queries are made of: metrics of `switchSamples` and of `edgeSamples`. */
export const METRICS: readonly KnownMetric[] = [
  { name: "switch_port_receive_bytes_total", labels: ["port"], isCounter: true },
  { name: "switch_port_transmit_packets_total", labels: ["port", "cast"], isCounter: true },
  { name: "switch_port_link_changes_total", labels: ["port", "to"], isCounter: true },
  { name: "switch_port_speed_bytes", labels: ["port"] },
  { name: "switch_port_up", labels: ["port"] },
  { name: "switch_port_info", labels: ["port", "speed", "type", "alias"] },
  { name: "switch_queue_depth_bytes", labels: ["port", "queue"] },
  { name: "switch_transceiver_rx_power_dbm", labels: ["port", "lane"] },
  { name: "switch_temperature_celsius", labels: ["sensor"] },
  { name: "switch_cpu_usage_ratio", labels: ["cpu"] },
  { name: "switch_memory_available_bytes", labels: [] },
  { name: "switch_info", labels: ["asic", "os_version"] },
  { name: "up", labels: [] },
  { name: "edge_things_total", labels: ["kind"], isCounter: true },
  { name: "edge_level", labels: ["kind"] },
  { name: "edge_limit", labels: ["kind"] },
  { name: "edge_items", labels: ["team", "item"] },
  { name: "edge_item_limit", labels: ["team", "tier"] },
  { name: "edge_twin_a", labels: ["twin"] },
  { name: "edge_uneven_total", labels: ["kind"], isCounter: true },
  { name: "sum", labels: ["by", "on"] },
];

/** Classic histograms: their buckets. */
export const BUCKETS: readonly KnownMetric[] = [
  { name: "switch_port_receive_frame_size_bytes_bucket", labels: ["port", "le"], isCounter: true },
  { name: "edge_seconds_bucket", labels: ["kind", "le"], isCounter: true },
];

/** Selectors that a name and matchers alone do not make. */
export const ODD_SELECTORS: readonly string[] = [
  '{"höhe über null"}',
  '{"höhe über null", "ort.name"=~"Z.*"}',
  '{__name__=~"edge_twin_."}',
  '{__name__=~"edge_shift_.",twin!=""}',
  '{__name__=~"edge_(level|limit)",kind="whole"}',
  '{__name__="edge_items"}',
  '{team=~".+"}',
  "edge:recorded:rate5m",
  "nothing_of_that_name",
  'edge_level{nosuch=""}',
  '{kind!~"a.*",__name__="edge_limit"}',
];

/** Conditions on labels of any metric. */
export const MATCHERS: readonly string[] = [
  'instance="leaf1"',
  'instance!="leaf1"',
  'instance=~"leaf.*"',
  'port=~"Ethernet1/(49|50)"',
  'port!~".*9"',
  'kind=~"w.*|.*nan|stale"',
  'kind!~"enormous|infinite|positive_infinite|nan"',
  'kind="stale"',
  'kind=~"resets|gap|steady|pair"',
  'le!="+Inf"',
  'queue=~"[0-3]"',
  'cast="unicast"',
  'team=~"a|b"',
  'job="custom prometheus"',
  'nosuch=""',
  'nosuch!=""',
  'kind=~"(?i)WAVE|HALF|Some_Nan"',
  'kind=~".*e.*"',
  "'kind'!~'^w.+e$'",
];

/** Labels to group and to match by; some are of no series. */
export const LABELS: readonly string[] = [
  "instance",
  "job",
  "port",
  "kind",
  "le",
  "queue",
  "cast",
  "team",
  "item",
  "sensor",
  "switch",
  "group",
  "to",
  "speed",
  "lane",
  "tier",
  "nosuch",
  "__name__",
  '"ort.name"',
];

/** Numbers as people write them, and as they should not. */
export const NUMBERS: readonly string[] = [
  "0",
  "1",
  "2",
  "-1",
  "0.5",
  "3.25",
  "10",
  "100",
  "1e3",
  "0x1F",
  "1_000",
  ".5",
  "5.",
  "1e-3",
  "-2.5",
  "Inf",
  "-Inf",
  "NaN",
  "1e308",
  "5m",
  "1h30m",
  "1_0e1",
];

/** Quantiles, some of which are none. */
export const QUANTILES: readonly string[] = [
  "0",
  "0.1",
  "0.5",
  "0.9",
  "0.99",
  "1",
  "0.25",
  "-0.5",
  "1.5",
  "NaN",
];

/** Windows that hold none, one, few and many samples. */
export const RANGES: readonly string[] = [
  "1m",
  "2m",
  "5m",
  "10m",
  "30m",
  "1h",
  "15s",
  "45s",
  "90s",
  "1m30s",
  "5s",
  "300",
  "7m1ms",
];

/** The same, computed. */
export const COMPUTED_RANGES: readonly string[] = [
  "5m*2",
  "1m + 30s",
  "10m/4",
  "2^3*15",
  "(1h - 50m)",
  "-(-5m)",
  "1h % 7m",
  "5m - 10m",
];

/** How far back, or ahead, a selector looks. */
export const OFFSETS: readonly string[] = ["5m", "1m30s", "-5m", "20m", "90", "-10s", "1h", "1ms"];

/** Pairs of metrics whose series find each other, and how. */
export const PAIRS: readonly (readonly [left: string, matching: string, right: string])[] = [
  ["edge_level", "", "edge_limit"],
  ["edge_level", "on (kind)", "edge_limit"],
  ["edge_level", "ignoring (instance, job)", "edge_limit"],
  ["edge_level", "on (kind, instance)", "edge_things_total"],
  ["switch_port_receive_bytes_total", "", "switch_port_speed_bytes"],
  ["switch_port_receive_bytes_total", "on (port, instance)", "switch_port_up"],
  ["switch_port_up", "", "switch_port_speed_bytes"],
  ["switch_port_up", "ignoring (alias, ifindex, mac, portnum, speed, type)", "switch_port_info"],
  ["switch_memory_available_bytes", "", "up"],
  ["switch_cpu_usage_ratio", "on (instance) group_left", "up"],
  ["switch_cpu_usage_ratio", "on (instance) group_left (os_version, asic)", "switch_info"],
  ["switch_info", "on (instance) group_right (model)", "switch_temperature_celsius"],
  ["switch_port_transmit_packets_total", "ignoring (cast) group_left", "switch_port_up"],
  [
    "switch_port_transmit_packets_total",
    "on (port, instance) group_left (speed)",
    "switch_port_info",
  ],
  ["switch_queue_depth_bytes", "on (port, instance) group_left", "switch_port_speed_bytes"],
  ["edge_items", "on (team) group_left (tier)", "edge_item_limit"],
  ["edge_items", "on (team) group_left (item)", "edge_item_limit"],
  ["edge_item_limit", "on (team) group_right ()", "edge_items"],
  ["edge_things_total", "on (kind) group_right (le)", "edge_things_total"],
  ["edge_seconds_bucket", "", "edge_seconds_bucket"],
  ["edge_twin_a", "", "edge_twin_b"],
  ["edge_twin_a", "on (twin)", '{__name__=~"edge_twin_."}'],
];
