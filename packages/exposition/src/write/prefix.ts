import { compareUtf8, isLegacyLabelName, isLegacyMetricName, Labels } from "@linklight/model";
import { escapeLabelName, escapeQuoted } from "../escape.ts";
import type { EscapingScheme, Layout } from "../layout.ts";
import { effectiveEscaping } from "../negotiate.ts";
import { utf8AsLatin1 } from "./latin1.ts";

/** What one line says besides the series' own labels: the sample's name and perhaps a label, both already escaped. */
export interface Head {
  readonly name: string;
  readonly label?: string;
  /** As it is printed, but without backslashes. */
  readonly value?: string;
}

/** A metric name as metadata shows it: in quotes where only readers of UTF-8 names know it. */
export function shownName(name: string): string {
  return isLegacyMetricName(name) ? name : `"${escapeQuoted(name)}"`;
}

/** Label pairs as they stand in braces, without the braces. */
export function shownPairs(labels: Labels): string[] {
  const pairs: string[] = [];
  for (let i = 0; i < labels.size; i++) pairs.push(pair(labels.nameAt(i), labels.valueAt(i)));
  return pairs;
}

function pair(name: string, value: string): string {
  return `${shownLabelName(name)}"${escapeQuoted(value)}"`;
}

/** With the equals sign. */
function shownLabelName(name: string): string {
  return isLegacyLabelName(name) ? `${name}=` : `"${escapeQuoted(name)}"=`;
}

/** Labels with escaped names. Where two names become the same, the one that needed no escaping wins. */
export function escapeLabels(labels: Labels, scheme: EscapingScheme): Labels {
  if (scheme === "allow-utf-8" || hasLegacyNames(labels)) return labels;
  const escaped = new Map<string, string>();
  for (const [name, value] of labels) escaped.set(escapeLabelName(name, scheme), value);
  for (const [name, value] of labels) if (isLegacyLabelName(name)) escaped.set(name, value);
  return Labels.from(escaped);
}

function hasLegacyNames(labels: Labels): boolean {
  for (let i = 0; i < labels.size; i++) if (!isLegacyLabelName(labels.nameAt(i))) return false;
  return true;
}

/**
 * Renders what stands before the number, `name{a="b",c="d"} `, for each line of a series. Labels stand in
 * the order of their names; the series' own win over common ones, and a line's own label over both.
 */
export class PrefixRenderer {
  readonly heads: readonly Head[];
  readonly #commonLabels: Labels;
  readonly #escaping: EscapingScheme;
  /** What opens the braces of each head, with the name in them where it is quoted. */
  readonly #openings: readonly string[];
  /** Label names as they stand before the value, since all series of a family share them. */
  readonly #names = new Map<string, string>();

  constructor(heads: readonly Head[], { format, escaping }: Layout, commonLabels: Labels) {
    this.heads = heads;
    this.#commonLabels = commonLabels;
    this.#escaping = effectiveEscaping(format, escaping);
    this.#openings = heads.map(({ name }) =>
      isLegacyMetricName(name) ? `${name}{` : `{${shownName(name)},`,
    );
  }

  /** Appends one prefix for each head, in latin1 form. */
  render(series: Labels, prefixes: string[]): void {
    const merged = this.#commonLabels.size === 0 ? series : this.#commonLabels.merge(series);
    const labels = this.#escape(merged);
    const pairs: string[] = [];
    for (let i = 0; i < labels.size; i++) {
      pairs.push(`${this.#name(labels.nameAt(i))}"${escapeQuoted(labels.valueAt(i))}"`);
    }
    const joined = pairs.join(",");
    this.heads.forEach((head, i) => {
      const inBraces = head.label === undefined ? joined : withLineLabel(labels, pairs, head);
      const opening = this.#openings[i] as string;
      // Without labels the braces fall away, or close behind the quoted name.
      const text =
        inBraces === ""
          ? `${opening.slice(0, -1)}${opening.startsWith("{") ? "}" : ""} `
          : `${opening}${inBraces}} `;
      prefixes.push(utf8AsLatin1(text));
    });
  }

  #escape(labels: Labels): Labels {
    for (let i = 0; i < labels.size; i++) {
      // Only names that stand as they are have been remembered.
      if (!this.#names.has(labels.nameAt(i))) return escapeLabels(labels, this.#escaping);
    }
    return labels;
  }

  #name(name: string): string {
    let shown = this.#names.get(name);
    if (shown === undefined) {
      shown = shownLabelName(name);
      this.#names.set(name, shown);
    }
    return shown;
  }
}

/** The pairs with that of a line put in its place. */
function withLineLabel(labels: Labels, pairs: readonly string[], head: Head): string {
  const { label = "", value = "" } = head;
  let at = 0;
  while (at < labels.size && compareUtf8(labels.nameAt(at), label) < 0) at++;
  const same = at < labels.size && labels.nameAt(at) === label;
  return pairs.toSpliced(at, same ? 1 : 0, pair(label, value)).join(",");
}
