import { PROFILES } from "../profile/profiles.ts";
import { buildFabric } from "./build-fabric.ts";
import { DEFAULT_EPOCH, DEFAULT_SLOT_SECONDS, type Fabric, type Profile } from "./fabric.ts";
import { DEFAULT_SEED, type FabricSpec, type LinkSpec } from "./fabric-spec.ts";

/** What stands beside a `--fabric` argument. */
export interface FabricArgumentOptions {
  /** `--seed`: goes before the seed of a file. */
  readonly seed?: number | undefined;
}

/** Says what a `--fabric` argument describes. Throws RangeError when it describes nothing. */
export function parseFabricArgument(
  text: string,
  { seed }: FabricArgumentOptions = {},
): FabricSpec {
  const profile = PROFILES.get(text);
  if (profile !== undefined)
    return specOf([{ name: `${text.split("-", 1)[0]}1`, profile }], [], seed);
  const size = /^leaf-spine:(\d+)x(\d+)$/.exec(text);
  if (size !== null) return leafSpine(Number(size[1]), Number(size[2]), seed);
  throw new RangeError(`unknown fabric ${text}`);
}

/** A fabric by its `--fabric` argument, built: for tests, examples and programs. */
export function fabricOf(text: string, options: FabricArgumentOptions = {}): Fabric {
  return buildFabric(parseFabricArgument(text, options));
}

function leafSpine(leaves: number, spines: number, seed: number | undefined): FabricSpec {
  const leaf = PROFILES.get("leaf-48x25g-8x100g") as Profile;
  const spine = PROFILES.get("spine-32x100g") as Profile;
  const uplinks = leaf.ports.flatMap(({ isUplink }, i) => (isUplink ? [i] : []));
  const each = Math.min(
    Math.floor(uplinks.length / spines),
    Math.floor(spine.ports.length / leaves),
  );
  const switches = [
    ...Array.from({ length: leaves }, (_, i) => ({ name: `leaf${i + 1}`, profile: leaf })),
    ...Array.from({ length: spines }, (_, i) => ({ name: `spine${i + 1}`, profile: spine })),
  ];
  const links: LinkSpec[] = [];
  for (let l = 0; l < leaves; l++) {
    for (let n = 0; n < each * spines; n++) {
      const s = Math.floor(n / each);
      links.push({
        a: { switch: l, port: uplinks[n] as number },
        b: { switch: leaves + s, port: l * each + (n % each) },
      });
    }
  }
  return specOf(switches, links, seed);
}

function specOf(
  switches: readonly { readonly name: string; readonly profile: Profile }[],
  links: readonly LinkSpec[],
  seed = DEFAULT_SEED,
): FabricSpec {
  return {
    seed,
    epoch: DEFAULT_EPOCH,
    slotSeconds: DEFAULT_SLOT_SECONDS,
    switches: switches.map((each) => ({ ...each, aliases: new Map(), isFilled: true })),
    links,
    stations: [],
  };
}
