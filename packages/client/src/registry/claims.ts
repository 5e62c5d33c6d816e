import type { MetricFamilyInfo, MetricType } from "@linklight/model";

const SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ["_total", "_created"],
  gauge: [],
  histogram: ["_bucket", "_sum", "_count", "_created"],
  gaugehistogram: ["_bucket", "_gsum", "_gcount"],
  summary: ["_sum", "_count", "_created"],
  info: ["_info"],
  stateset: [],
  unknown: [],
};

/** Every name under which a family shows up in some format: its own, OpenMetrics' shorter one, and those of its series. */
export function namesOf({ name, type }: MetricFamilyInfo): readonly string[] {
  const end = type === "counter" ? "_total" : type === "info" ? "_info" : "";
  const base = name.endsWith(end) ? name.slice(0, name.length - end.length) : name;
  return [...new Set([name, base, ...SUFFIXES[type].map((suffix) => base + suffix)])];
}

interface Claim {
  readonly family: string;
  readonly type: MetricType;
  /** All who have this family: at least one. */
  readonly owners: Set<string>;
}

/** Who uses which names: finds two families that would overwrite each other on a page. */
export class Claims {
  readonly #byName = new Map<string, Claim>();

  /** What speaks against a family of this owner, in words; undefined when nothing does. */
  conflict(info: MetricFamilyInfo, owner: string): string | undefined {
    for (const name of namesOf(info)) {
      const claim = this.#byName.get(name);
      if (claim === undefined) continue;
      const other = [...claim.owners].find((name) => name !== owner) ?? "itself";
      if (claim.family !== info.name)
        return `family ${info.name} (${info.type}) and family ${claim.family} (${claim.type}) of ${other} would both have series named ${name}`;
      if (claim.type !== info.type)
        return `family ${info.name} is a ${info.type} here and a ${claim.type} in ${other}`;
    }
    return undefined;
  }

  add(info: MetricFamilyInfo, owner: string): void {
    for (const name of namesOf(info)) {
      const claim = this.#byName.get(name);
      if (claim === undefined)
        this.#byName.set(name, { family: info.name, type: info.type, owners: new Set([owner]) });
      else claim.owners.add(owner);
    }
  }

  /** Takes back all claims of an owner. */
  drop(owner: string): void {
    for (const [name, { owners }] of this.#byName) {
      if (owners.delete(owner) && owners.size === 0) this.#byName.delete(name);
    }
  }
}
