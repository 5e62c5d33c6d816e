import type { ExpositionFormat } from "./entry-parser.ts";
import type { EscapingScheme } from "./layout.ts";

/** A format and the escaping of names in it: what an Accept header asks for, and a Content-Type states. */
export interface Negotiated {
  readonly format: ExpositionFormat;
  readonly escaping: EscapingScheme;
}

const FALLBACK: Negotiated = { format: "text-0.0.4", escaping: "underscores" };

// Prometheus sends five clauses; whoever sends hundreds gets an answer to the first of them.
const MAX_CLAUSES = 64;

interface Clause {
  /** The media type or content coding, in lower case. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** From 0, "not at all", to 1. */
  readonly q: number;
}

/**
 * What to answer to an Accept header: of the formats this package writes, the one with the highest q,
 * the first of equals. Anything else, wildcards and no header get text 0.0.4. Never throws.
 *
 * It chooses as Prometheus' library does (expfmt.NegotiateIncludingOpenMetrics), with two differences: a
 * clause's `escaping` counts for this clause alone, and OpenMetrics 0.0.1, which has the same lines, is
 * answered as the 1.0.0 it is. A format whose version we do not write is passed over.
 */
export function negotiate(accept: string | undefined): Negotiated {
  let best: Negotiated | undefined;
  let bestQ = 0;
  for (const clause of clauses(accept)) {
    if (clause.q <= bestQ) continue;
    const format = formatOf(clause);
    if (format === undefined) continue;
    best = { format, escaping: effectiveEscaping(format, escapingOf(clause)) };
    bestQ = clause.q;
  }
  return best ?? FALLBACK;
}

function formatOf({ name, parameters }: Clause): ExpositionFormat | undefined {
  const version = parameters.get("version") ?? "";
  switch (name) {
    case "text/plain":
      if (version === "" || version === "0.0.4") return "text-0.0.4";
      return version === "1.0.0" ? "text-1.0.0" : undefined;
    case "application/openmetrics-text":
      return ["", "0.0.1", "1.0.0"].includes(version) ? "openmetrics-1.0.0" : undefined;
    case "application/vnd.google.protobuf":
      return parameters.get("proto") === "io.prometheus.client.MetricFamily" &&
        parameters.get("encoding") === "delimited"
        ? "protobuf"
        : undefined;
    default:
      return undefined;
  }
}

function escapingOf({ parameters }: Clause): EscapingScheme {
  const asked = parameters.get("escaping");
  switch (asked) {
    case "allow-utf-8":
    case "dots":
    case "values":
      return asked;
    default:
      return "underscores";
  }
}

/** The escaping that a format really has: text 0.0.4 has no syntax for other names, so `allow-utf-8` is `underscores` there. */
export function effectiveEscaping(
  format: ExpositionFormat,
  escaping: EscapingScheme,
): EscapingScheme {
  return format === "text-0.0.4" && escaping === "allow-utf-8" ? "underscores" : escaping;
}

const MEDIA_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  "text-0.0.4": "text/plain; version=0.0.4; charset=utf-8",
  "text-1.0.0": "text/plain; version=1.0.0; charset=utf-8",
  "openmetrics-1.0.0": "application/openmetrics-text; version=1.0.0; charset=utf-8",
  protobuf:
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
};

/** The Content-Type of an exposition: media type, version, charset and escaping, as Prometheus' library states them. */
export function contentType({ format, escaping }: Negotiated): string {
  return `${MEDIA_TYPES[format]}; escaping=${effectiveEscaping(format, escaping)}`;
}

/**
 * Whether an Accept-Encoding header lets the answer be gzip'd: it names gzip, or `*` without naming
 * gzip, with a q above zero and not below that of `identity`. Never throws.
 */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  let gzip: number | undefined;
  let any = 0;
  let identity = 0;
  for (const { name, q } of clauses(acceptEncoding)) {
    if (name === "gzip" || name === "x-gzip") gzip = Math.max(gzip ?? 0, q);
    else if (name === "*") any = q;
    else if (name === "identity") identity = q;
  }
  const q = gzip ?? any;
  return q > 0 && q >= identity;
}

/** The clauses of a header such as `a;q=0.5, b;version="1"`, in their order; what is malformed is passed over. */
function clauses(header: string | undefined): Clause[] {
  if (header === undefined || header === "") return [];
  return header.split(",", MAX_CLAUSES).flatMap((text) => clause(text) ?? []);
}

function clause(text: string): Clause | undefined {
  const [name = "", ...rest] = text.split(";", MAX_CLAUSES);
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf("=");
    if (equals < 0) continue;
    const value = parameter.slice(equals + 1).trim();
    parameters.set(parameter.slice(0, equals).trim().toLowerCase(), unquote(value));
  }
  const q = parameters.get("q");
  if (q !== undefined && !/^(0(\.\d*)?|1(\.0*)?)$/.test(q)) return undefined;
  return { name: name.trim().toLowerCase(), parameters, q: q === undefined ? 1 : Number(q) };
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}
