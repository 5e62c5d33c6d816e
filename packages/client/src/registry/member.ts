import { METRIC_TYPES, type MetricFamilyInfo } from "@linklight/model";
import type { Collector } from "../collector.ts";
import type { TableSource } from "../family/series-table.ts";
import { namesOf } from "./claims.ts";

/** What is registered: an instrument or a collector, and the families it said it has. */
export interface Member {
  readonly subject: Collector | TableSource;
  /** Whose families they are, in words: unique in a registry. */
  readonly owner: string;
  /** As they were described at registration; none when a collector describes none. */
  readonly infos: readonly MetricFamilyInfo[];
}

/** Asks an instrument or a collector for its families, once. Throws TypeError for whatever is neither, and for descriptions that are none. */
export function memberOf(subject: Collector | TableSource): Member {
  const owner = ownerOf(subject);
  const described = isSource(subject) ? [subject] : [...(subject.describe?.() ?? [])];
  const infos = described.map((family) => ("info" in family ? family.info : family));
  for (const { name, type } of infos) {
    if (typeof name !== "string" || !METRIC_TYPES.includes(type))
      throw new TypeError(
        `cannot register ${owner}: it describes a family ${JSON.stringify(name)} of type ${JSON.stringify(type)}: expected a name and one of ${METRIC_TYPES.join(", ")}`,
      );
  }
  return { subject, owner, infos };
}

/** Whether it is an instrument, or another family that is copied and not asked. */
export function isSource(subject: Collector | TableSource): subject is TableSource {
  return "table" in subject && typeof subject.table === "function";
}

/** Whose families a subject's are. Throws TypeError when it is neither an instrument nor a collector. */
export function ownerOf(subject: Collector | TableSource): string {
  if (typeof subject === "object" && subject !== null) {
    if (isSource(subject)) return `metric ${subject.info.name}`;
    const { name, collect } = subject;
    if (typeof collect === "function" && typeof name === "string" && name !== "")
      return `collector ${name}`;
  }
  throw new TypeError(
    "cannot register: expected an instrument, or a collector: an object with a name and collect()",
  );
}

/** Whether a member can have a family of these names: a collector that describes none can have any. */
export function mayHave({ infos }: Member, wanted: ReadonlySet<string> | undefined): boolean {
  if (wanted === undefined || infos.length === 0) return true;
  return infos.some((info) => namesOf(info).some((name) => wanted.has(name)));
}
