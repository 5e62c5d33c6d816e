import type { YamlPath, YamlProblem, YamlSource } from "@linklight/toolkit";
import type { PortProfile, Profile, Station } from "../fabric/fabric.ts";
import type { LinkSpec, PortPlace, StationSpec } from "../fabric/fabric-spec.ts";
import { LINK_EXAMPLE } from "./fabric-schema.ts";
import { type DeclaredSwitch, fieldsOf, type SwitchTable } from "./switch-table.ts";

/** What the links and hosts of a file claim: each port once, and both ends of a link alike. */
export class PortClaims {
  readonly #source: YamlSource;
  readonly #table: SwitchTable;
  readonly #problems: YamlProblem[];
  /** Where each port in use was claimed. */
  readonly #claims = new Map<string, YamlPath>();

  constructor(source: YamlSource, table: SwitchTable, problems: YamlProblem[]) {
    this.#source = source;
    this.#table = table;
    this.#problems = problems;
  }

  /** Takes an entry of `links`; none, with problems, when it is wrong. */
  link(entry: unknown, path: YamlPath): readonly LinkSpec[] {
    if (typeof entry !== "string") return [];
    const [, left, right] = /^\s*(\S+)\s+--\s+(\S+)\s*$/.exec(entry) ?? [];
    if (left === undefined || right === undefined) {
      this.#complain(
        path,
        `expected a link such as ${LINK_EXAMPLE}, found ${JSON.stringify(entry)}`,
      );
      return [];
    }
    const a = this.#claim(left, path);
    const b = this.#claim(right, path);
    if (a === undefined || b === undefined) return [];
    if (a.switch === b.switch) {
      this.#complain(
        path,
        `expected a link between two switches, found both ends on ${this.#switchOf(a).name}`,
      );
      return [];
    }
    const [speed, other] = [this.#speedOf(a), this.#speedOf(b)];
    if (speed === other) return [{ a, b }];
    this.#complain(
      path,
      `both ends of a link need the same speed: ${left} has ${inWords(speed)}, ${right} has ${inWords(other)}`,
    );
    return [];
  }

  /** Takes an entry of `hosts`; none, with problems, when it is wrong. */
  station(entry: unknown, path: YamlPath): readonly StationSpec[] {
    const { name, port, kind, load } = fieldsOf(entry);
    if (typeof port !== "string") return [];
    const at = this.#claim(port, [...path, "port"]);
    if (at === undefined || typeof name !== "string") return [];
    const given = typeof load === "number" ? load : undefined;
    return [{ at, name, kind: (kind ?? "host") as Station["kind"], load: given }];
  }

  #claim(text: string, path: YamlPath): PortPlace | undefined {
    const place = this.#table.find(text, path);
    if (place === undefined) return undefined;
    const key = `${place.switch}:${place.port}`;
    const other = this.#claims.get(key);
    if (other === undefined) {
      this.#claims.set(key, path);
      return place;
    }
    const { line } = this.#source.problem(other, "");
    this.#complain(path, `${text} is already used at line ${line}; a port takes one link`);
    return undefined;
  }

  #switchOf(place: PortPlace): DeclaredSwitch {
    return this.#table.switches[place.switch] as DeclaredSwitch;
  }

  #speedOf(place: PortPlace): number {
    const { ports } = this.#switchOf(place).profile as Profile;
    return (ports[place.port] as PortProfile).speed;
  }

  #complain(path: YamlPath, message: string): void {
    this.#problems.push(this.#source.problem(path, message));
  }
}

/** `25G`, as engineers say it. */
function inWords(bitsPerSecond: number): string {
  return `${bitsPerSecond / 1e9}G`;
}
