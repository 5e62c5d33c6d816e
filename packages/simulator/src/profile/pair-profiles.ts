import type { Profile } from "../fabric/fabric.ts";
import { portRow } from "./port-row.ts";

/** The two ports of the sample collector, 100G and 50G, as a switch: small enough to follow every byte. */
export const PAIR_PROFILES: readonly Profile[] = [
  {
    name: "pair",
    vendor: "Linklight",
    model: "LK-1002",
    asic: "Glowworm 1",
    osVersion: "3.12.7",
    role: "leaf",
    bufferBytes: 16 * 2 ** 20,
    alpha: 1,
    burstBytes: 64 * 1024,
    fans: 2,
    psus: 2,
    idleWatts: 32,
    loadWatts: 14,
    memoryBytes: 2 * 2 ** 30,
    macCapacity: 16_384,
    routeCapacity: 4096,
    ports: [
      ...portRow({
        first: 1,
        count: 1,
        speed: 100e9,
        isUplink: true,
        formFactor: "QSFP28",
        lanes: 4,
      }),
      ...portRow({
        first: 2,
        count: 1,
        speed: 50e9,
        isUplink: false,
        formFactor: "SFP56",
        lanes: 1,
      }),
    ],
  },
];
