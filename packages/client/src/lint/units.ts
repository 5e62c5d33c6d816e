// Which units Prometheus' linter knows: by base unit, those that should be given in it.
const OTHER_UNITS: Readonly<Record<string, readonly string[]>> = {
  seconds: ["minutes", "hours", "days", "weeks"],
  celsius: ["fahrenheit", "rankine"],
  kelvin: ["kelvins"],
  meters: ["inches", "yards", "miles"],
  bytes: ["bits"],
  joules: ["calories"],
  grams: ["pounds", "ounces"],
};

const BASE_UNITS: readonly string[] = [
  "amperes",
  "bytes",
  "celsius",
  "grams",
  "joules",
  "kelvin",
  "meters",
  "metres",
  "seconds",
  "volts",
];

const BASE_OF: ReadonlyMap<string, string> = new Map([
  ...BASE_UNITS.map((unit) => [unit, unit] as const),
  ...Object.entries(OTHER_UNITS).flatMap(([base, units]) =>
    units.map((unit) => [unit, base] as const),
  ),
]);

// "mibi" is promtool's own word, kept so that both flag the same names; "mebi" is the right one.
const PREFIX =
  /^(?:pico|nano|micro|milli|centi|deci|deca|hecto|kilo|kibi|mega|mibi|mebi|giga|gibi|tera|tebi|peta|pebi)/;

/** What a name segment such as `ms` most likely stands for, as a base unit. */
const MEANING_OF_ABBREVIATION: ReadonlyMap<string, string> = new Map([
  ...["s", "ms", "us", "ns", "sec", "h", "d"].map((short) => [short, "seconds"] as const),
  ...["b", "kb", "mb", "gb", "tb", "pb"].map((short) => [short, "bytes"] as const),
  ["m", "seconds or meters"],
]);

/** A unit that a metric name holds, and the base unit it should be given in; they may be the same. */
export interface NamedUnit {
  readonly unit: string;
  readonly base: string;
}

/** The first unit in a metric name, undefined when it holds none that is known. */
export function unitIn(name: string): NamedUnit | undefined {
  for (const unit of name.split("_")) {
    const base = BASE_OF.get(unit) ?? BASE_OF.get(unit.replace(PREFIX, ""));
    if (base !== undefined) return { unit, base };
  }
  return undefined;
}

/** The first abbreviated unit in a metric name, and what it most likely means. */
export function abbreviationIn(
  name: string,
): { readonly abbreviation: string; readonly meaning: string } | undefined {
  // The first segment is what is measured, never its unit.
  for (const abbreviation of name.toLowerCase().split("_").slice(1)) {
    const meaning = MEANING_OF_ABBREVIATION.get(abbreviation);
    if (meaning !== undefined) return { abbreviation, meaning };
  }
  return undefined;
}
