import type { IncomingMessage, ServerResponse } from "node:http";
import { type Collector, type MetricsHandler, metricsHandler, Registry } from "@linklight/client";
import { assert, type Logger } from "@linklight/model";
import { CommandFailure } from "../failure.ts";
import { closeCollector } from "./close-collector.ts";
import type { Member } from "./member.ts";

/** The page that a certain set of collectors makes, for as long as somebody reads it. */
interface Page {
  readonly members: readonly Member[];
  readonly handler: MetricsHandler;
  readers: number;
  /** Collectors to close when the last reader has gone. */
  readonly retired: Collector[];
}

/**
 * The collectors of an endpoint, one of which can be replaced while it runs. A replacement makes a new
 * registry of all of them and then puts it in the place of the old: scrapes under way end as they
 * began, a set that does not fit together changes nothing, and the order of the page stays.
 */
export class CollectorSet {
  readonly #logger: Logger;
  #page: Page;

  /** Throws CommandFailure when the collectors cannot stand on one page. */
  constructor(members: readonly Member[], logger: Logger) {
    this.#logger = logger;
    this.#page = this.#makePage(members);
  }

  get members(): readonly Member[] {
    return this.#page.members;
  }

  /** Answers a scrape. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const page = this.#page;
    page.readers += 1;
    response.once("close", () => {
      page.readers -= 1;
      if (page.readers === 0) this.#retire(page);
    });
    page.handler(request, response);
  };

  /** Puts a member in the place of the one from the same source. Throws CommandFailure, and changes nothing, when the collectors would not fit together. */
  replace(member: Member): void {
    const old = this.#page;
    const replaced = old.members.find(({ source }) => source === member.source);
    assert(replaced !== undefined, `endpoint: no collector from ${member.source}`);
    this.#page = this.#makePage(old.members.map((each) => (each === replaced ? member : each)));
    old.retired.push(replaced.collector);
    if (old.readers === 0) this.#retire(old);
  }

  /** Closes all collectors that want it. */
  async close(): Promise<void> {
    await Promise.all(
      this.#page.members.map(({ collector }) => closeCollector(collector, this.#logger)),
    );
  }

  #retire(page: Page): void {
    for (const collector of page.retired.splice(0)) void closeCollector(collector, this.#logger);
  }

  #makePage(members: readonly Member[]): Page {
    const registry = new Registry({ logger: this.#logger });
    const sources = new Map<string, string>();
    for (const { source, collector } of members) {
      const other = sources.get(collector.name);
      if (other !== undefined) {
        throw new CommandFailure(
          other === source
            ? `--collector ${source} is given twice: give it once`
            : `two collectors are named "${collector.name}", ${other} and ${source}: give one of them another name`,
        );
      }
      sources.set(collector.name, source);
      register(registry, collector, source);
    }
    const handler = metricsHandler(registry, { logger: this.#logger });
    return { members, handler, readers: 0, retired: [] };
  }
}

function register(registry: Registry, collector: Collector, source: string): void {
  try {
    registry.register(collector);
  } catch (cause) {
    const { message } = cause as Error;
    throw new CommandFailure(
      `${source}: ${message}: rename one of them, or leave one collector out`,
      undefined,
      { cause },
    );
  }
}
