import type { FamilyTable } from "@linklight/exposition";
import type { Logger } from "@linklight/model";
import type { Collector } from "../collector.ts";
import { GaugeFamily } from "../family/number-family.ts";
import type { CollectorOutcome } from "./run-collector.ts";

/** Keeps how the last collection of each collector went, shows it as metrics and says changes in the log. */
export class CollectorHealth {
  readonly #success = new GaugeFamily({
    name: "linklight_collector_success",
    help: "Whether the last collection of a collector succeeded",
    labelNames: ["collector"],
  });
  readonly #duration = new GaugeFamily({
    name: "linklight_collector_duration_seconds",
    help: "How long the last collection of a collector took",
    labelNames: ["collector"],
  });
  readonly #logger: Logger | undefined;
  /** The problem of each collector that is failing, so that the log says it once and not at every scrape. */
  readonly #failing = new Map<Collector, string>();

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  note(collector: Collector, { error, seconds }: CollectorOutcome): void {
    this.#success.series({ collector: collector.name }).set(error ? 0 : 1);
    this.#duration.series({ collector: collector.name }).set(seconds);
    const before = this.#failing.get(collector);
    if (error === undefined) {
      if (this.#failing.delete(collector))
        this.#logger?.info(`collector ${collector.name} works again`);
    } else if (before !== error.message) {
      this.#failing.set(collector, error.message);
      this.#logger?.error(
        `collector ${collector.name} failed, its families are left out: ${error.message}`,
        { err: error },
      );
    }
  }

  /** Forgets a collector that was unregistered. */
  forget(collector: Collector): void {
    this.#failing.delete(collector);
    this.#success.remove({ collector: collector.name });
    this.#duration.remove({ collector: collector.name });
  }

  tables(): FamilyTable[] {
    return [this.#success.table(), this.#duration.table()];
  }
}
