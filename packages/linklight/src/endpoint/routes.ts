import type { IncomingMessage } from "node:http";
import {
  createRouter,
  healthHandlers,
  landingPageHandler,
  type RequestHandler,
} from "@linklight/toolkit";
import { discoveryHandler, switchIndexHandler } from "../switches/switch-index.ts";
import type { SwitchPages } from "../switches/switch-pages.ts";
import { readVersion } from "../version.ts";
import { wantsHtml } from "./wants-html.ts";

/** What an endpoint answers with besides the metrics. */
export interface EndpointParts {
  readonly isReady: () => boolean;
  /** The switches of a simulation, if there is one. */
  readonly switches?: SwitchPages | undefined;
  /** What answers for the incidents of the simulation. */
  readonly incidents?: RequestPart | undefined;
}

/** Answers requests of several paths. */
export interface RequestPart {
  isFor(request: IncomingMessage): boolean;
  readonly handle: RequestHandler;
}

/**
 * Everything that the endpoint answers. `/` is a page for people and the metrics for everybody else, so
 * that `curl http://localhost:8000` and a scraper with the path `/` work, as they did with the original.
 */
export function endpointHandler(
  metrics: RequestHandler,
  { isReady, switches, incidents }: EndpointParts,
): RequestHandler {
  const nodes = switches?.nodes ?? [];
  const { healthy, ready } = healthHandlers({ name: "linklight", isReady });
  const landing = landingPageHandler({
    name: "linklight",
    description: "A network switch's telemetry, for Prometheus to scrape.",
    version: readVersion(),
    links: [
      { address: "/metrics", text: "Metrics", description: "what Prometheus reads" },
      ...(nodes.length < 2 ? [] : SWITCH_LINKS),
      { address: "/-/healthy", text: "Healthy", description: "whether the process answers" },
      { address: "/-/ready", text: "Ready", description: "whether it can serve" },
    ],
  });
  const router = createRouter([
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
    { path: "/sd", handle: discoveryHandler(nodes) },
    ...(switches ? [{ path: "/switches", handle: switchIndexHandler(nodes) }] : []),
  ]);
  return (request, response) => {
    if (incidents?.isFor(request)) return incidents.handle(request, response);
    if (switches?.answer(request, response) !== true) return router(request, response);
  };
}

const SWITCH_LINKS = [
  { address: "/switches", text: "Switches", description: "the metrics of each simulated switch" },
  { address: "/sd", text: "Service discovery", description: "where Prometheus finds them" },
];
