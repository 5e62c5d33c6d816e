import type { EntryParser, ExpositionFormat } from "./entry-parser.ts";
import { OpenMetricsParser } from "./parse/openmetrics-parse.ts";
import { ProtobufParser } from "./parse/protobuf-parse.ts";
import { TextParser } from "./parse/text-parse.ts";

/** Opens the parser of a format over an exposition. The bytes must not change while it is read. */
export function openParser(format: ExpositionFormat, bytes: Uint8Array): EntryParser {
  switch (format) {
    case "text-0.0.4":
    case "text-1.0.0":
      return new TextParser(bytes);
    case "openmetrics-1.0.0":
      return new OpenMetricsParser(bytes);
    case "protobuf":
      return new ProtobufParser(bytes);
  }
}

/**
 * The format that a Content-Type names, as Prometheus 3 decides it: by the media type alone (the version only
 * tells text 1.0.0 from 0.0.4, which are read alike). Undefined for everything else, where Prometheus takes the
 * fallback that its configuration names, or fails the scrape.
 */
export function expositionFormatOf(contentType: string | undefined): ExpositionFormat | undefined {
  const [mediaType = "", ...parameters] = (contentType ?? "")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  switch (mediaType) {
    case "text/plain":
      return parameters.some((parameter) => /^version="?1\.0\.0"?$/.test(parameter))
        ? "text-1.0.0"
        : "text-0.0.4";
    case "application/openmetrics-text":
      return "openmetrics-1.0.0";
    case "application/vnd.google.protobuf":
      return "protobuf";
    default:
      return undefined;
  }
}
