import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Switch } from "@linklight/simulator";
import { landingPageHandler, type RequestHandler } from "@linklight/toolkit";
import { wantsHtml } from "../endpoint/wants-html.ts";
import { switchPath } from "./switch-pages.ts";

/** A target group of Prometheus' HTTP service discovery. */
interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Lists the switches of a simulation: as a page for browsers, as JSON for everybody else. */
export function switchIndexHandler(switches: readonly Switch[]): RequestHandler {
  const paths = switches.map((node) => (switches.length === 1 ? "/metrics" : switchPath(node)));
  const page = landingPageHandler({
    name: "Switches",
    description: `${switches.length === 1 ? "1 simulated switch" : `${switches.length} simulated switches`}, each with the metrics that Prometheus reads.`,
    links: switches.map(({ name, profile }, i) => ({
      address: paths[i] as string,
      text: name,
      description: `${profile.role}, ${profile.model}, ${profile.ports.length} ports`,
    })),
  });
  const list = switches.map(({ name, profile }, i) => ({
    name,
    profile: profile.name,
    role: profile.role,
    path: paths[i],
  }));
  return (request, response) => {
    response.setHeader("Vary", "Accept");
    if (wantsHtml(request)) return page(request, response);
    sendJson(response, list);
  };
}

/**
 * Prometheus' HTTP service discovery: a target for each switch that has a page of its own, and so none when
 * the only switch is on /metrics. Addresses are as the request names this endpoint, so that whoever finds
 * it finds its targets.
 */
export function discoveryHandler(switches: readonly Switch[]): RequestHandler {
  return (request, response) => {
    const address = request.headers.host ?? localAddress(request);
    const isTls = (request.socket as Partial<TLSSocket>).encrypted === true;
    const groups = (switches.length < 2 ? [] : switches).map(
      (node): TargetGroup => ({
        targets: [address],
        labels: {
          __metrics_path__: switchPath(node),
          ...(isTls && { __scheme__: "https" }),
          // Both, as in a history of several: series of either go on in the other.
          instance: node.name,
          switch: node.name,
        },
      }),
    );
    sendJson(response, groups);
  };
}

// Only HTTP/1.0 comes without a Host.
function localAddress({ socket }: IncomingMessage): string {
  const { localAddress: host = "localhost", localPort: port = 0 } = socket;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function sendJson(response: ServerResponse, value: unknown): void {
  const body = `${JSON.stringify(value)}\n`;
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(body);
}
