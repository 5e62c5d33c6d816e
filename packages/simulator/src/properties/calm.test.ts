import { describe, expect, it } from "vitest";
import type { Switch } from "../fabric/fabric.ts";
import { fabricOf } from "../fabric/fabric-argument.ts";
import { NATIVE_FAMILIES } from "../families/native-families.ts";
import { readSwitch, type SwitchReading } from "../families/switch-reading.ts";
import { type PageNumber, PageNumbers } from "../incident/page-numbers.ts";
import { type Simulation, simulate } from "../simulate.ts";
import { COUNTERS, happening, numbersOf, seriesText } from "./rehearsal.ts";

/** Many times what it takes: other work may go on beside. */
const LIMIT_MS = 120_000;
const MINUTE = 60;
const DAY = 86_400;
const WEEK = 7 * DAY;

/** Counters that grow on a calm day. All others tell of trouble, and have to stay at 0, or what they began with. */
const GROWING: ReadonlySet<string> = new Set([
  "switch_port_receive_bytes_total",
  "switch_port_transmit_bytes_total",
  "switch_port_receive_packets_total",
  "switch_port_transmit_packets_total",
  "switch_port_receive_frame_size_bytes",
  "switch_port_transmit_frame_size_bytes",
  "switch_queue_transmit_bytes_total",
  "switch_queue_transmit_packets_total",
  "switch_mac_moves_total",
]);

/** Gauges that move on a calm day, and between what. All others have to stay as they are. */
const MOVING: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ["switch_cpu_usage_ratio", [0.01, 0.2]],
  ["switch_memory_available_bytes", [1e9, 12e9]],
  ["switch_temperature_celsius", [18, 65]],
  ["switch_fan_speed_rpm", [5000, 9000]],
  ["switch_psu_input_watts", [15, 200]],
  ["switch_psu_output_watts", [12, 190]],
  ["switch_psu_input_volts", [225, 235]],
  ["switch_queue_depth_bytes", [0, 2e6]],
  ["switch_queue_watermark_bytes", [0, 4e6]],
  ["switch_buffer_used_bytes", [0, 4e6]],
  ["switch_buffer_watermark_bytes", [0, 8e6]],
  ["switch_transceiver_temperature_celsius", [25, 60]],
  ["switch_transceiver_voltage_volts", [3.2, 3.4]],
  ["switch_transceiver_rx_power_dbm", [-7, 2]],
  ["switch_transceiver_tx_power_dbm", [-4, 3]],
  ["switch_transceiver_bias_amperes", [0.005, 0.01]],
  ["switch_port_pre_fec_ber", [0, 1e-5]],
  ["switch_mac_table_entries", [1, 1000]],
]);

/** Families of many series are looked at less often: counters add up what was between, and light changes slowly. */
const COSTLY = /^switch_(port_(up|receive|transmit|pfc|fec|pre_fec)|queue|buffer|transceiver)/;
const COSTLY_ROUNDS = 5;

const SENSORS: ReadonlyMap<string, string> = new Map([
  ["switch_transceiver_temperature_celsius", "temperature"],
  ["switch_transceiver_voltage_volts", "voltage"],
  ["switch_transceiver_bias_amperes", "bias"],
  ["switch_transceiver_rx_power_dbm", "rx_power"],
  ["switch_transceiver_tx_power_dbm", "tx_power"],
]);

/** Light gets a few bits wrong on any day, which are mended: no trouble. */
function growsWhenCalm({ family, labels }: PageNumber): boolean {
  return GROWING.has(family) || labels["result"] === "corrected";
}

function calmOf(name: string, seed: number): Simulation {
  return simulate(fabricOf(name, { seed }), happening([]));
}

/** The page of a switch, and what it began with. */
class Watch {
  readonly #byFamily: readonly (readonly PageNumber[])[];
  readonly #first: SwitchReading;
  readonly #thresholds = new Map<string, number>();
  readonly unusual = new Set<string>();

