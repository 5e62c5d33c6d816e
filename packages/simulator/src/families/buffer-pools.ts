import type { Switch } from "../fabric/fabric.ts";
import type { PortReading } from "../port/port-reading.ts";

/** A part of the packet memory of a switch, and the ports whose queues share it. */
export interface BufferPool {
  readonly name: "access" | "uplink" | "shared";
  readonly bytes: number;
  /** Indexes of the ports. */
  readonly ports: readonly number[];
}

/** The pools of a switch: uplinks and the others have half each; where all ports are alike, they share all of it. */
export function poolsOf({ ports, profile }: Switch): BufferPool[] {
  const split = (isUplink: boolean): number[] =>
    ports.filter((port) => port.profile.isUplink === isUplink).map(({ index }) => index);
  const [uplink, access] = [split(true), split(false)];
  if (uplink.length === 0 || access.length === 0) {
    return [{ name: "shared", bytes: profile.bufferBytes, ports: ports.map(({ index }) => index) }];
  }
  const bytes = profile.bufferBytes / 2;
  return [
    { name: "access", bytes, ports: access },
    { name: "uplink", bytes, ports: uplink },
  ];
}

/**
 * How much of a pool is in use now, and the most within ten seconds: ports have most waiting at different moments,
 * so that is one of them at its worst, and the others as they are.
 */
export function poolReading(
  pool: BufferPool,
  ports: readonly PortReading[],
): { readonly used: number; readonly watermark: number } {
  let used = 0;
  let worst = 0;
  for (const i of pool.ports) {
    let more = 0;
    for (const { depthBytes, watermarkBytes } of (ports[i] as PortReading).queues) {
      used += depthBytes;
      more += watermarkBytes - depthBytes;
    }
    worst = Math.max(worst, more);
  }
  return { used: Math.min(pool.bytes, used), watermark: Math.min(pool.bytes, used + worst) };
}
