import type { Collector } from "@linklight/client";
import type { Logger } from "@linklight/model";

/** How long a collector may take to close: what is left of the two seconds of a stop. */
const CLOSE_MS = 300;

/** What a collector may have besides, to give back what it holds: timers, connections. */
interface Closable {
  close?(): unknown;
  [Symbol.asyncDispose]?(): unknown;
  [Symbol.dispose]?(): unknown;
}

/**
 * Lets a collector that is no longer used give back what it holds, by `close()` or by the `using`
 * protocol of the language. Never rejects; what goes wrong is said in the log.
 */
export async function closeCollector(collector: Collector, logger: Logger): Promise<void> {
  const closable = collector as Collector & Closable;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      logger.warn(`collector ${collector.name} was not closed within ${CLOSE_MS} ms`);
      resolve();
    }, CLOSE_MS);
  });
  try {
    const closed = (async () => {
      if (closable.close) await closable.close();
      else if (closable[Symbol.asyncDispose]) await closable[Symbol.asyncDispose]?.();
      else closable[Symbol.dispose]?.();
    })();
    await Promise.race([closed, tooLate]);
  } catch (err) {
    logger.error(`collector ${collector.name} failed when it was closed`, { err });
  } finally {
    clearTimeout(timer);
  }
}
