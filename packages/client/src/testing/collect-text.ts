import { type ExpositionFormat, ExpositionWriter, layout } from "@linklight/exposition";
import type { LogFields, Logger } from "@linklight/model";
import type { Collector } from "../collector.ts";
import type { TableSource } from "../family/series-table.ts";
import { familiesFor } from "../registry/gathering.ts";
import { Registry } from "../registry/registry.ts";

/** Options of {@link collectText}. */
export interface CollectTextOptions {
  /** The format; text 0.0.4 by default. */
  readonly format?: Exclude<ExpositionFormat, "protobuf">;
  /** Allows plain families names beyond `[a-zA-Z0-9_:]`, as the option of a registry does. */
  readonly utf8Names?: boolean;
}

/** What a registry shows of itself, which no collector under test yields. */
const OWN_FAMILIES: ReadonlySet<string> = new Set([
  "linklight_collector_success",
  "linklight_collector_duration_seconds",
]);

/**
 * Runs a collector once, as a registry would, or reads an instrument, and gives what they show as text.
 * Rejects with the reason for which a registry would leave the families out: what the collector threw, a
 * series that stands twice, a bad name, families that contradict each other.
 */
export async function collectText(
  subject: Collector | TableSource,
  options: CollectTextOptions = {},
): Promise<string> {
  const { format = "text-0.0.4", utf8Names = false } = options;
  const failures = new FailureLog();
  const registry = new Registry({ logger: failures, utf8Names }).register(subject);
  const gathering = await registry.gather();
  if (failures.first !== undefined) throw failures.first;
  const families = familiesFor(gathering, format, false).filter(
    ({ name }) => !OWN_FAMILIES.has(name),
  );
  const writer = new ExpositionWriter(families, layout(format, "allow-utf-8"));
  const blocks: Uint8Array[] = [];
  for (let block = writer.next(); block !== undefined; block = writer.next()) blocks.push(block);
  return Buffer.concat(blocks).toString("utf8");
}

/** Keeps what a registry says of a collector that failed, since a registry itself never does. */
class FailureLog implements Logger {
  first: Error | undefined;

  error(message: string, fields: LogFields = {}): void {
    this.first ??= new Error(message, { cause: fields["err"] });
  }

  debug(): void {}
  info(): void {}
  warn(): void {}

  named(): Logger {
    return this;
  }
}
