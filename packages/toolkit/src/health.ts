import { type RequestHandler, sendText } from "./router.ts";

/** What {@link healthHandlers} can be told. */
export interface HealthOptions {
  /** Who answers, as in "Prometheus Server is Healthy."; `linklight` by default. */
  readonly name?: string;
  /** Whether requests can be served now; always by default. */
  readonly isReady?: () => boolean;
}

/**
 * The handlers of `/-/healthy` (200 as long as the process answers at all) and `/-/ready` (200 when
 * it can serve, else 503), with the words of Prometheus.
 */
export function healthHandlers(options: HealthOptions = {}): {
  readonly healthy: RequestHandler;
  readonly ready: RequestHandler;
} {
  const { name = "linklight", isReady = () => true } = options;
  return {
    healthy: (_request, response) => sendText(response, 200, `${name} is Healthy.\n`),
    ready: (_request, response) => {
      if (isReady()) sendText(response, 200, `${name} is Ready.\n`);
      else sendText(response, 503, "Service Unavailable\n");
    },
  };
}
