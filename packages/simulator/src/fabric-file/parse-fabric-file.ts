import { YamlError, type YamlPath, type YamlProblem, YamlSource } from "@linklight/toolkit";
import { unknown } from "valibot";
import { DEFAULT_EPOCH, DEFAULT_SLOT_SECONDS, type Profile } from "../fabric/fabric.ts";
import {
  DEFAULT_SEED,
  type FabricSpec,
  type LinkSpec,
  type StationSpec,
} from "../fabric/fabric-spec.ts";
import { planFarEnds } from "../fabric/stations.ts";
import { findTrafficLoop } from "../fabric/traffic-loop.ts";
import { fabricSchema, parseEpoch, parseSlot, type RawFabric } from "./fabric-schema.ts";
import { PortClaims } from "./port-claims.ts";
import { type DeclaredSwitch, SwitchTable } from "./switch-table.ts";

/**
 * Reads a fabric file. Throws YamlError with every problem in it, each with its line and column.
 *
 * ```yaml
 * seed: 7                                  # all that is random follows from it; 1 if absent
 * epoch: 2026-01-05                        # when the simulation begins: a Monday
 * slot: 16s                                # over which queues are judged
 * switches:
 *   - name: leaf1
 *     profile: leaf-48x25g-8x100g
 *     ports:                               # aliases; the others are written as an operator would
 *       Ethernet1/1: critical payments db
 *   - name: spine[1-2]                     # spine1 and spine2
 *     profile: spine-32x100g
 *     unlisted: free                       # ports not listed below: free, or hosts (if absent)
 * links:
 *   - leaf1:Ethernet1/49 -- spine1:Ethernet1/1
 * hosts:
 *   - name: db-1
 *     port: leaf1:Ethernet1/1
 *     kind: storage                        # host (if absent), storage, core
 *     load: 0.12                           # mean of what it sends, as a share of the line rate
 * ```
 */
export function parseFabricFile(
  text: string,
  { file, seed }: { readonly file: string; readonly seed?: number | undefined },
): FabricSpec {
  const source = YamlSource.parse(text, { file });
  const reader = new FabricReader(source);
  const spec = reader.read(seed);
  if (spec === undefined) throw new YamlError(file, reader.problems);
  return spec;
}

/** Looks at what fits the schema and passes over what does not, so that both sorts of problems are told. */
class FabricReader {
  readonly problems: YamlProblem[] = [];
  readonly #source: YamlSource;

  constructor(source: YamlSource) {
    this.#source = source;
  }

  read(seed: number | undefined): FabricSpec | undefined {
    const decoded = this.#decode();
    const raw = this.#source.decode(unknown());
    const table = new SwitchTable(this.#source, this.problems);
    for (const [i, entry] of entriesOf(raw, "switches")) table.declare(entry, ["switches", i]);
    const claims = new PortClaims(this.#source, table, this.problems);
    const links = entriesOf(raw, "links").flatMap(([i, entry]) => claims.link(entry, ["links", i]));
    const stations = entriesOf(raw, "hosts").flatMap(([i, entry]) =>
      claims.station(entry, ["hosts", i]),
    );
    if (decoded === undefined || this.problems.length > 0) return undefined;
    const spec = specOf(decoded, table.switches, links, stations, seed);
    const loop = findTrafficLoop(spec.switches, planFarEnds(spec));
    if (loop === undefined) return spec;
    this.problems.push(this.#source.problem(...explainLoop(spec, loop)));
    return undefined;
  }

  #decode(): RawFabric | undefined {
    try {
      return this.#source.decode(fabricSchema);
    } catch (err) {
      if (!(err instanceof YamlError)) throw err;
      this.problems.push(...err.problems);
      return undefined;
    }
  }
}

function entriesOf(raw: unknown, key: string): readonly (readonly [number, unknown])[] {
  const list = (raw as Record<string, unknown> | null)?.[key];
  return Array.isArray(list) ? [...(list as unknown[]).entries()] : [];
}

function specOf(
  raw: RawFabric,
  switches: readonly DeclaredSwitch[],
  links: readonly LinkSpec[],
  stations: readonly StationSpec[],
  seed: number | undefined,
): FabricSpec {
  return {
    seed: seed ?? raw.seed ?? DEFAULT_SEED,
    epoch: (raw.epoch === undefined ? undefined : parseEpoch(raw.epoch)) ?? DEFAULT_EPOCH,
    slotSeconds: (raw.slot === undefined ? undefined : parseSlot(raw.slot)) ?? DEFAULT_SLOT_SECONDS,
    switches: switches.map((each) => ({ ...each, profile: each.profile as Profile })),
    links,
    stations,
  };
}

function explainLoop(spec: FabricSpec, loop: readonly number[]): [YamlPath, string] {
  const first = loop[0] as number;
  const next = loop[1 % loop.length] as number;
  const found = spec.links.findIndex(({ a, b }) =>
    [a, b].every((end) => end.switch === first || end.switch === next),
  );
  const names = [...loop, first].map((index) => spec.switches[index]?.name);
  const message = `traffic would go round without end: ${names.join(" → ")}; take out a link, or give hosts to a leaf that has none`;
  return [["links", Math.max(0, found)], message];
}
