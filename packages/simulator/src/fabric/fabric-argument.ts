import { readFileSync } from "node:fs";
import { parseFabricFile } from "../fabric-file/parse-fabric-file.ts";
import { PROFILES } from "../profile/profiles.ts";
import { buildFabric } from "./build-fabric.ts";
import { DEFAULT_EPOCH, DEFAULT_SLOT_SECONDS, type Fabric, type Profile } from "./fabric.ts";
import { FabricError } from "./fabric-error.ts";
import { DEFAULT_SEED, type FabricSpec, type LinkSpec } from "./fabric-spec.ts";
import { suggestion } from "./nearest-name.ts";

/** What stands beside a `--fabric` argument. */
export interface FabricArgumentOptions {
  /** `--seed`: goes before the seed of a file. */
  readonly seed?: number | undefined;
  /** Reads a file as text; from disk by default. */
  readonly readFile?: (file: string) => string;
}

const FORMS = "PROFILE, leaf-spine:LEAVESxSPINES or a YAML file";

/**
 * Says what a `--fabric` argument describes:
 *
 *   PROFILE                       one switch of it: `leaf-48x25g-8x100g` is `leaf1`
 *   leaf-spine:LEAVESxSPINES      every leaf linked to every spine, by as many uplinks as fit evenly
 *   FILE                          the fabric that a YAML file declares (parse-fabric-file.ts)
 *
 * Throws FabricError when it is none of these, YamlError with every problem of a file, and RangeError for a
 * seed that is no 32-bit whole number.
 */
export function parseFabricArgument(text: string, options: FabricArgumentOptions = {}): FabricSpec {
  const { seed = DEFAULT_SEED, readFile = readText } = options;
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new RangeError(`expected a seed from 0 to 4294967295, found ${seed}`);
  const profile = PROFILES.get(text);
  if (profile !== undefined) {
    const name = `${text.split("-", 1)[0]}1`;
    return specOf([{ name, profile }], [], seed);
  }
  if (text.startsWith("leaf-spine:")) return leafSpine(text, seed);
  let content: string;
  try {
    content = readFile(text);
  } catch (cause) {
    throw new FabricError(explainUnreadable(text, cause as NodeJS.ErrnoException), { cause });
  }
  return parseFabricFile(content, { file: text, seed: options.seed });
}

/** A fabric by its `--fabric` argument, built: for tests, examples and programs. */
export function fabricOf(text: string, options: FabricArgumentOptions = {}): Fabric {
  return buildFabric(parseFabricArgument(text, options));
}

function readText(file: string): string {
  return readFileSync(file, "utf8");
}

function explainUnreadable(text: string, { code, message }: NodeJS.ErrnoException): string {
  if (code !== "ENOENT") {
    const reason = code === "EISDIR" ? "it is a directory" : message;
    return `cannot read the fabric file ${text}: ${reason}`;
  }
  if (/[/\\]|\.ya?ml$/.test(text))
    return `cannot read the fabric file ${text}: there is no such file`;
  const found = text === "" ? "nothing" : JSON.stringify(text);
  const names = [...PROFILES.keys()];
  const advice = suggestion(text, names) || `; profiles are ${names.join(", ")}`;
  return `expected a fabric: ${FORMS}, found ${found}${advice}`;
}

function leafSpine(text: string, seed: number): FabricSpec {
  const [, leaves, spines] = /^leaf-spine:(\d{1,6})x(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (leaves === undefined || spines === undefined || leaves === 0 || spines === 0)
    throw new FabricError(
      `expected leaf-spine:LEAVESxSPINES such as leaf-spine:4x2, found ${JSON.stringify(text)}`,
    );
  const leaf = PROFILES.get("leaf-48x25g-8x100g") as Profile;
  const spine = PROFILES.get("spine-32x100g") as Profile;
  const uplinks = leaf.ports.flatMap(({ isUplink }, i) => (isUplink ? [i] : []));
  if (leaves > spine.ports.length || spines > uplinks.length)
    throw new FabricError(
      `${text} does not fit: at most ${spine.ports.length} leaves, the ports of a ${spine.name}, and ${uplinks.length} spines, the uplinks of a ${leaf.name}; write a YAML file for more`,
    );
  const each = Math.min(
    Math.floor(uplinks.length / spines),
    Math.floor(spine.ports.length / leaves),
  );
  const links: LinkSpec[] = [];
  for (let l = 0; l < leaves; l++) {
    for (let n = 0; n < each * spines; n++) {
      const b = { switch: leaves + Math.floor(n / each), port: l * each + (n % each) };
      links.push({ a: { switch: l, port: uplinks[n] as number }, b });
    }
  }
  return specOf([...named("leaf", leaves, leaf), ...named("spine", spines, spine)], links, seed);
}

/** A switch by name and profile. */
interface NamedSwitch {
  readonly name: string;
  readonly profile: Profile;
}

function named(word: string, count: number, profile: Profile): readonly NamedSwitch[] {
  return Array.from({ length: count }, (_, i) => ({ name: `${word}${i + 1}`, profile }));
}

function specOf(
  switches: readonly NamedSwitch[],
  links: readonly LinkSpec[],
  seed: number,
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
