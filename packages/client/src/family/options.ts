import {
  isLegacyLabelName,
  isLegacyMetricName,
  isValidName,
  type MetricFamilyInfo,
  type MetricType,
} from "@linklight/model";

/** What every instrument and every collector's family is made from. `L` is the union of its label names. */
export interface FamilyOptions<L extends string = string> {
  /**
   * The metric name, such as `rx_packets_total`. Counters get `_total` and infos `_info` at the end where
   * it is missing, so that a series has the same name in every format.
   */
  readonly name: string;
  /** One sentence that says what is measured. */
  readonly help: string;
  /** The names of the labels every series has. */
  readonly labelNames?: readonly L[];
  /** A base unit (`bytes`, `seconds`); the name must then end with it. */
  readonly unit?: string;
  /** Allows names beyond `[a-zA-Z0-9_:]`, which only Prometheus 3 reads as they are; others see them escaped. */
  readonly utf8?: boolean;
}

const NAME_END: Partial<Record<MetricType, string>> = { counter: "_total", info: "_info" };

/** Checks the options and completes the name. Throws TypeError that names the metric and the wrong value. */
export function familyInfo(type: MetricType, options: FamilyOptions): MetricFamilyInfo {
  const { help, unit = "", utf8 = false } = options;
  const name = withEnd(options.name, NAME_END[type] ?? "");
  checkMetricName(name, utf8);
  if (typeof help !== "string")
    throw new TypeError(
      `metric ${name}: help must be a text that says what is measured, got ${typeof help}`,
    );
  const base = name.slice(0, name.length - (NAME_END[type] ?? "").length);
  if (unit !== "" && base !== unit && !base.endsWith(`_${unit}`)) {
    throw new TypeError(
      `metric ${name}: the name must end with its unit: expected ${base}_${unit}${NAME_END[type] ?? ""}`,
    );
  }
  return { name, type, help, unit };
}

function withEnd(name: unknown, end: string): string {
  if (typeof name !== "string")
    throw new TypeError(`metric name must be a text, got ${typeof name}`);
  return name === "" || name.endsWith(end) ? name : name + end;
}

/** Throws TypeError unless the name is one that every Prometheus reads, or, with `utf8`, any UTF-8 text. */
export function checkMetricName(name: string, utf8: boolean): void {
  if (utf8 ? isValidName(name) : isLegacyMetricName(name)) return;
  const hint = isValidName(name) ? "; set utf8: true if it is meant" : "";
  throw new TypeError(
    `invalid metric name ${JSON.stringify(name)}: letters, digits, "_" and ":" only, not beginning with a digit${hint}`,
  );
}

/** Throws TypeError for a label name that is malformed, repeated, or reserved for the type. */
export function checkLabelNames(
  info: MetricFamilyInfo,
  names: readonly string[],
  utf8: boolean,
): void {
  const seen = new Set<string>();
  for (const name of names) {
    checkLabelName(info, name, utf8);
    if (seen.has(name))
      throw new TypeError(`metric ${info.name}: label name "${name}" is declared twice`);
    seen.add(name);
  }
}

function checkLabelName(info: MetricFamilyInfo, name: string, utf8: boolean): void {
  if (typeof name !== "string" || !(utf8 ? isValidName(name) : isLegacyLabelName(name))) {
    const hint =
      typeof name === "string" && isValidName(name) ? "; set utf8: true if it is meant" : "";
    throw new TypeError(
      `metric ${info.name}: invalid label name ${JSON.stringify(name)}: letters, digits and "_" only, not beginning with a digit${hint}`,
    );
  }
  if (name.startsWith("__"))
    throw new TypeError(
      `metric ${info.name}: label name "${name}" is reserved: names beginning with "__" belong to Prometheus`,
    );
  if (name === reservedLabel(info))
    throw new TypeError(`metric ${info.name}: label name "${name}" is reserved in a ${info.type}`);
}

/** The label that a type uses for itself, and that its series therefore cannot have. */
export function reservedLabel({ type, name }: MetricFamilyInfo): string | undefined {
  switch (type) {
    case "histogram":
    case "gaugehistogram":
      return "le";
    case "summary":
      return "quantile";
    case "stateset":
      return name;
    case "counter":
    case "gauge":
    case "info":
    case "unknown":
      return undefined;
  }
}
