import { SWITCH } from "../expressions.ts";
import { NEUTRAL, OTHER, TRANSMITTED, UP_DOWN, WARNING, WRONG } from "../look/colors.ts";
import { line, type Row } from "../look/layout.ts";
import { namedTiles } from "../look/single-values.ts";
import { timeSeries } from "../look/time-series.ts";

/** Heat, air and current. */
export function environment(): Row {
  return {
    title: "Environment",
    panels: [
      ...line(
        9,
        timeSeries({
          title: "Temperatures",
          description:
            "Each sensor, and dashed where its warning is due: they follow the air that is taken in, the load and the fans.",
          queries: [
            {
              expr: `max by (sensor) (switch_temperature_celsius{${SWITCH}})`,
              legend: "{{sensor}}",
              color: NEUTRAL,
              shades: true,
            },
            {
              expr: `min by (sensor) (switch_temperature_threshold_celsius{${SWITCH}, level="high_warning"})`,
              legend: "{{sensor}}: warning above",
              color: WARNING,
              shades: true,
              limit: true,
            },
            {
              expr: `min by (sensor) (switch_temperature_threshold_celsius{${SWITCH}, level="high_alarm"})`,
              legend: "{{sensor}}: alarm above",
              color: WRONG,
              shades: true,
              limit: true,
            },
          ],
          unit: "celsius",
          decimals: 1,
          legend: "table",
        }),
        timeSeries({
          title: "Fans",
          description: "Turns of each fan. When one stands still, the others turn faster.",
          queries: [
            {
              expr: `max by (fan) (switch_fan_speed_rpm{${SWITCH}})`,
              legend: "fan {{fan}}",
              color: OTHER,
              shades: true,
            },
          ],
          unit: "rotrpm",
          decimals: 0,
          min: 0,
        }),
        timeSeries({
          title: "Power",
          description:
            "What each power supply draws, and what it gives to the switch; the rest is heat.",
          queries: [
            {
              expr: `max by (psu) (switch_psu_input_watts{${SWITCH}})`,
              legend: "supply {{psu}} draws",
              color: NEUTRAL,
              shades: true,
            },
            {
              expr: `max by (psu) (switch_psu_output_watts{${SWITCH}})`,
              legend: "supply {{psu}} gives",
              color: TRANSMITTED,
              shades: true,
            },
          ],
          unit: "watt",
          decimals: 0,
          min: 0,
        }),
      ),
      ...line(
        5,
        namedTiles({
          title: "Fans",
          description: "Whether each fan works.",
          queries: [
            {
              expr: `max by (fan) (switch_fan_up{${SWITCH}})`,
              legend: "fan {{fan}}",
              kind: "instant",
            },
          ],
          mappings: UP_DOWN,
        }),
        namedTiles({
          title: "Power supplies",
          description: "Whether each power supply works. With one left there is no reserve.",
          queries: [
            {
              expr: `max by (psu) (switch_psu_up{${SWITCH}})`,
              legend: "supply {{psu}}",
              kind: "instant",
            },
          ],
          mappings: UP_DOWN,
        }),
        namedTiles({
          title: "Voltage at the inlets",
          description: "Voltage at the inlet of each power supply; 0 without power.",
          queries: [
            {
              expr: `max by (psu) (switch_psu_input_volts{${SWITCH}})`,
              legend: "supply {{psu}}",
              kind: "instant",
            },
          ],
          unit: "volt",
          decimals: 0,
          // Below this no supply for mains of 100 V works.
          steps: { base: WRONG, steps: [[90, NEUTRAL]] },
        }),
      ),
    ],
  };
}
