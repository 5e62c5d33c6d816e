import { alertmanagerCheck, alertmanagersCheck } from "../doctor-checks/alertmanagers.ts";
import { clockCheck } from "../doctor-checks/clock.ts";
import { composeCheck } from "../doctor-checks/compose.ts";
import { dockerCheck } from "../doctor-checks/docker.ts";
import { grafanaCheck } from "../doctor-checks/grafana.ts";
import { metricsPageCheck } from "../doctor-checks/metrics-page.ts";
import { nodeCheck } from "../doctor-checks/node.ts";
import { configurationCheck, storageCheck } from "../doctor-checks/prometheus.ts";
import { rulesCheck } from "../doctor-checks/rules.ts";
import { pipelineCheck, serviceCheck } from "../doctor-checks/services.ts";
import { switchesCheck } from "../doctor-checks/switches.ts";
import { targetsCheck } from "../doctor-checks/targets.ts";
import type { Check } from "./check.ts";
import { SERVICES } from "./check.ts";

/** All checks, in the order in which their findings are shown: along the pipeline, then what it stands on. */
export const CHECKS: readonly Check[] = [
  pipelineCheck,
  ...SERVICES.map(serviceCheck),
  metricsPageCheck,
  switchesCheck,
  targetsCheck,
  rulesCheck,
  alertmanagersCheck,
  alertmanagerCheck,
  configurationCheck,
  storageCheck,
  grafanaCheck,
  clockCheck,
  composeCheck,
  dockerCheck,
  nodeCheck,
];
