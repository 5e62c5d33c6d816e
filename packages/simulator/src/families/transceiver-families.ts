import type { Port } from "../fabric/fabric.ts";
import { transceiverOf } from "../optics/transceiver-info.ts";
import type {
  LaneReading,
  LineErrorReading,
  OpticsReading,
  TransceiverReading,
} from "../optics/transceiver-reading.ts";
import { watchedPorts } from "./port-families.ts";
import {
  type Detail,
  type NativeFamily,
  type NumberFamilySource,
  type NumberSource,
  numbers,
} from "./switch-family.ts";
import type { SwitchReading } from "./switch-reading.ts";

/** What transceivers say of themselves, the light they send and receive, and the bits that it gets wrong. */
export const TRANSCEIVER_FAMILIES: readonly NativeFamily[] = [
  numbers({
    type: "info",
    name: "switch_transceiver_info",
    help: "What transceiver is in a port: who made it, its form, and the physical medium (pmd) that it is for.",
    labelNames: ["port", "vendor", "part_number", "serial", "form_factor", "pmd"],
    spread: "own",
    series: (node, detail, { seed }) =>
      watchedOptics(node, detail).flatMap((port) => {
        const info = transceiverOf(seed, port);
        if (info === undefined) return [];
        const labels = {
          port: port.profile.name,
          vendor: info.vendor,
          part_number: info.partNumber,
          serial: info.serial,
          form_factor: info.formFactor,
          pmd: info.pmd,
        };
        return [{ labels, read: () => 1 }];
      }),
  }),
  moduleFamily(
    "switch_transceiver_temperature_celsius",
    "Temperature inside of a transceiver: lasers age faster the warmer it is.",
    ({ temperatureCelsius }) => temperatureCelsius,
  ),
  moduleFamily(
    "switch_transceiver_voltage_volts",
    "Supply voltage of a transceiver.",
    ({ voltageVolts }) => voltageVolts,
  ),
  laneFamily(
    "switch_transceiver_rx_power_dbm",
    "Light that a port receives: falls with a dirty connector, a bent fibre or an ageing laser at the far end; -30 is darkness.",
    ({ receivePowerDbm }) => receivePowerDbm,
    opticalPorts,
  ),
  laneFamily(
    "switch_transceiver_tx_power_dbm",
    "Light that a port sends.",
    ({ transmitPowerDbm }) => transmitPowerDbm,
    watchedOptics,
  ),
  laneFamily(
    "switch_transceiver_bias_amperes",
    "Current that drives a laser: rises as the laser ages, long before its light falls.",
    ({ biasAmperes }) => biasAmperes,
    watchedOptics,
  ),
  numbers({
    type: "gauge",
    name: "switch_transceiver_threshold",
    help: "Limits that the maker of a transceiver gives its sensors (temperature in celsius, voltage in volts, bias in amperes, powers in dBm): beyond a warning something is wrong, beyond an alarm it is bad.",
    labelNames: ["port", "sensor", "level"],
    spread: "sparse",
    series: (node, detail) =>
      watchedOptics(node, detail).flatMap((port) => thresholds(port, detail)),
  }),
  numbers({
    type: "gauge",
    name: "switch_port_pre_fec_ber",
    help: "Share of the bits that arrive wrong, before correction: the first to tell of a link that will fail.",
    labelNames: ["port"],
    series: (node, detail) =>
      watchedOptics(node, detail).map((port) =>
        errorSource(port, {}, ({ preFecBitErrorRatio }) => preFecBitErrorRatio),
      ),
  }),
  numbers({
    type: "counter",
    name: "switch_port_fec_codewords_total",
    help: "Codewords with wrong bits that forward error correction has mended (corrected) or not (uncorrectable): the second kind loses packets.",
    labelNames: ["port", "result"],
    series: (node, detail) =>
      watchedOptics(node, detail).flatMap((port) => [
        errorSource(port, { result: "corrected" }, (errors) => errors.correctedCodewords),
        errorSource(port, { result: "uncorrectable" }, (errors) => errors.uncorrectableCodewords),
      ]),
  }),
];

type PortsOf = (node: SwitchReading["node"], detail: Detail) => readonly Port[];

function opticalPorts({ ports }: SwitchReading["node"]): readonly Port[] {
  return ports.filter(({ profile }) => profile.lanes > 0);
}

function watchedOptics(node: SwitchReading["node"], detail: Detail): readonly Port[] {
  return watchedPorts(node, detail).filter(({ profile }) => profile.lanes > 0);
}

function readingOf({ optics }: SwitchReading, { index }: Port): TransceiverReading | undefined {
  return optics[index]?.transceiver;
}

function moduleFamily(
  name: string,
  help: string,
  read: (transceiver: TransceiverReading) => number,
): NumberFamilySource {
  return numbers({
    type: "gauge",
    name,
    help,
    labelNames: ["port"],
    spread: "sparse",
    series: (node, detail) =>
      watchedOptics(node, detail).map((port) => ({
        labels: { port: port.profile.name },
        read(reading) {
          const transceiver = readingOf(reading, port);
          return transceiver && read(transceiver);
        },
      })),
  });
}

function laneFamily(
  name: string,
  help: string,
  read: (lane: LaneReading) => number,
  portsOf: PortsOf,
): NumberFamilySource {
  return numbers({
    type: "gauge",
    name,
    help,
    labelNames: ["port", "lane"],
    spread: "sparse",
    series: (node, detail) =>
      portsOf(node, detail).flatMap((port) =>
        Array.from(
          { length: port.profile.lanes },
          (_, i): NumberSource => ({
            labels: { port: port.profile.name, lane: String(i + 1) },
            read(reading) {
              const lane = readingOf(reading, port)?.lanes[i];
              return lane && read(lane);
            },
          }),
        ),
      ),
  });
}

function errorSource(
  { index, profile }: Port,
  more: Readonly<Record<string, string>>,
  read: (errors: LineErrorReading) => number,
): NumberSource {
  return {
    labels: { port: profile.name, ...more },
    read: ({ optics }) => read((optics[index] as OpticsReading).errors),
  };
}

const SENSORS = [
  ["temperature", "temperature"],
  ["voltage", "voltage"],
  ["bias", "bias"],
  ["rx_power", "receivePower"],
  ["tx_power", "transmitPower"],
] as const;

/** The labels of limits, and their names in readings. */
export const LEVELS = [
  ["low_alarm", "lowAlarm"],
  ["low_warning", "lowWarning"],
  ["high_warning", "highWarning"],
  ["high_alarm", "highAlarm"],
] as const;

/** The limits of the sensors of a port: of the received light, and with `full` of all. */
function thresholds(port: Port, detail: Detail): NumberSource[] {
  const sensors = SENSORS.filter(([sensor]) => detail === "full" || sensor === "rx_power");
  return sensors.flatMap(([sensor, limits]) =>
    LEVELS.map(([level, limit]) => ({
      labels: { port: port.profile.name, sensor, level },
      read: (reading) => readingOf(reading, port)?.thresholds[limits][limit],
    })),
  );
}
