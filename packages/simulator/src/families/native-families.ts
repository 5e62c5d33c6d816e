import { CHASSIS_FAMILIES } from "./chassis-families.ts";
import { NETWORK_FAMILIES } from "./network-families.ts";
import { PACKET_FAMILIES } from "./packet-families.ts";
import { PORT_FAMILIES } from "./port-families.ts";
import { QUEUE_FAMILIES } from "./queue-families.ts";
import type { NativeFamily } from "./switch-family.ts";
import { TRANSCEIVER_FAMILIES } from "./transceiver-families.ts";

/** All native families, in the order of the page. */
export const NATIVE_FAMILIES: readonly NativeFamily[] = [
  ...CHASSIS_FAMILIES,
  ...PORT_FAMILIES,
  ...PACKET_FAMILIES,
  ...QUEUE_FAMILIES,
  ...TRANSCEIVER_FAMILIES,
  ...NETWORK_FAMILIES,
];
