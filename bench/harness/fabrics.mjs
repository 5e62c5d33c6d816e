// The fabrics of the benches that simulate.
import {
  buildFabric,
  DEFAULT_EPOCH,
  DEFAULT_SEED,
  DEFAULT_SLOT_SECONDS,
  PROFILES,
} from "@linklight/simulator";

const LEAF = "leaf-48x25g-8x100g";
const SPINE = "spine-32x100g";

/** Leaves of 64 ports, 56 of 25G and 8 of 100G, each alone with its stations: no built-in profile has as many ports. */
export function wideLeaves(count) {
  const leaf = PROFILES.get(LEAF);
  const [access] = leaf.ports;
  const uplinks = leaf.ports.filter(({ isUplink }) => isUplink);
  const kinds = [...Array.from({ length: 64 - uplinks.length }, () => access), ...uplinks];
  const profile = {
    ...leaf,
    name: "leaf-56x25g-8x100g",
    ports: kinds.map((kind, i) => ({ ...kind, name: `Ethernet1/${i + 1}` })),
  };
  return buildFabric({
    seed: DEFAULT_SEED,
    epoch: DEFAULT_EPOCH,
    slotSeconds: DEFAULT_SLOT_SECONDS,
    switches: Array.from({ length: count }, (_, i) => ({
      ...{ name: `leaf${i + 1}`, profile, aliases: new Map(), isFilled: true },
    })),
    links: [],
    stations: [],
  });
}

/** A fabric file of pods: in each, every one of 32 leaves is linked to each of 8 spines. */
export function podFabricFile(pods) {
  const [leaves, spines] = [32, 8];
  const lines = [
    "switches:",
    `  - { name: "leaf[1-${leaves * pods}]", profile: ${LEAF} }`,
    `  - { name: "spine[1-${spines * pods}]", profile: ${SPINE} }`,
    "links:",
  ];
  for (let pod = 0; pod < pods; pod++) {
    for (let leaf = 0; leaf < leaves; leaf++) {
      for (let spine = 0; spine < spines; spine++) {
        const here = `leaf${pod * leaves + leaf + 1}:Ethernet1/${49 + spine}`;
        const there = `spine${pod * spines + spine + 1}:Ethernet1/${leaf + 1}`;
        lines.push(`  - ${here} -- ${there}`);
      }
    }
  }
  return `${lines.join("\n")}\n`;
}
