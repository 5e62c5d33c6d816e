import type { Profile } from "../fabric/fabric.ts";
import { portRow } from "./port-row.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/**
 * The switches of a data centre: a leaf at the top of a rack, and a spine that joins leaves. Buffers are those
 * of merchant silicon of their generation: 32 MB of a Trident3 X7
 * (https://people.ucsc.edu/~warner/Bufs/trident3.html), 42 MB of a Tomahawk2
 * (https://port-buffers.forwardingplane.net/concepts/broadcom-tomahawk2/). α, bursts, tables and watts are own estimates; maker and names are
 * invented.
 */
export const DATA_CENTER_PROFILES: readonly Profile[] = [
  {
    name: "leaf-48x25g-8x100g",
    vendor: "Linklight",
    model: "LK-7048Y8",
    asic: "Firefly 3",
    osVersion: "4.28.3",
    role: "leaf",
    bufferBytes: 32 * MIB,
    alpha: 1,
    burstBytes: 256 * 1024,
    fans: 6,
    psus: 2,
    idleWatts: 165,
    loadWatts: 135,
    memoryBytes: 8 * GIB,
    macCapacity: 131_072,
    routeCapacity: 131_072,
    ports: [
      ...portRow({
        first: 1,
        count: 48,
        speed: 25e9,
        isUplink: false,
        formFactor: "SFP28",
        lanes: 1,
      }),
      ...portRow({
        first: 49,
        count: 8,
        speed: 100e9,
        isUplink: true,
        formFactor: "QSFP28",
        lanes: 4,
      }),
    ],
  },
  {
    name: "spine-32x100g",
    vendor: "Linklight",
    model: "LK-7132C",
    asic: "Firefly 3X",
    osVersion: "4.28.3",
    role: "spine",
    bufferBytes: 42 * MIB,
    alpha: 1,
    burstBytes: 256 * 1024,
    fans: 6,
    psus: 2,
    idleWatts: 190,
    loadWatts: 230,
    memoryBytes: 16 * GIB,
    macCapacity: 131_072,
    routeCapacity: 262_144,
    ports: portRow({
      first: 1,
      count: 32,
      speed: 100e9,
      isUplink: true,
      formFactor: "QSFP28",
      lanes: 4,
    }),
  },
];