  constructor(simulation: Simulation, pages: PageNumbers, node: Switch) {
    const numbers = numbersOf(pages, node);
    this.#first = readSwitch(simulation, node, 0) as SwitchReading;
    this.#byFamily = NATIVE_FAMILIES.map(({ name }) =>
      numbers.filter((each) => each.family === name),
    );
    for (const { family, labels, read } of numbers)
      if (/threshold/.test(family))
        this.#thresholds.set(
          `${labels["port"]} ${labels["sensor"]} ${labels["level"]}`,
          read(this.#first),
        );
  }

  /** Looks at one family in each minute, at all in turn. */
  look(simulation: Simulation, minute: number): void {
    const { node } = this.#first;
    const reading = readSwitch(simulation, node, minute * MINUTE);
    if (reading === undefined) {
      this.unusual.add(`${node.name} is off`);
      return;
    }
    const round = Math.floor(minute / this.#byFamily.length);
    const numbers = this.#byFamily[minute % this.#byFamily.length] ?? [];
    if (round % COSTLY_ROUNDS !== 0 && COSTLY.test(numbers[0]?.family ?? "")) return;
    for (const number of numbers) this.#judge(number, number.read(reading));
  }

  #judge(number: PageNumber, value: number): void {
    const { node, family, labels } = number;
    const before = number.read(this.#first);
    const isLit = node.ports.some(({ profile, link }) => link && profile.name === labels["port"]);
    const range = isLit || labels["port"] === undefined ? MOVING.get(family) : undefined;
    const isUsual = COUNTERS.has(family)
      ? value === before || (growsWhenCalm(number) && value >= before)
      : range === undefined
        ? Object.is(value, before) || !isLit
        : range[0] <= value && value <= range[1] && this.#isWithinThresholds(number, value);
    if (!isUsual) this.unusual.add(`${seriesText(number)} is ${value}, began with ${before}`);
  }

  #isWithinThresholds({ family, labels }: PageNumber, value: number): boolean {
    const sensor = labels["sensor"] ?? SENSORS.get(family);
    const limit = (level: string) => this.#thresholds.get(`${labels["port"]} ${sensor} ${level}`);
    return (
      value > (limit("low_warning") ?? -Infinity) && value < (limit("high_warning") ?? Infinity)
    );
  }
}

/** What was sent by all ports of a fabric between two moments. */
function bytesBetween({ fabric, switches }: Simulation, from: number, to: number): number {
  return fabric.switches.reduce(
    (sum, { index }) => sum + (switches[index]?.bytesBetween(from, to) ?? 0),
    0,
  );
}

describe("a calm week", () => {
  it.each([
    ["leaf-48x25g-8x100g", 1],
    ["leaf-48x25g-8x100g", 7],
    ["spine-32x100g", 1],
    ["campus-48x1g-4x10g", 1],
    ["pair", 1],
    ["pair", 7],
    ["leaf-spine:2x2", 1],
  ])(
    "of %s with seed %d shows nothing unusual, minute by minute",
    (name, seed) => {
      const simulation = calmOf(name, seed);
      const pages = new PageNumbers(simulation.fabric, "full");
      const watches = simulation.fabric.switches.map((node) => new Watch(simulation, pages, node));
      for (let minute = 0; minute <= WEEK / MINUTE; minute++)
        for (const watch of watches) watch.look(simulation, minute);
      expect(watches.flatMap(({ unusual }) => [...unusual].slice(0, 20))).toEqual([]);
    },
    LIMIT_MS,
  );

  it.each(["leaf-48x25g-8x100g", "spine-32x100g", "campus-48x1g-4x10g", "pair", "leaf-spine:4x2"])(
    "of %s counts no trouble, whatever the seed",
    (name) => {
      for (const seed of [2, 3, 5, 2 ** 31 + 11]) {
        const simulation = calmOf(name, seed);
        const pages = new PageNumbers(simulation.fabric, "full");
        for (const node of simulation.fabric.switches) {
          const [first, last] = [pages.at(simulation, node, 0), pages.at(simulation, node, WEEK)];
          const troubled = numbersOf(pages, node).filter(
            (number, i) =>
              COUNTERS.has(number.family) && !growsWhenCalm(number) && first[i] !== last[i],
          );
          expect(troubled.map(seriesText)).toEqual([]);
        }
      }
    },
    LIMIT_MS,
  );

  it.each([
    ["leaf-48x25g-8x100g", 1],
    ["campus-48x1g-4x10g", 2],
    ["pair", 3],
    ["spine-32x100g", 4],
  ])(
    "of %s with seed %d has nights and a weekend, and no trend of memory",
    (name, seed) => {
      const simulation = calmOf(name, seed);
      const days = [0, 1, 2, 3, 4, 5, 6].map((day) =>
        bytesBetween(simulation, day * DAY, (day + 1) * DAY),
      );
      const [weekdays, weekend] = [days.slice(0, 5), days.slice(5)];
      expect(Math.max(...weekend)).toBeLessThan(0.75 * Math.min(...weekdays));
      for (let day = 0; day < 7; day++) {
        const within = (from: number, to: number) =>
          bytesBetween(simulation, (day + from / 24) * DAY, (day + to / 24) * DAY);
        expect(within(1, 5)).toBeLessThan(0.75 * within(12, 16));
      }
      const memory = (day: number): number => {
        const hours = Array.from({ length: 24 }, (_, hour) => day * DAY + hour * 3600);
        const free = hours.map((at) => simulation.chassis[0]?.memory(at).availableBytes as number);
        return free.reduce((a, b) => a + b) / 24;
      };
      expect(memory(6) / memory(0)).toBeCloseTo(1, 1);
    },
    LIMIT_MS,
  );
});
