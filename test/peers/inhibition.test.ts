import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunningAlertmanager, startAlertmanager } from "../harness/alertmanager.ts";
import { fetchJson } from "../harness/fetch-json.ts";
import { findPeer } from "../harness/peer.ts";
import { undoAfterAll } from "../harness/undo.ts";
import { until } from "../harness/until.ts";

const CONFIG = fileURLToPath(
  new URL("../../deploy/alertmanager/alertmanager.yml", import.meta.url),
);

type Labels = Readonly<Record<string, string>>;

const alert = (alertname: string, severity: string, about: Labels): Labels => ({
  alertname,
  severity,
  ...about,
});

const ALERTS: readonly Labels[] = [
  alert("SwitchDown", "critical", { instance: "spine1" }),
  alert("UplinkDown", "critical", { instance: "spine1", port: "Ethernet1/1" }),
  alert("TargetDown", "warning", { instance: "alertmanager:9093" }),

  alert("UplinkDown", "critical", { instance: "leaf1", port: "Ethernet1/49" }),
  alert("LinkFlapping", "warning", { instance: "leaf1", port: "Ethernet1/49" }),
  alert("ReceiveErrors", "warning", { instance: "leaf1", port: "Ethernet1/49" }),
  alert("ReceiveErrors", "warning", { instance: "leaf1", port: "Ethernet1/50" }),

  alert("ReceivedLightTooLow", "critical", { instance: "leaf2", port: "Ethernet1/49" }),
  alert("ReceivedLightLow", "warning", { instance: "leaf2", port: "Ethernet1/49" }),
  alert("ReceivedLightLow", "warning", { instance: "leaf2", port: "Ethernet1/50" }),

  alert("TemperatureCritical", "critical", { instance: "leaf3", sensor: "cpu" }),
  alert("TemperatureHigh", "warning", { instance: "leaf3", sensor: "cpu" }),
  alert("TemperatureHigh", "warning", { instance: "leaf3", sensor: "inlet" }),
];

// What is told, and what is only its echo.
describe.skipIf(findPeer("alertmanager") === undefined)("the stack's Alertmanager", () => {
  const undo = undoAfterAll();
  let alertmanager: RunningAlertmanager;

  beforeAll(async () => {
    alertmanager = await startAlertmanager(CONFIG);
    undo(alertmanager.stop);
    const answer = await fetch(`http://${alertmanager.address}/api/v2/alerts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(ALERTS.map((labels) => ({ labels }))),
      signal: AbortSignal.timeout(10_000),
    });
    expect(answer.status).toBe(200);
  });

  const shown = async (filter: string): Promise<string[]> => {
    const url = `http://${alertmanager.address}/api/v2/alerts?${filter}`;
    const alerts = await fetchJson<{ labels: Labels }[]>(url);
    return alerts.map(({ labels }) => textOf(labels)).sort();
  };

  it("keeps to itself what a louder alert about the same thing says already", async () => {
    const quiet = [
      "UplinkDown spine1 Ethernet1/1",
      "ReceiveErrors leaf1 Ethernet1/49",
      "ReceivedLightLow leaf2 Ethernet1/49",
      "TemperatureHigh leaf3 cpu",
    ];
    const told = ALERTS.map(textOf).filter((text) => !quiet.includes(text));
    const found = await until("all alerts to be judged", async () => {
      const [all, loud] = await Promise.all([shown(""), shown("inhibited=false")]);
      return all.length === ALERTS.length && loud.length === told.length ? loud : undefined;
    });
    expect(found).toEqual(told.sort());
  });
});

const textOf = ({ alertname, instance, port, sensor }: Labels): string =>
  [alertname, instance, port ?? sensor].filter((part) => part !== undefined).join(" ");
