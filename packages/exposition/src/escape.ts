import { isLegacyLabelName, isLegacyMetricName } from "@linklight/model";
import type { EscapingScheme } from "./layout.ts";

/**
 * A name as it is shown under an escaping scheme, for readers that know `[a-zA-Z0-9_:]` only.
 *
 * | scheme | `switch.port_rx` | can be turned back |
 * |---|---|---|
 * | `allow-utf-8` | `switch.port_rx` | |
 * | `underscores` | `switch_port_rx` | no |
 * | `dots` | `switch_dot_port__rx` | where dots are the only other characters |
 * | `values` | `U__switch_2e_port__rx` | yes |
 *
 * Under `dots` every underscore is doubled, also in a name that needs no escaping otherwise.
 * Source: https://prometheus.io/docs/instrumenting/escaping_schemes/
 */
export function escapeName(name: string, scheme: EscapingScheme): string {
  return escapeWith(name, scheme, /^[a-zA-Z0-9_:]$/);
}

/** The metric name that stands in an exposition: escaped only where it needs to be, as Prometheus' library does it. */
export function escapeMetricName(name: string, scheme: EscapingScheme): string {
  return isLegacyMetricName(name) ? name : escapeName(name, scheme);
}

/** The label name that stands in an exposition. A colon, which only metric names may have, is escaped too. */
export function escapeLabelName(name: string, scheme: EscapingScheme): string {
  return isLegacyLabelName(name) ? name : escapeWith(name, scheme, /^[a-zA-Z0-9_]$/);
}

function escapeWith(name: string, scheme: EscapingScheme, legal: RegExp): string {
  if (scheme === "allow-utf-8" || name === "") return name;
  // Of a legal name, `values` makes nothing else: it is known by the missing mark in front.
  if (scheme === "values" && !/^[0-9]/.test(name) && [...name].every((c) => legal.test(c))) {
    return name;
  }
  let escaped = scheme === "values" ? "U__" : "";
  let first = true;
  for (const character of name) {
    const fits = legal.test(character) && !(first && /[0-9]/.test(character));
    first = false;
    if (scheme === "underscores") escaped += fits ? character : "_";
    else if (character === "_") escaped += "__";
    else if (fits) escaped += character;
    else if (scheme === "values") escaped += `_${codePoint(character)}_`;
    else escaped += character === "." ? "_dot_" : "__";
  }
  return escaped;
}

/** In hexadecimal; a surrogate that stands alone, which UTF-8 cannot hold, becomes the replacement character. */
function codePoint(character: string): string {
  const code = character.codePointAt(0) as number;
  return code >= 0xd800 && code <= 0xdfff ? "FFFD" : code.toString(16);
}

/** Turns {@link escapeName} back where the scheme allows it; a text that no name escapes to stays as it is. */
export function unescapeName(name: string, scheme: EscapingScheme): string {
  if (scheme === "dots") return name.replaceAll(/__|_dot_/g, (m) => (m === "__" ? "_" : "."));
  if (scheme !== "values" || !name.startsWith("U__")) return name;
  const rest = name.slice("U__".length);
  let valid = true;
  const unescaped = rest.replaceAll(/_(?:(_)|([0-9a-fA-F]{1,6})_)?/g, (_, underscore, hex) => {
    if (underscore !== undefined) return "_";
    const code = hex === undefined ? Number.NaN : Number.parseInt(hex, 16);
    if (!(code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) {
      valid = false;
      return "";
    }
    return String.fromCodePoint(code);
  });
  return valid ? unescaped : name;
}

const QUOTED = /[\\\n"]/g;
const UNQUOTED = /[\\\n]/g;

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", '"': '\\"' };

/** A label value, or a name in quotes: backslash, line feed and quote are escaped. The quotes around it are not added. */
export function escapeQuoted(value: string): string {
  // Nearly no value has anything to escape, and a test is cheaper than a replacement.
  return value.search(QUOTED) < 0 ? value : value.replaceAll(QUOTED, (c) => ESCAPES[c] as string);
}

/** A HELP text in the text formats, where quotes stay as they are. OpenMetrics escapes them: {@link escapeQuoted}. */
export function escapeHelp(help: string): string {
  return help.replaceAll(UNQUOTED, (c) => ESCAPES[c] as string);
}
