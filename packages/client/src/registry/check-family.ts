import {
  isLegacyLabelName,
  isValidName,
  type Labels,
  METRIC_TYPES,
  type MetricFamily,
} from "@linklight/model";
import { checkMetricName } from "../family/options.ts";

/** Throws TypeError for a plain metric family that no format could show: a bad name, an unknown type, labels that are not a label set. `utf8` allows names beyond the old character set. */
export function checkPlainFamily(family: MetricFamily, utf8: boolean): void {
  checkMetricName(family.name, utf8);
  if (!METRIC_TYPES.includes(family.type))
    throw new TypeError(
      `family ${family.name}: unknown type ${JSON.stringify(family.type)}: expected one of ${METRIC_TYPES.join(", ")}`,
    );
  for (const metric of family.metrics) {
    if (typeof metric.labels?.merge !== "function")
      throw new TypeError(
        `family ${family.name}: the labels of a metric must be made with Labels.from({ … })`,
      );
    checkLabels(family.name, metric.labels, utf8);
  }
}

function checkLabels(family: string, labels: Labels, utf8: boolean): void {
  for (const [name] of labels) {
    if (name === "__name__")
      throw new TypeError(`family ${family}: the labels of a metric must not contain __name__`);
    if (!(utf8 ? isValidName(name) : isLegacyLabelName(name))) {
      throw new TypeError(
        `family ${family}: invalid label name ${JSON.stringify(name)}: letters, digits and "_" only, not beginning with a digit`,
      );
    }
  }
}
