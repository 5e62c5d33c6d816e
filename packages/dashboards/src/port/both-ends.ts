import { PORT, portStatus, rate } from "../expressions.ts";
import {
  NEUTRAL,
  OTHER,
  PORT_STATUS,
  RECEIVED,
  TRANSMITTED,
  WARNING,
  WRONG,
} from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import { timeSeries } from "../look/time-series.ts";
import { stateTimeline } from "../look/timelines.ts";

// The variables are filled from what the neighbor says of itself by LLDP: its name is the instance under
// which it is scraped, if it is.
const FAR = 'instance=~"$far_instance", port=~"$far_port"';

/** The same link from both of its ends. */
export function bothEnds(): Row {
  const bits = (way: string, end: string): string =>
    `8 * sum(${rate(`switch_port_${way}_bytes_total`, end)})`;
  const errors = (end: string): string => `sum(${rate("switch_port_receive_errors_total", end)})`;
  const light = (way: "rx" | "tx", end: string): string =>
    `min(switch_transceiver_${way}_power_dbm{${end}})`;
  const only = "Only where the neighbor is a switch that Prometheus scrapes too.";
  return {
    title: "Both ends of the link: $instance $port and $far_instance $far_port",
    panels: [
      ...line(
        8,
        timeSeries({
          title: "From here to there",
          description: `What leaves here and what arrives there are the same, or something is lost on the way. ${only}`,
          queries: [
            { expr: bits("transmit", PORT), legend: "leaves here", color: TRANSMITTED },
            { expr: bits("receive", FAR), legend: "arrives there", color: OTHER },
          ],
          unit: "bps",
          min: 0,
        }),
        timeSeries({
          title: "From there to here",
          description: `What leaves there and what arrives here are the same, or something is lost on the way. ${only}`,
          queries: [
            { expr: bits("receive", PORT), legend: "arrives here", color: RECEIVED },
            { expr: bits("transmit", FAR), legend: "leaves there", color: OTHER },
          ],
          unit: "bps",
          min: 0,
        }),
        stateTimeline({
          title: "State at both ends",
          description: `A link is up at both ends or at none; where it is not, one direction is broken. ${only}`,
          queries: [
            {
              expr: `max by (instance, port) (${portStatus(PORT)})`,
              legend: "{{instance}} {{port}}",
            },
            {
              expr: `max by (instance, port) (${portStatus(FAR)})`,
              legend: "{{instance}} {{port}}",
            },
          ],
          mappings: PORT_STATUS,
        }),
      ),
      ...line(
        8,
        timeSeries({
          title: "Broken frames at both ends",
          description: `Errors at one end only point at that direction: its fibre, the laser there or the receiver here. ${only}`,
          queries: [
            { expr: errors(PORT), legend: "here", color: WRONG },
            { expr: errors(FAR), legend: "there", color: WARNING },
          ],
          unit: "pps",
          min: 0,
          softMax: 1,
        }),
        timeSeries({
          title: "Light at both ends",
          description: `The weakest lane as it leaves one end and as it arrives at the other. ${only}`,
          queries: [
            { expr: light("tx", PORT), legend: "leaves here", color: TRANSMITTED },
            { expr: light("rx", FAR), legend: "arrives there", color: OTHER },
            { expr: light("tx", FAR), legend: "leaves there", color: NEUTRAL },
            { expr: light("rx", PORT), legend: "arrives here", color: RECEIVED },
          ],
          unit: "dBm",
          decimals: 1,
        }),
        timeSeries({
          title: "Light lost on the way",
          description: `What connectors and fibre take, by the weakest lanes: one direction that loses more than the other has dirt in it. ${only}`,
          queries: [
            {
              expr: `${light("tx", PORT)} - ${light("rx", FAR)}`,
              legend: "from here to there",
              color: TRANSMITTED,
            },
            {
              expr: `${light("tx", FAR)} - ${light("rx", PORT)}`,
              legend: "from there to here",
              color: RECEIVED,
            },
          ],
          unit: "dB",
          decimals: 1,
          min: 0,
          softMax: 3,
        }),
      ),
    ],
  };
}
