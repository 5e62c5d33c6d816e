import { describe, expect, it } from "vitest";
import { sessionPorts } from "../chassis/bgp-session.ts";
import { type Fabric, isPort, type Port, type Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import { CATALOGUE } from "./catalogue.ts";
import { endOf, type Incident } from "./incident.ts";
import { resolveIncident } from "./incident-request.ts";
import { PageNumbers } from "./page-numbers.ts";
import { ofPort, Watch } from "./watch.ts";

const HOUR = 3600;
const DAY = 86_400;

/** What is seen, how much of it, and within which bounds it has to be. */
type Sign = readonly [what: string, value: number, from: number, to: number];

const is = (what: string, value: number, expected: number): Sign => [
  what,
  value,
  expected,
  expected,
];
const atLeast = (what: string, value: number, least: number): Sign => [
  what,
  value,
  least,
  Infinity,
];
const atMost = (what: string, value: number, most: number): Sign => [what, value, -Infinity, most];

/** A fabric in which an incident happens, and the same without it. */
interface View {
  readonly fabric: Fabric;
  readonly incident: Incident;
  readonly seen: Watch;
  readonly calm: Watch;
}

type SignsOf = (view: View) => readonly Sign[];

/** The port, and the one at the other end where that is a switch. */
function endsOf({ port, far }: Watch): readonly Port[] {
  return far === undefined ? [port] : [port, far];
}

const linkDown: SignsOf = ({ fabric, seen }) => {
  const { start, end } = seen;
  const middle = start + 120;
  const hasSession = (port: Port): boolean => sessionPorts(port.switch).includes(port);
  return endsOf(seen).flatMap((port): Sign[] => {
    const changes = (to: string) => ofPort(port, "switch_port_link_changes_total", { to });
    const peersUp = { family: "switch_bgp_peer_up", on: port.switch };
    const lost = hasSession(port) ? 1 : 0;
    const { name } = port.switch;
    return [
      is(`${name}: port up, before`, seen.sum(start - 1, ofPort(port, "switch_port_up")), 1),
      is(`${name}: port up`, seen.sum(middle, ofPort(port, "switch_port_up")), 0),
      is(`${name}: meant to be up`, seen.sum(middle, ofPort(port, "switch_port_admin_up")), 1),
      is(
        `${name}: since`,
        seen.sum(middle, ofPort(port, "switch_port_last_change_timestamp_seconds")),
        fabric.epoch + start,
      ),
      is(`${name}: went down`, seen.gain(start - 1, end - 1, changes("down")), 1),
      is(`${name}: came up`, seen.gain(start - 1, end + 1, changes("up")), 1),
      is(`${name}: receives`, seen.load(start, end - 1, "receive", port), 0),
      is(`${name}: transmits`, seen.load(start, end - 1, "transmit", port), 0),
      is(`${name}: light`, seen.max(middle, ofPort(port, "switch_transceiver_rx_power_dbm")), -30),
      is(`${name}: neighbours`, seen.sum(middle, ofPort(port, "switch_lldp_neighbor_info")), 0),
      is(`${name}: sessions lost`, -seen.gain(start - 1, middle, peersUp), lost),
      is(`${name}: sessions lost, after a minute`, -seen.gain(start - 1, end + 60, peersUp), 0),
      is(
        `${name}: neighbours, after a minute`,
        seen.sum(end + 60, ofPort(port, "switch_lldp_neighbor_info")),
        1,
      ),
    ];
  });
};

const flapTrain: SignsOf = ({ seen, calm }) => {
  const { start, end } = seen;
  return endsOf(seen).flatMap((port): Sign[] => {
    const downs = ofPort(port, "switch_port_link_changes_total", { to: "down" });
    const bytes = ofPort(port, "switch_port_receive_bytes_total");
    return [
      atLeast("downs in five minutes", seen.gain(start - 1, start + 300, downs), 4),
      atLeast("downs", seen.gain(start - 1, end + 1, downs), 9),
      atMost(
        "received, of what it would be",
        seen.gain(start, end, bytes) / calm.gain(start, end, bytes),
        0.85,
      ),
      is("port up in the end", seen.sum(end + 1, ofPort(port, "switch_port_up")), 1),
    ];
  });
};

const dirtyOptic: SignsOf = ({ incident, seen }) => {
  const { port, far, start, end } = seen;
  const [from, to] = [start + 60, start + 1860];
  const light = ofPort(port, "switch_transceiver_rx_power_dbm");
  const sensor = { sensor: "rx_power", level: "low_warning" };
  const limit = seen.sum(from, ofPort(port, "switch_transceiver_threshold", sensor));
  const ratio = ofPort(port, "switch_port_pre_fec_ber");
  const broken = ofPort(port, "switch_port_receive_errors_total", { reason: "fcs" });
  const packets = ofPort(port, "switch_port_receive_packets_total");
  const lost = ofPort(port, "switch_port_fec_codewords_total", { result: "uncorrectable" });
  const hasFec = port.profile.speed >= 25e9;
  return [
    atLeast("light before, above its warning", seen.min(start - 60, light) - limit, 1),
    atMost("light, below its warning", seen.max(from, light) - limit, 0),
    atLeast("bit errors", seen.sum(from, ratio), 1e-9),
    atLeast("bit errors, times before", seen.sum(from, ratio) / seen.sum(start - 60, ratio), 1e3),
    atLeast("uncorrectable codewords", seen.gain(from, to, lost), hasFec ? 100 : 0),
    [
      "broken frames, of all",
      seen.gain(from, to, broken) / seen.gain(from, to, packets),
      0.8e-4,
      1.2e-4,
    ],
    is("broken frames before", seen.gain(start - HOUR, incident.start, broken), 0),
    is("broken frames after", seen.gain(end + 1, end + HOUR, broken), 0),
    is("port up", seen.sum(to, ofPort(port, "switch_port_up")), 1),
    ...(far === undefined
      ? []
      : [
          is(
            "broken frames at the peer",
            seen.gain(from, to, ofPort(far, "switch_port_receive_errors_total")),
            0,
          ),
        ]),
  ];
};

const ageingLaser: SignsOf = ({ seen }) => {
  const { port, far, start, end } = seen;
  const sent = ofPort(port, "switch_transceiver_tx_power_dbm");
  const current = ofPort(port, "switch_transceiver_bias_amperes");
  const own: Sign[] = [
    ["light sent, lost in five days", -mean(seen, start + 5 * DAY, start, sent), 4.8, 5.2],
    atLeast(
      "current after five days, times before",
      seen.min(start + 5 * DAY, current) / seen.max(start, current),
      1.3,
    ),
    is("port up, after a week", seen.sum(start + 7 * DAY, ofPort(port, "switch_port_up")), 1),
    is("port up, at the end", seen.sum(end - HOUR, ofPort(port, "switch_port_up")), 0),
    is("port up, after it", seen.sum(end + 60, ofPort(port, "switch_port_up")), 1),
  ];
  if (far === undefined) return own;
  const light = ofPort(far, "switch_transceiver_rx_power_dbm");
  const ratio = ofPort(far, "switch_port_pre_fec_ber");
  const lost = ofPort(far, "switch_port_fec_codewords_total", { result: "uncorrectable" });
  const broken = ofPort(far, "switch_port_receive_errors_total");
  const first = (holds: (t: number) => boolean): number => {
    for (let t = start; t < end; t += DAY / 8) if (holds(t)) return (t - start) / DAY;
    return Infinity;
  };
  const days = [
    first((t) => seen.sum(t, ratio) > 1e-8),
    first((t) => seen.gain(start, t, lost) > 0),
    first((t) => seen.gain(start, t, broken) > 0),
    first((t) => seen.sum(t, ofPort(far, "switch_port_up")) === 0),
  ];
  return [
    ...own,
    ["light at the peer, lost", -mean(seen, start + 5 * DAY, start, light), 4.8, 5.2],
    ["bit errors, day", days[0] ?? 0, 2, 9],
    ["codewords after bit errors, days", (days[1] ?? 0) - (days[0] ?? 0), 0.25, 7],
    ["broken frames after codewords, days", (days[2] ?? 0) - (days[1] ?? 0), 0, 1],
    ["link down after broken frames, days", (days[3] ?? 0) - (days[2] ?? 0), 0.25, 2],
    atLeast("broken frames until then", seen.gain(start, end, broken), 1000),
  ];
};

/** How much the mean of series differs between two moments. */
function mean(seen: Watch, t: number, before: number, selector: Parameters<Watch["sum"]>[1]) {
  return (seen.sum(t, selector) - seen.sum(before, selector)) / seen.values(t, selector).length;
}

/** Signs of a full queue: drops and marks between two moments, and how full it is at one of them. */
function congestion(seen: Watch, port: Port, from: number, to: number, at: number): Sign[] {
  const { name } = port.profile;
  const dropped = ofPort(port, "switch_port_transmit_discards_total", { reason: "tail" });
  const inQueues = ofPort(port, "switch_queue_dropped_packets_total");
  const marked = ofPort(port, "switch_queue_ecn_marked_packets_total");
  const watermark = seen.max(at, ofPort(port, "switch_queue_watermark_bytes"));
  const limit = seen.max(at, ofPort(port, "switch_queue_limit_bytes"));
  return [
    atLeast(`${name}: drops`, seen.gain(from, to, dropped), 1000),
    atLeast(`${name}: drops of queues`, seen.gain(from, to, inQueues), 1000),
    atLeast(`${name}: marks`, seen.gain(from, to, marked), 1000),
    atLeast(`${name}: watermark, of the limit`, watermark / limit, 0.5),
  ];
}

const microburst: SignsOf = ({ incident, seen }) => {
  const { port, start } = seen;
  const interval = incident.parameters["interval"] as number;
  const dropped = ofPort(port, "switch_port_transmit_discards_total");
  const bursts = Array.from({ length: 14 }, (_, i) => {
    const from = Math.ceil((incident.start + i * interval) / 16) * 16;
    return seen.gain(from, from + 16, dropped);
  });
  const calmAt = start + 64;
  return [
    ...congestion(seen, port, start, start + 16, start + 8),
    atLeast("drops of the least burst", Math.min(...bursts), 1000),
    is("drops between bursts", seen.gain(start + 16, calmAt, dropped), 0),
    atMost("load of five minutes", seen.load(start, start + 300, "transmit", port), 0.5),
  ];
};

const incast: SignsOf = ({ incident, seen }) => {
  const { on, port, start, end } = seen;
  const senders = on.ports.filter(
    (each) => each !== port && seen.load(start + 16, end - 16, "receive", each) > 0.85,
  );
  const busy = on.ports.filter((each) => seen.load(start + 16, end - 16, "transmit", each) > 0.95);
  return [
    ...congestion(seen, port, start, end, start + 100),
    ["load of five minutes", seen.load(start + 16, end - 16, "transmit", port), 0.97, 1.0001],
    is("hosts that send", senders.length, incident.parameters["senders"] as number),
    is("ports that are full", busy.length, 1),
  ];
};

const uplinkSaturation: SignsOf = ({ seen }) => {
  const { on, start, end } = seen;
  const linked = on.ports.filter(({ link }) => link !== undefined);
  const uplinks = linked.filter(({ profile }) => profile.isUplink);
  const access = linked.filter(({ profile }) => !profile.isUplink);
  const received = access.map((each) => seen.load(start, end, "receive", each));
  return [
    ...uplinks.flatMap((port): readonly Sign[] => [
      ["load", seen.load(start, end, "transmit", port), 0.9, 1.0001],
      ...congestion(seen, port, start, end, start + 600),
    ]),
    atLeast("load of the idlest host", Math.min(...received), 0.5),
  ];
};

const ecmpPolarisation: SignsOf = ({ seen }) => {
  const { on, port, start, end } = seen;
  const uplinks = on.ports.filter((each) => each.profile.isUplink && each.link !== undefined);
  const loads = uplinks
    .filter((each) => each !== port)
    .map((each) => seen.load(start, end, "transmit", each));
  const own = seen.load(start, end, "transmit", port);
  const all = loads.reduce((sum, load) => sum + load, own);
  return [
    ["load of the uplink", own, 0.97, 1.0001],
    atMost("load of the busiest other", Math.max(...loads), 0.15),
    atMost("load of all together", all / uplinks.length, 0.4),
    ...congestion(seen, port, start, end, start + 600),
  ];
};

const fanFailure: SignsOf = ({ incident, seen, calm }) => {
  const { on, end } = seen;
  const { start } = incident;
  const others = on.profile.fans - 1;
  const rpm = { family: "switch_fan_speed_rpm" };
  const asic = { family: "switch_temperature_celsius", labels: { sensor: "asic" } };
  const warmer = (t: number): number => seen.sum(t, asic) - calm.sum(t, asic);
  const to = end - 60;
  const mostRpm = (watch: Watch) => watch.max(to, rpm);
  return [
    is("fan up", seen.sum(to, { family: "switch_fan_up", labels: { fan: "1" } }), 0),
    is("fans up", seen.sum(to, { family: "switch_fan_up" }), others),
    is("its speed", seen.sum(to, { ...rpm, labels: { fan: "1" } }), 0),
    ["speed of the others, times before", mostRpm(seen) / mostRpm(calm), 1.15, 1.35],
    is("warmer, before", warmer(start), 0),
    ["warmer", warmer(to), 3.9, 8.1],
    ["warmer after four minutes, of all", warmer(start + 240) / warmer(to), 0.55, 0.7],
    atMost("warmer, an hour after", warmer(end + HOUR), 0.1),
  ];
};

const psuLoss: SignsOf = ({ seen, calm }) => {
  const t = seen.start + 600;
  const failed = (family: string) => seen.sum(t, { family, labels: { psu: "1" } });
  const output = { family: "switch_psu_output_watts" };
  return [
    is("supply up", failed("switch_psu_up"), 0),
    is("its input", failed("switch_psu_input_watts"), 0),
    is("its output", failed("switch_psu_output_watts"), 0),
    is("its voltage", failed("switch_psu_input_volts"), 0),
    ["output of all, of before", seen.sum(t, output) / calm.sum(t, output), 0.98, 1.02],
    atLeast("output of the other, times before", seen.max(t, output) / calm.max(t, output), 1.8),
    is("supplies up, after", seen.sum(seen.end + 1, { family: "switch_psu_up" }), 2),
  ];
};

const overheating: SignsOf = ({ seen, calm }) => {
  const t = seen.start + 2400;
  const warmest = { family: "switch_transceiver_temperature_celsius" };
  const rpm = { family: "switch_fan_speed_rpm" };
  const bias = { family: "switch_transceiver_bias_amperes" };
  const watts = { family: "switch_psu_input_watts" };
  const inlet = { family: "switch_temperature_celsius", labels: { sensor: "inlet" } };
  const limit = {
    family: "switch_temperature_threshold_celsius",
    labels: { sensor: "inlet", level: "high_warning" },
  };
  return [
    ...["inlet", "asic", "cpu", "exhaust"].map((sensor): Sign => {
      const selector = { family: "switch_temperature_celsius", labels: { sensor } };
      return atLeast(`${sensor}: warmer`, seen.sum(t, selector) - calm.sum(t, selector), 20);
    }),
    atLeast("inlet above its warning", seen.sum(t, inlet) - seen.sum(t, limit), 0),
    atLeast("fans, times before", seen.min(t, rpm) / calm.min(t, rpm), 1.3),
    atLeast("watts more", seen.sum(t, watts) - calm.sum(t, watts), 2),
    atLeast("transceivers warmer", seen.max(t, warmest) - calm.max(t, warmest), 20),
    atLeast("current of lasers, times before", seen.sum(t, bias) / calm.sum(t, bias), 1.05),
  ];
};

const reboot: SignsOf = ({ fabric, seen }) => {
  const { on, far, port, start, end } = seen;
  const counters = NATIVE_FAMILIES.filter(({ type }) => type === "counter").map(({ name }) => name);
  const info = { family: "switch_info" };
  const boot = { family: "switch_boot_time_seconds" };
  const known = { family: "switch_lldp_neighbor_info" };
  const peers = { family: "switch_bgp_peer_up" };
  return [
    is("series while it is off", seen.sum(start + 60, info), 0),
    is("started", seen.sum(end, boot), fabric.epoch + end),
    ...counters.map((family) => is(`${family} at the start`, seen.max(end, { family }), 0)),
    atLeast("counts again", seen.sum(end + 60, ofPort(port, "switch_port_receive_bytes_total")), 1),
    is("neighbours at the start", seen.sum(end + 1, known), 0),
    is(
      "neighbours a minute later",
      seen.sum(end + 60, known),
      on.ports.filter(({ link }) => link !== undefined).length,
    ),
    is("sessions at the start", seen.sum(end + 50, peers), 0),
    is("sessions later", seen.sum(end + 91, peers), sessionPorts(on).length),
    ...(far === undefined
      ? []
      : [is("peer's port up meanwhile", seen.sum(start + 60, ofPort(far, "switch_port_up")), 0)]),
  ];
};

const memoryLeak: SignsOf = ({ seen, calm }) => {
  const { start, end } = seen;
  const available = { family: "switch_memory_available_bytes" };
  const size = seen.sum(start, { family: "switch_memory_size_bytes" });
  const missing = (t: number): number => (calm.sum(t, available) - seen.sum(t, available)) / size;
  return [
    ["missing after a quarter of the time", missing(start + 1800), 0.12, 0.13],
    ["missing after half of the time", missing(start + HOUR), 0.245, 0.255],
    ["missing at the end", missing(end - 20), 0.49, 0.505],
    atMost("available at the end", seen.sum(end - 20, available) / size, 0.25),
    is("missing after it", missing(end + 1), 0),
  ];
};

const bgpFlap: SignsOf = ({ incident, seen, calm }) => {
  const { start, end, on } = seen;
  const port = sessionPorts(on)[0] as Port;
  const far = port.link?.port === port ? port.link.peer : port.link?.port;
  const ends = [on, ...(far !== undefined && isPort(far) ? [far.switch] : [])];
  const times = Array.from({ length: 60 }, (_, i) => start + 10 * i);
  const busiest = (watch: Watch, node: Switch): number =>
    Math.max(...times.map((t) => watch.max(t, { family: "switch_cpu_usage_ratio", on: node })));
  const early = incident.start + 1;
  return ends.flatMap((node): Sign[] => {
    const up = { family: "switch_bgp_peer_up", on: node };
    const transitions = { family: "switch_bgp_peer_transitions_total", on: node };
    const prefixes = { family: "switch_bgp_peer_prefixes_received", on: node };
    return [
      is(`${node.name}: sessions lost`, -seen.gain(incident.start - 1, early, up), 1),
      atLeast(`${node.name}: prefixes lost`, -seen.gain(incident.start - 1, early, prefixes), 1),
      atLeast(`${node.name}: transitions`, seen.gain(start - 20, end + 60, transitions), 5),
      atLeast(`${node.name}: processor, more`, busiest(seen, node) - busiest(calm, node), 0.05),
      is(`${node.name}: sessions lost, after`, -seen.gain(start - 20, end + 60, up), 0),
      is(
        "ports that went down",
        seen.gain(start - 20, end + 60, {
          family: "switch_port_link_changes_total",
          on: node,
        }),
        0,
      ),
    ];
  });
};

const macFlood: SignsOf = ({ seen, calm }) => {
  const { start, end } = seen;
  const entries = { family: "switch_mac_table_entries" };
  const capacity = seen.sum(start, { family: "switch_mac_table_capacity" });
  const moves = { family: "switch_mac_moves_total" };
  const processor = { family: "switch_cpu_usage_ratio" };
  const t = start + 300;
  return [
    atMost("entries before, of the capacity", seen.sum(start - 20, entries) / capacity, 0.1),
    is("entries, of the capacity", seen.sum(t, entries) / capacity, 1),
    atLeast("moves", seen.gain(start, end, moves), 10_000),
    atLeast("processor, more", seen.max(t, processor) - calm.max(t, processor), 0.2),
    atMost("entries after it", seen.sum(end + 301, entries) / capacity, 0.1),
  ];
};

const counterWrap: SignsOf = ({ seen }) => {
  const { port, far, start } = seen;
  const bytes = ofPort(port, "switch_port_receive_bytes_total");
  const times = Array.from({ length: 120 }, (_, i) => start + 15 * i);
  const values = times.map((t) => seen.sum(t, bytes));
  const falls = values.filter((value, i) => value < (values[i - 1] ?? 0));
  const boot = { family: "switch_boot_time_seconds" };
  return [
    atMost("the most that it shows", Math.max(...values), 2 ** 32 - 1),
    atLeast("falls back in half an hour", falls.length, 5),
    atLeast("showed before", seen.sum(start - 20, bytes), 2 ** 32),
    is("boot time, later by", seen.gain(start - 20, start + 1800, boot), 0),
    ...(far === undefined
      ? []
      : [
          atLeast(
            "the peer shows",
            seen.sum(start + 60, ofPort(far, "switch_port_transmit_bytes_total")),
            2 ** 32,
          ),
        ]),
  ];
};

const stuckCounter: SignsOf = ({ incident, seen, calm }) => {
  const { port, far } = seen;
  const [from, to] = [incident.start, endOf(incident)];
  const families = [
    "switch_port_receive_bytes_total",
    "switch_port_transmit_bytes_total",
    "switch_port_receive_packets_total",
    "switch_queue_transmit_bytes_total",
  ];
  return [
    ...families.flatMap((family) => {
      const selector = ofPort(port, family);
      return [
        is(`${family} counts`, seen.gain(from, to - 1, selector), 0),
        atLeast(
          `${family} jumps, of what it missed`,
          seen.gain(to - 1, to + 1, selector) / calm.gain(from, to, selector),
          0.99,
        ),
      ];
    }),
    is("port up", seen.sum(from + 60, ofPort(port, "switch_port_up")), 1),
    ...(far === undefined
      ? []
      : [atLeast("load of the peer", seen.load(from, to - 1, "transmit", far), 0.001)]),
  ];
};

/** What a network engineer looks for, by incident. */
const SIGNS: Readonly<Record<string, SignsOf>> = {
  "link-down": linkDown,
  "flap-train": flapTrain,
  "dirty-optic": dirtyOptic,
  "ageing-laser": ageingLaser,
  microburst,
  "uplink-saturation": uplinkSaturation,
  incast,
  "ecmp-polarisation": ecmpPolarisation,
  "fan-failure": fanFailure,
  "psu-loss": psuLoss,
  overheating,
  reboot,
  "memory-leak": memoryLeak,
  "bgp-flap": bgpFlap,
  "mac-flood": macFlood,
  "counter-wrap": counterWrap,
  "stuck-counter": stuckCounter,
};

/** A Wednesday's dawn, a Wednesday's afternoon, a Sunday's night; not at the start of a slot. */
const NIGHT = 2 * DAY + 3 * HOUR + 5;
const PEAK = 2 * DAY + 14 * HOUR + 21;
const WEEKEND = 6 * DAY + 4 * HOUR + 2;

const LEAF = "leaf-48x25g-8x100g";
const PLACES: readonly (readonly [argument: string, seed: number, when: string, start: number])[] =
  [
    [LEAF, 42, "at night", NIGHT],
    [LEAF, 7, "at the peak", PEAK],
    [LEAF, 77_777, "at the weekend", WEEKEND],
    ["leaf-spine:2x2", 42, "at night", NIGHT],
    ["leaf-spine:2x2", 7, "at the peak", PEAK],
    ["leaf-spine:2x2", 5, "at the weekend", WEEKEND],
    ["campus-48x1g-4x10g", 42, "at night", NIGHT],
    ["campus-48x1g-4x10g", 7, "at the peak", PEAK],
    ["campus-48x1g-4x10g", 99, "at the weekend", WEEKEND],
    ["pair", 42, "at night", NIGHT],
    ["pair", 7, "at the peak", PEAK],
    ["spine-32x100g", 42, "at the weekend", WEEKEND],
    ["spine-32x100g", 7, "at the peak", PEAK],
  ];

/** What cannot happen to some switches, and why. */
const REFUSALS: Readonly<Record<string, string>> = {
  "pair microburst": "pair1 has 1 host; it takes three: one that receives and two that send",
  "pair incast": "pair1 has 1 host; it takes three: one that receives and two that send",
  "pair uplink-saturation":
    "the hosts of pair1 send at most 50 Gb/s, and its uplinks carry 100 Gb/s",
  "pair ecmp-polarisation": "pair1 has one uplink, and nothing to choose from; it takes two",
  "spine-32x100g microburst": "spine1 has no hosts, only links to other switches; take a leaf",
  "spine-32x100g incast": "spine1 has no hosts, only links to other switches; take a leaf",
  "spine-32x100g uplink-saturation": "spine1 has no hosts below its uplinks",
  "spine-32x100g ecmp-polarisation":
    "spine1 has no hosts below: there is nothing to spread over uplinks",
};

describe.each(PLACES)("on %s of seed %i %s", (argument, seed, _when, start) => {
  const fabric = fabricOf(argument, { seed });
  const pages = new PageNumbers(fabric, "full");
  const on = fabric.switches.find(({ profile }) => profile.role === "leaf") ?? fabric.switches[0];

  it.each(CATALOGUE.map(({ name }) => name))("%s is seen", (type) => {
    const problems: string[] = [];
    const resolved = resolveIncident(fabric, { type, switch: on?.name }, (_field, message) =>
      problems.push(message),
    );
    const refusal = REFUSALS[`${argument} ${type}`];
    if (resolved === undefined || refusal !== undefined) {
      expect(problems).toEqual([expect.stringMatching(new RegExp(`: ${refusal}$`))]);
      return;
    }
    const incident: Incident = { id: `${type}-1`, ...resolved, start, origin: "request" };
    const seen = new Watch(fabric, incident, pages);
    const calm = new Watch(fabric, incident, pages, true);
    const signs = SIGNS[type]?.({ fabric, incident, seen, calm }) ?? [];
    expect(signs.length).toBeGreaterThan(3);
    const missed = signs.filter(([, value, from, to]) => !(value >= from && value <= to));
    expect(missed).toEqual([]);
  });
});
