import { portDown, SWITCH } from "../expressions.ts";
import { margin, NONE_IS_GOOD, PLAIN, UTILIZATION } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import { stat, trend } from "../look/single-values.ts";

const seen = `count_over_time(switch_boot_time_seconds{${SWITCH}}[$__range])`;
const answering = `count(switch_boot_time_seconds{${SWITCH}})`;
const uplink = `max by (instance, port) (switch_port_info{${SWITCH}, alias=~"uplink.*"})`;

/** Eight numbers that are green or blue when all is well. */
export function health(): Row {
  return {
    title: "Is everything well?",
    panels: [
      ...line(
        4,
        stat({
          title: "Switches answering",
          description: "How many of the chosen switches were scraped with success just now.",
          queries: [{ expr: `${answering} or vector(0)`, legend: "switches", kind: "instant" }],
          steps: PLAIN,
        }),
        stat({
          title: "Switches silent",
          description:
            "Switches that answered at some moment of the shown time and do not now: off, rebooting, or out of reach.",
          queries: [
            {
              expr: `count(${seen}) - (${answering} or vector(0))`,
              legend: "silent",
              kind: "instant",
            },
          ],
          steps: NONE_IS_GOOD,
        }),
        stat({
          title: "Uplinks down",
          description:
            "Ports with “uplink” at the start of their alias that should be up and are not. What is behind them has lost a way out.",
          queries: [
            {
              expr: `sum((${portDown(SWITCH)}) * on (instance, port) ${uplink}) or vector(0)`,
              legend: "uplinks",
              kind: "instant",
            },
          ],
          steps: NONE_IS_GOOD,
        }),
        stat({
          title: "Ports down",
          description:
            "All ports that an operator wants to be up and whose link is down. Ports that are shut do not count.",
          queries: [{ expr: `sum(${portDown(SWITCH)})`, legend: "ports", kind: "instant" }],
          steps: NONE_IS_GOOD,
        }),
        stat({
          title: "BGP sessions down",
          description: "Sessions with peers that are configured and not established.",
          queries: [
            { expr: `sum(1 - switch_bgp_peer_up{${SWITCH}})`, legend: "sessions", kind: "instant" },
          ],
          steps: NONE_IS_GOOD,
        }),
        stat({
          title: "Alerts firing",
          description:
            "Alerts that Prometheus holds to be true now; the list is at the end of this page.",
          queries: [
            {
              expr: `count(ALERTS{${SWITCH}, alertstate="firing"}) or vector(0)`,
              legend: "alerts",
              kind: "instant",
            },
          ],
          steps: NONE_IS_GOOD,
        }),
        trend({
          title: "Least light in reserve",
          description:
            "By how much the weakest received light of all links is above the level where its maker warns. Below zero, errors are near.",
          queries: [
            {
              expr: `min(instance_port:switch_transceiver_rx_power_margin_db:min{${SWITCH}})`,
              legend: "reserve",
            },
          ],
          unit: "dB",
          decimals: 1,
          steps: margin(2),
        }),
        trend({
          title: "Busiest link",
          description:
            "How full the fullest link is, in its busier direction, over the last five minutes.",
          queries: [
            {
              expr: `max(instance:switch_port_utilization:max_rate5m{${SWITCH}})`,
              legend: "utilization",
            },
          ],
          unit: "percentunit",
          decimals: 0,
          min: 0,
          max: 1,
          steps: UTILIZATION,
        }),
      ),
    ],
  };
}
