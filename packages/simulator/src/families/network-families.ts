import { type BgpPeer, peerOf, sessionPorts } from "../chassis/bgp-session.ts";
import type {
  BgpSessionReading,
  ChassisReading,
  TableReading,
} from "../chassis/chassis-reading.ts";
import { neighborOf } from "../chassis/neighbors.ts";
import type { Switch } from "../fabric/fabric.ts";
import { type NativeFamily, type NumberFamilySource, numbers } from "./switch-family.ts";

/** All sessions are of the routing table that every switch has. */
const VRF = "default";

const FAMILIES = ["ipv4", "ipv6"] as const;

/** Who a switch is linked to, and what it has learnt from them. */
export const NETWORK_FAMILIES: readonly NativeFamily[] = [
  numbers({
    type: "info",
    name: "switch_lldp_neighbor_info",
    help: "Who is at the other end of a port, as it says of itself by LLDP; none while nobody is heard.",
    labelNames: ["port", "remote_chassis_id", "remote_name", "remote_port"],
    spread: "own",
    series: ({ ports }, _detail, { seed }) =>
      ports.flatMap((port) => {
        const neighbor = neighborOf(seed, port);
        if (neighbor === undefined) return [];
        return [
          {
            labels: {
              port: port.profile.name,
              remote_chassis_id: neighbor.chassisId,
              remote_name: neighbor.name,
              remote_port: neighbor.remotePort,
            },
            read: ({ neighbors }) => (neighbors.has(port.index) ? 1 : undefined),
          },
        ];
      }),
  }),
  table(
    "switch_mac_table_entries",
    "Stations whose address and port the switch knows; what is for others goes to all ports.",
    ({ macTable }) => macTable.entries,
  ),
  table(
    "switch_mac_table_capacity",
    "How many stations the switch can know.",
    ({ macTable }) => macTable.capacity,
  ),
  numbers({
    type: "counter",
    name: "switch_mac_moves_total",
    help: "How often a station was seen at another port than before: a loop, or an address that two have.",
    series: () => [{ labels: {}, read: ({ chassis }) => chassis.macMoves }],
  }),
  routes(
    "switch_route_table_entries",
    "Routes in the forwarding table, by address family.",
    ({ entries }) => entries,
  ),
  routes(
    "switch_route_table_capacity",
    "How many routes the forwarding table holds, by address family.",
    ({ capacity }) => capacity,
  ),
  session(
    "gauge",
    "switch_bgp_peer_up",
    "Whether the BGP session with a peer is established (1) or not (0).",
    ({ isEstablished }) => Number(isEstablished),
  ),
  session(
    "gauge",
    "switch_bgp_peer_established_timestamp_seconds",
    "When the BGP session with a peer was last established, in simulated seconds since 1970; no series while it is not.",
    ({ establishedSince }, epoch) =>
      establishedSince === undefined ? undefined : epoch + establishedSince,
  ),
  session(
    "counter",
    "switch_bgp_peer_transitions_total",
    "How often the BGP session with a peer has come to be established: one that flaps counts quickly.",
    ({ transitions }) => transitions,
  ),
  numbers({
    type: "gauge",
    name: "switch_bgp_peer_prefixes_received",
    help: "Networks that a BGP peer has told of, by address family; 0 while the session is not established.",
    labelNames: ["peer", "afi"],
    spread: "own",
    series: (node) =>
      peersOf(node).flatMap(({ peer }, i) =>
        FAMILIES.map((afi) => ({
          labels: { peer, afi },
          read: ({ chassis }) => chassis.sessions[i]?.prefixesReceived[afi],
        })),
      ),
  }),
];

function table(
  name: string,
  help: string,
  read: (chassis: ChassisReading) => number,
): NumberFamilySource {
  return numbers({
    type: "gauge",
    name,
    help,
    series: () => [{ labels: {}, read: ({ chassis }) => read(chassis) }],
  });
}

function routes(
  name: string,
  help: string,
  read: (table: TableReading) => number,
): NumberFamilySource {
  return numbers({
    type: "gauge",
    name,
    help,
    labelNames: ["family"],
    series: () =>
      FAMILIES.map((family) => ({
        labels: { family },
        read: ({ chassis }) => read(chassis.routeTable[family]),
      })),
  });
}

/** The peers of a switch, in the order of its sessions. */
function peersOf(node: Switch): readonly BgpPeer[] {
  return sessionPorts(node).map(peerOf);
}

function session(
  type: "counter" | "gauge",
  name: string,
  help: string,
  read: (session: BgpSessionReading, epoch: number) => number | undefined,
): NumberFamilySource {
  return numbers({
    type,
    name,
    help,
    labelNames: ["peer", "remote_as", "vrf"],
    spread: "own",
    series: (node) =>
      peersOf(node).map(({ peer, remoteAs }, i) => ({
        labels: { peer, remote_as: String(remoteAs), vrf: VRF },
        read: ({ chassis, epoch }) => chassis.sessions[i] && read(chassis.sessions[i], epoch),
      })),
  });
}
