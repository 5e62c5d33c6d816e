import { PORT, rate } from "../expressions.ts";
import { NEUTRAL, RECEIVED, TRANSMITTED, WARNING, WRONG } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import type { Query } from "../look/query.ts";
import { timeSeries } from "../look/time-series.ts";

/** The limits of a sensor, as dashed lines: orange where a warning is due, red where an alarm is. */
function limits(sensor: string, ...levels: readonly string[]): Query[] {
  return levels.map((level) => ({
    expr: `max(switch_transceiver_threshold{${PORT}, sensor="${sensor}", level="${level}"})`,
    legend: level.replace("_", " "),
    color: level.endsWith("alarm") ? WRONG : WARNING,
    limit: true,
  }));
}

const ALL = ["low_alarm", "low_warning", "high_warning", "high_alarm"] as const;

/** Light by lane, what the transceiver says of itself, and the bits that arrive wrong. */
export function portOptics(): Row {
  const byLane = (metric: string): string => `max by (lane) (${metric}{${PORT}})`;
  return {
    title: "Optics and error correction",
    panels: [
      ...line(
        9,
        timeSeries({
          title: "Received light",
          description:
            "By lane. A step down is dirt or a bent fibre, a slope an ageing laser at the far end; -30 dBm is darkness.",
          queries: [
            {
              expr: byLane("switch_transceiver_rx_power_dbm"),
              legend: "lane {{lane}}",
              color: RECEIVED,
              shades: true,
            },
            ...limits("rx_power", ...ALL),
          ],
          unit: "dBm",
          decimals: 1,
        }),
        timeSeries({
          title: "Transmitted light",
          description: "By lane. Falls as the laser ages.",
          queries: [
            {
              expr: byLane("switch_transceiver_tx_power_dbm"),
              legend: "lane {{lane}}",
              color: TRANSMITTED,
              shades: true,
            },
            ...limits("tx_power", ...ALL),
          ],
          unit: "dBm",
          decimals: 1,
        }),
        timeSeries({
          title: "Laser current",
          description: "By lane. Rises as the laser ages, long before its light falls.",
          queries: [
            {
              expr: byLane("switch_transceiver_bias_amperes"),
              legend: "lane {{lane}}",
              color: TRANSMITTED,
              shades: true,
            },
            ...limits("bias", "high_warning", "high_alarm"),
          ],
          unit: "amp",
          min: 0,
        }),
      ),
      ...line(
        8,
        timeSeries({
          title: "Temperature",
          description: "Inside the transceiver.",
          queries: [
            {
              expr: `max(switch_transceiver_temperature_celsius{${PORT}})`,
              legend: "temperature",
              color: NEUTRAL,
            },
            ...limits("temperature", "high_warning", "high_alarm"),
          ],
          unit: "celsius",
          decimals: 1,
        }),
        timeSeries({
          title: "Supply voltage",
          description: "Of the transceiver.",
          queries: [
            {
              expr: `max(switch_transceiver_voltage_volts{${PORT}})`,
              legend: "voltage",
              color: NEUTRAL,
            },
            ...limits("voltage", "low_warning", "high_warning"),
          ],
          unit: "volt",
          decimals: 2,
        }),
        timeSeries({
          title: "Bits that arrive wrong",
          description:
            "Share of wrong bits before correction (pre-FEC BER), on a logarithmic axis: the first to tell of a link that will fail.",
          queries: [{ expr: `max(switch_port_pre_fec_ber{${PORT}})`, legend: "before correction" }],
          unit: "sci",
          logBase: 10,
          color: WARNING,
        }),
        timeSeries({
          title: "Codewords",
          description:
            "Codewords with wrong bits that forward error correction has mended (corrected) or not (uncorrectable, red): the second kind loses packets.",
          queries: [
            {
              expr: `sum(${rate("switch_port_fec_codewords_total", `${PORT}, result="corrected"`)})`,
              legend: "corrected",
              color: NEUTRAL,
            },
            {
              expr: `sum(${rate("switch_port_fec_codewords_total", `${PORT}, result="uncorrectable"`)})`,
              legend: "uncorrectable",
              color: WRONG,
            },
          ],
          unit: "cps",
          logBase: 10,
        }),
      ),
    ],
  };
}
