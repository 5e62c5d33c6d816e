import type { Profile } from "../fabric/fabric.ts";
import { portRow } from "./port-row.ts";

/** The switches of an office floor: copper to the desks, light to the core. Sizes are own estimates, maker and names invented. */
export const CAMPUS_PROFILES: readonly Profile[] = [
  {
    name: "campus-48x1g-4x10g",
    vendor: "Linklight",
    model: "LK-3148T4",
    asic: "Glowworm 2",
    osVersion: "3.12.7",
    role: "leaf",
    bufferBytes: 8 * 2 ** 20,
    alpha: 2,
    burstBytes: 64 * 1024,
    fans: 2,
    psus: 2,
    idleWatts: 48,
    loadWatts: 26,
    memoryBytes: 4 * 2 ** 30,
    macCapacity: 32_768,
    routeCapacity: 8192,
    ports: [
      ...portRow({
        first: 1,
        count: 48,
        speed: 1e9,
        isUplink: false,
        formFactor: "RJ45",
        lanes: 0,
      }),
      ...portRow({
        first: 49,
        count: 4,
        speed: 10e9,
        isUplink: true,
        formFactor: "SFP+",
        lanes: 1,
      }),
    ],
  },
];
