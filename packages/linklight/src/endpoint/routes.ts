import type { IncomingMessage } from "node:http";
import {
  createRouter,
  healthHandlers,
  landingPageHandler,
  type RequestHandler,
} from "@linklight/toolkit";
import { readVersion } from "../version.ts";

/**
 * Everything that the endpoint answers. `/` is a page for people and the metrics for everybody else, so
 * that `curl http://localhost:8000` and a scraper with the path `/` work, as they did with the original.
 */
export function endpointHandler(
  metrics: RequestHandler,
  { isReady }: { readonly isReady: () => boolean },
): RequestHandler {
  const { healthy, ready } = healthHandlers({ name: "linklight", isReady });
  const landing = landingPageHandler({
    name: "linklight",
    description: "A network switch's telemetry, for Prometheus to scrape.",
    version: readVersion(),
    links: [
      { address: "/metrics", text: "Metrics", description: "what Prometheus reads" },
      { address: "/-/healthy", text: "Healthy", description: "whether the process answers" },
      { address: "/-/ready", text: "Ready", description: "whether it can serve" },
    ],
  });
  return createRouter([
    { path: "/metrics", handle: metrics },
    {
      path: "/",
      handle(request, response) {
        if (!wantsHtml(request)) return metrics(request, response);
        response.setHeader("Vary", "Accept");
        return landing(request, response);
      },
    },
    { path: "/-/healthy", handle: healthy },
    { path: "/-/ready", handle: ready },
  ]);
}

/** Whether a browser asks: no scraper and no command-line tool names HTML among what it takes. */
function wantsHtml({ headers }: IncomingMessage): boolean {
  return /\btext\/html\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(headers.accept ?? "");
}
