import { Stats } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ComposeService } from "./compose-file.ts";
import { containerUser, mayRead } from "./container-access.ts";

const DIRECTORY = 0o040_000;
const FILE = 0o100_000;

function statsOf(mode: number, uid: number, gid: number): Stats {
  const stats = Object.create(Stats.prototype) as Stats;
  return Object.assign(stats, { mode, uid, gid });
}

describe("mayRead", () => {
  const user = { uid: 472, gid: 0 };
  it.each([
    ["others' file that all may read", FILE | 0o644, 1000, 1000, true],
    ["others' file that only they may read", FILE | 0o640, 1000, 1000, false],
    ["own file", FILE | 0o600, 472, 1000, true],
    ["own file that only others may read", FILE | 0o044, 472, 1000, false],
    ["file of the own group", FILE | 0o640, 1000, 0, true],
    ["file that only others than the own group may read", FILE | 0o604, 1000, 0, false],
    ["folder that all may list and enter", DIRECTORY | 0o755, 1000, 1000, true],
    ["folder that can be entered and not listed", DIRECTORY | 0o711, 1000, 1000, false],
    ["folder that can be listed and not entered", DIRECTORY | 0o744, 1000, 1000, false],
  ])("judges the %s", (_, mode, uid, gid, expected) => {
    expect(mayRead(statsOf(mode, uid, gid), user)).toBe(expected);
  });
});

describe("containerUser", () => {
  const serviceOf = (image: string, user?: string): ComposeService => ({
    ...{ name: "a", image, user, ports: [], mounts: [], namedVolumes: [] },
    ...{ envFiles: [], environment: {}, secrets: [] },
  });
  it.each([
    ["prom/prometheus:v3.5.3", undefined, { uid: 65_534, gid: 65_534 }],
    ["registry.example/grafana/grafana", undefined, { uid: 472, gid: 0 }],
    ["linklight:0.1.0", undefined, { uid: 1000, gid: 1000 }],
    ["something/else", undefined, undefined],
    ["grafana/grafana", "1001:7", { uid: 1001, gid: 7 }],
    ["grafana/grafana", "1001", { uid: 1001, gid: 0 }],
    ["grafana/grafana", "me", undefined],
  ])("of %s with the user %s", (image, user, expected) => {
    expect(containerUser(serviceOf(image, user))).toEqual(expected);
  });
});
