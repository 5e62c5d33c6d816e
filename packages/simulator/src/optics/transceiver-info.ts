import type { Port } from "../fabric/fabric.ts";
import { mix, mixText } from "../seed/mix.ts";
import { type Optic, opticOf } from "./optic.ts";
import type { TransceiverInfo } from "./transceiver-reading.ts";

/** The makers are invented; they say that they make all of these. */
const VENDORS: readonly string[] = ["Halden Optics", "Brightway", "Corvid Photonics"];

/** What the transceiver in a port says of itself. The optic is that of the port. */
export function transceiverInfo(seed: number, port: Port, optic: Optic): TransceiverInfo {
  const state = mix(mixText(seed, `transceivers ${port.switch.name}`), port.index);
  return {
    vendor: VENDORS[mix(state, 1) % VENDORS.length] as string,
    partNumber: optic.partNumber,
    serial: `X${mix(state, 2).toString(36).toUpperCase().padStart(7, "0")}`,
    formFactor: port.profile.formFactor,
    pmd: optic.pmd,
  };
}

/** What the transceiver in a port says of itself; undefined for copper. */
export function transceiverOf(seed: number, port: Port): TransceiverInfo | undefined {
  const optic = opticOf(port.profile);
  return optic && transceiverInfo(seed, port, optic);
}
