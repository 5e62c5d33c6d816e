import { PORT } from "../expressions.ts";
import { margin, NEUTRAL, RECEIVED, WARNING, WRONG } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import { PORT_OF_CELL, TO_PORT_HERE } from "../look/links.ts";
import { table } from "../look/table.ts";
import { timeSeries } from "../look/time-series.ts";

const limit = (sensor: string, level: string): string =>
  `switch_transceiver_threshold{${PORT}, sensor="${sensor}", level="${level}"}`;

/** Light, and what comes of too little of it. */
export function optics(): Row {
  const links = [TO_PORT_HERE];
  // A port that is shut is dark, and says nothing.
  const lit = `switch_transceiver_rx_power_dbm{${PORT}} and on (instance, port) (switch_port_admin_up{${PORT}} == 1)`;
  const light = `min by (port) (${lit})`;
  return {
    title: "Optics",
    panels: [
      ...line(
        9,
        table({
          title: "Received light",
          description:
            "The weakest lane of each port against the level where its maker warns, least reserve first. A dirty connector takes 1 to 6 dB at once, an ageing laser some tenths a day.",
          queries: [
            {
              expr: `max by (port, vendor, pmd) (switch_transceiver_info{${PORT}})`,
              kind: "table",
            },
            { expr: light, kind: "table" },
            { expr: `min by (port) (${limit("rx_power", "low_warning")})`, kind: "table" },
            {
              expr: `${light} - min by (port) (${limit("rx_power", "low_warning")})`,
              kind: "table",
            },
          ],
          columns: [
            { from: "port", title: "Port", links: [PORT_OF_CELL] },
            { from: "vendor", title: "Vendor" },
            { from: "pmd", title: "Medium" },
            { from: "#1", title: "Received", unit: "dBm", decimals: 1 },
            { from: "#2", title: "Warning below", unit: "dBm", decimals: 1 },
            { from: "#3", title: "Reserve", unit: "dB", decimals: 1, steps: margin(2) },
          ],
          sortBy: "Reserve",
          ascending: true,
        }),
        timeSeries({
          title: "Received light over time",
          description: "The weakest lane of each port. -30 dBm is darkness.",
          queries: [{ expr: light, legend: "{{port}}" }],
          unit: "dBm",
          decimals: 1,
          color: RECEIVED,
          legend: "table",
          links,
        }),
      ),
      ...line(
        8,
        timeSeries({
          title: "Temperature of transceivers",
          description:
            "Lasers age faster the warmer they are. The lowest limit of their makers is dashed.",
          queries: [
            {
              expr: `max by (port) (switch_transceiver_temperature_celsius{${PORT}})`,
              legend: "{{port}}",
              color: NEUTRAL,
              shades: true,
            },
            {
              expr: `min(${limit("temperature", "high_warning")})`,
              legend: "warning above",
              color: WARNING,
              limit: true,
            },
          ],
          unit: "celsius",
          decimals: 1,
          legend: "none",
          links,
        }),
        timeSeries({
          title: "Bits that arrive wrong",
          description:
            "Share of wrong bits before correction (pre-FEC BER), on a logarithmic axis: the first to tell of a link that will fail.",
          queries: [
            { expr: `max by (port) (switch_port_pre_fec_ber{${PORT}})`, legend: "{{port}}" },
          ],
          unit: "sci",
          logBase: 10,
          color: WARNING,
          legend: "none",
          links,
        }),
        timeSeries({
          title: "Codewords that could not be mended",
          description:
            "Codewords with more wrong bits than forward error correction can mend: packets are lost with them.",
          queries: [
            {
              expr: `sum by (port) (rate(switch_port_fec_codewords_total{${PORT}, result="uncorrectable"}[$__rate_interval]))`,
              legend: "{{port}}",
            },
          ],
          unit: "cps",
          min: 0,
          softMax: 1,
          color: WRONG,
          legend: "none",
          links,
        }),
        timeSeries({
          title: "Codewords mended",
          description:
            "Codewords with wrong bits that forward error correction has mended: nothing is lost yet.",
          queries: [
            {
              expr: `sum by (port) (rate(switch_port_fec_codewords_total{${PORT}, result="corrected"}[$__rate_interval]))`,
              legend: "{{port}}",
            },
          ],
          unit: "cps",
          min: 0,
          color: NEUTRAL,
          legend: "none",
          links,
        }),
      ),
    ],
  };
}
