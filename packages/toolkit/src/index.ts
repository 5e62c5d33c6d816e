/**
 * What exporter-toolkit is to Prometheus' exporters: listening, web.yml, request limits, landing
 * page, orderly shutdown; the logger; YAML decoded with file:line:col.
 * @module
 */

// Health and landing page.
export type { HealthOptions } from "./health.ts";
export { healthHandlers } from "./health.ts";
export type { LandingLink, LandingPageOptions } from "./landing-page.ts";
export {
  escapeHtml,
  LANDING_PAGE_CSP,
  landingPage,
  landingPageHandler,
} from "./landing-page.ts";
// Listening.
export type { ServerLimits } from "./limits.ts";
export { applyLimits, DEFAULT_LIMITS, serverOptions } from "./limits.ts";
export type { ListeningServer, ListenOptions } from "./listen.ts";
export { listen } from "./listen.ts";
export type { ListenAddress } from "./listen-address.ts";
export { formatListenAddress, parseListenAddress, parsePort } from "./listen-address.ts";
export type { AddressFlags } from "./listen-error.ts";
export { ListenError } from "./listen-error.ts";
// Logging.
export type { LogFormat, LogRecord } from "./log/log-line.ts";
export { formatLogLine, LOG_FORMATS } from "./log/log-line.ts";
export type { LogDestination, LoggerOptions } from "./log/logger.ts";
export { createLogger, LOG_LEVELS, silentLogger } from "./log/logger.ts";
export type { ThrottledLog } from "./log/throttle.ts";
export { throttleLog } from "./log/throttle.ts";
// Routing.
export type { RequestHandler, Route } from "./router.ts";
export { createRouter, requestPath, sendText } from "./router.ts";
// Shutdown.
export type { ShutdownOptions, SignalSource } from "./shutdown.ts";
export { onShutdown } from "./shutdown.ts";
// web.yml.
export type { RateLimit, WebConfig } from "./web-config/load.ts";
export { checkWebConfig, loadWebConfig, WebConfigError } from "./web-config/load.ts";
export type { TlsServerConfig } from "./web-config/tls-config.ts";
export type { ClientAuthType } from "./web-config/tls-names.ts";
// YAML.
export { closest } from "./yaml/closest.ts";
export type { YamlPath } from "./yaml/schema-walk.ts";
export { secretString } from "./yaml/schema-walk.ts";
export type { YamlProblem } from "./yaml/yaml-error.ts";
export { formatYamlProblem, YamlError } from "./yaml/yaml-error.ts";
export { decodeYaml, YamlSource } from "./yaml/yaml-source.ts";
