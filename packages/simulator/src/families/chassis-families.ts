import type { ChassisReading, FanReading, SupplyReading } from "../chassis/chassis-reading.ts";
import { readTemperatures } from "../chassis/cooling.ts";
import { coreCount } from "../chassis/processor.ts";
import type { Switch } from "../fabric/fabric.ts";
import { type NativeFamily, type NumberFamilySource, numbers } from "./switch-family.ts";
import { LEVELS } from "./transceiver-families.ts";

/** The temperature sensors, which all switches have, with their limits. */
const SENSORS = readTemperatures({ inletCelsius: 0, load: 0, missingAirCelsius: 0 });

/** What a switch is, and how its hardware does. */
export const CHASSIS_FAMILIES: readonly NativeFamily[] = [
  numbers({
    type: "info",
    name: "switch_info",
    help: "What a switch is: its name, who made it, and what runs on it.",
    labelNames: ["name", "vendor", "model", "os_version", "asic", "serial"],
    spread: "own",
    series: (node) => [{ labels: infoLabels(node), read: () => 1 }],
  }),
  numbers({
    type: "gauge",
    name: "switch_boot_time_seconds",
    help: "When the switch was started, in simulated seconds since 1970: all its counters began at zero then.",
    series: () => [{ labels: {}, read: ({ epoch, startedAt }) => epoch + startedAt }],
  }),
  each(
    "switch_cpu_usage_ratio",
    "How busy each core of the control processor is, 0 to 1. Traffic goes past it: only what is for the switch itself counts.",
    "cpu",
    (node) => countFrom(0, coreCount(node)),
    ({ cores }, i) => cores[i],
  ),
  memory(
    "switch_memory_size_bytes",
    "Memory of the control processor.",
    ({ sizeBytes }) => sizeBytes,
  ),
  memory(
    "switch_memory_available_bytes",
    "Memory of the control processor that programs can still get: falls in a straight line when one leaks.",
    ({ availableBytes }) => availableBytes,
  ),
  each(
    "switch_temperature_celsius",
    "Temperatures of the chassis: they follow the air that it takes in, its load and its fans.",
    "sensor",
    () => SENSORS.map(({ sensor }) => sensor),
    ({ temperatures }, i) => temperatures[i]?.celsius,
  ),
  numbers({
    type: "gauge",
    name: "switch_temperature_threshold_celsius",
    help: "Limits of the temperatures of the chassis: beyond a warning something is wrong, beyond an alarm it may turn itself off.",
    labelNames: ["sensor", "level"],
    series: () =>
      SENSORS.flatMap(({ sensor, thresholds }) =>
        LEVELS.map(([level, limit]) => ({
          labels: { sensor, level },
          read: () => thresholds[limit],
        })),
      ),
  }),
  fan(
    "switch_fan_speed_rpm",
    "Turns of a fan in a minute; 0 when it stands still.",
    ({ rpm }) => rpm,
  ),
  fan("switch_fan_up", "Whether a fan works (1) or has failed (0).", ({ isUp }) => Number(isUp)),
  supply(
    "switch_psu_up",
    "Whether a power supply works (1) or has failed (0): with one left there is no reserve.",
    ({ isUp }) => Number(isUp),
  ),
  supply(
    "switch_psu_input_watts",
    "What a power supply draws: more than it gives, since it gets warm.",
    ({ inputWatts }) => inputWatts,
  ),
  supply(
    "switch_psu_output_watts",
    "What a power supply gives to the switch; the supplies share the load.",
    ({ outputWatts }) => outputWatts,
  ),
  supply(
    "switch_psu_input_volts",
    "Voltage at the inlet of a power supply; 0 without power.",
    ({ inputVolts }) => inputVolts,
  ),
];

function infoLabels({ name, profile, serial }: Switch): Record<string, string> {
  const { vendor, model, osVersion, asic } = profile;
  return { name, vendor, model, os_version: osVersion, asic, serial };
}

function countFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(first + i));
}

/** A gauge with one series for each part of a kind, which the label names. */
function each(
  name: string,
  help: string,
  label: string,
  names: (node: Switch) => readonly string[],
  read: (chassis: ChassisReading, i: number) => number | undefined,
): NumberFamilySource {
  return numbers({
    type: "gauge",
    name,
    help,
    labelNames: [label],
    series: (node) =>
      names(node).map((value, i) => ({
        labels: { [label]: value },
        read: ({ chassis }) => read(chassis, i),
      })),
  });
}

function fan(name: string, help: string, read: (fan: FanReading) => number): NumberFamilySource {
  const names = ({ profile }: Switch): string[] => countFrom(1, profile.fans);
  return each(name, help, "fan", names, ({ fans }, i) => fans[i] && read(fans[i]));
}

function supply(
  name: string,
  help: string,
  read: (supply: SupplyReading) => number,
): NumberFamilySource {
  const names = ({ profile }: Switch): string[] => countFrom(1, profile.psus);
  return each(name, help, "psu", names, ({ supplies }, i) => supplies[i] && read(supplies[i]));
}

function memory(
  name: string,
  help: string,
  read: (memory: ChassisReading["memory"]) => number,
): NumberFamilySource {
  return numbers({
    type: "gauge",
    name,
    help,
    series: () => [{ labels: {}, read: ({ chassis }) => read(chassis.memory) }],
  });
}
