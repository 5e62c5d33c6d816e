import type { SeriesLink } from "./panel.ts";
import { variable } from "./query.ts";

// What is chosen goes along: the data source and the time. Port names have slashes in them.
const chosen = `var-datasource=${variable("datasource")}&${variable("__url_time_range")}`;
const encoded = (name: string): string => variable(`${name}:percentencode`);

/** From a series with the label instance to the dashboard of that switch. */
export const TO_SWITCH: SeriesLink = {
  title: "Switch",
  url: `/d/linklight-switch?var-instance=${encoded("__field.labels.instance")}&${chosen}`,
};

/** From a series with the labels instance and port to the dashboard of that port. */
export const TO_PORT: SeriesLink = {
  title: "Port",
  url: `/d/linklight-port?var-instance=${encoded("__field.labels.instance")}&var-port=${encoded("__field.labels.port")}&${chosen}`,
};

/** From a series with the label port to the dashboard of that port of the chosen switch. */
export const TO_PORT_HERE: SeriesLink = {
  title: "Port",
  url: `/d/linklight-port?var-instance=${encoded("instance")}&var-port=${encoded("__field.labels.port")}&${chosen}`,
};

/** From the cell of a table to the dashboard of the switch that it names. */
export const SWITCH_OF_CELL: SeriesLink = {
  title: "Switch",
  url: `/d/linklight-switch?var-instance=${encoded("__value.raw")}&${chosen}`,
};

/** From the cell of a table to the dashboard of the port that it names, of the chosen switch. */
export const PORT_OF_CELL: SeriesLink = {
  title: "Port",
  url: `/d/linklight-port?var-instance=${encoded("instance")}&var-port=${encoded("__value.raw")}&${chosen}`,
};
