import type { IncomingMessage, ServerResponse } from "node:http";
import {
  acceptsGzip,
  contentType,
  ExpositionWriter,
  type Layout,
  layout,
  negotiate,
} from "@linklight/exposition";
import type { Logger } from "@linklight/model";
import { familiesFor } from "../registry/gathering.ts";
import { mergePages } from "../registry/merge.ts";
import type { Registry } from "../registry/registry.ts";
import { scrapeDeadline } from "./scrape-deadline.ts";
import { send } from "./send.ts";

/** How a page of metrics is served. */
export interface HandlerOptions {
  /** How many scrapes may be under way; a further one is answered 503. 40 by default, as in Prometheus' exporters. */
  readonly maxRequestsInFlight?: number;
  /** How long before the scraper's own time-out the answer must be complete, in milliseconds; 500 by default. */
  readonly timeoutOffsetMs?: number;
  /** A reader that takes nothing for so long, in milliseconds, is cut off; 30,000 by default. */
  readonly stalledReaderMs?: number;
  /** Whether pages are compressed for scrapers that accept gzip; true by default. */
  readonly compression?: boolean;
  /** Shows when each counter, histogram and summary of the program began as `…_created` series in OpenMetrics; false by default, since each is one more series. Protobuf always says it. */
  readonly createdSeries?: boolean;
  readonly logger?: Logger;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** A plain request listener of `node:http`, which fits any framework. */
export type MetricsHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves one registry, or several as one page, in the format that the scraper asks for.
 *
 * GET collects and streams; HEAD answers the headers and collects nothing; `?name[]=` chooses families.
 */
export function metricsHandler(
  registry: Registry | readonly Registry[],
  options: HandlerOptions = {},
): MetricsHandler {
  const registries = Array.isArray(registry)
    ? (registry as readonly Registry[])
    : [registry as Registry];
  const { maxRequestsInFlight = 40, compression = true, logger } = options;
  const report = onceEach((problem) => logger?.error(problem));
  let inFlight = 0;

  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      refuse(response, 405, `${request.method} is not possible here: use GET\n`, {
        Allow: "GET, HEAD",
      });
      return;
    }
    const { format, escaping } = negotiate(request.headers.accept);
    const chosen = layout(format, escaping);
    response.setHeader("Content-Type", contentType(chosen));
    const gzip = compression && acceptsGzip(headerText(request.headers["accept-encoding"]));
    response.appendHeader("Vary", compression ? "Accept, Accept-Encoding" : "Accept");
    if (gzip) response.setHeader("Content-Encoding", "gzip");
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    if (inFlight >= maxRequestsInFlight) {
      response.removeHeader("Content-Encoding");
      refuse(
        response,
        503,
        `${inFlight} scrapes are under way, which is the limit: try again later\n`,
        { "Retry-After": "1" },
      );
      return;
    }
    inFlight += 1;
    serve(registries, request, response, { ...options, chosen, gzip, report })
      .catch((error: unknown) => {
        logger?.error("a scrape could not be answered", { err: error });
        if (!response.headersSent) {
          response.removeHeader("Content-Encoding");
          refuse(response, 500, "the metrics could not be collected: see the log\n");
        } else {
          response.destroy();
        }
      })
      .finally(() => {
        inFlight -= 1;
      });
  };
}

interface Serving extends HandlerOptions {
  readonly chosen: Layout;
  readonly gzip: boolean;
  readonly report: (problem: string) => void;
}

async function serve(
  registries: readonly Registry[],
  request: IncomingMessage,
  response: ServerResponse,
  options: Serving,
): Promise<void> {
  const { chosen, gzip } = options;
  const names = namesOf(request.url);
  const deadline = scrapeDeadline(request.headers["x-prometheus-scrape-timeout-seconds"], options);
  const gatherings = await Promise.all(
    registries.map((registry) => registry.gather({ deadline, ...(names && { names }) })),
  );
  const pages = gatherings.map((gathering) =>
    familiesFor(gathering, chosen.format, options.createdSeries ?? false),
  );
  const page = mergePages(pages, options.report);
  const writer = new ExpositionWriter(page, chosen);
  await send(response, writer, { gzip, stalledReaderMs: options.stalledReaderMs ?? 30_000 });
}

/** Problems that last would be told at every scrape: each is told once, up to a hundred of them. */
function onceEach(tell: (problem: string) => void): (problem: string) => void {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem) || told.size === 100) return;
    told.add(problem);
    tell(problem);
  };
}

/** The names in `?name[]=`, none of which means all. */
function namesOf(url: string | undefined): readonly string[] | undefined {
  const query = url?.indexOf("?") ?? -1;
  if (url === undefined || query < 0) return undefined;
  const names = new URLSearchParams(url.slice(query)).getAll("name[]");
  return names.length === 0 ? undefined : names;
}

function headerText(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "object" ? header.join(",") : header;
}

function refuse(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}
