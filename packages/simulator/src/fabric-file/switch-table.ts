import type { YamlPath, YamlProblem, YamlSource } from "@linklight/toolkit";
import type { Profile } from "../fabric/fabric.ts";
import type { PortPlace, SwitchSpec } from "../fabric/fabric-spec.ts";
import { suggestion } from "../fabric/nearest-name.ts";
import { portAdvice } from "../fabric/port-advice.ts";
import { PROFILES } from "../profile/profiles.ts";
import { SWITCH_NAME } from "./fabric-schema.ts";

/** More than anybody simulates in one process: a slip such as `leaf[1-99999]` is told, not built. */
const MOST_SWITCHES = 10_000;

/** A switch that a file declares; its profile may be unknown. */
export interface DeclaredSwitch extends Omit<SwitchSpec, "profile"> {
  readonly profile: Profile | undefined;
}

/** The switches a file declares, and what is wrong with their declarations beyond their form. */
export class SwitchTable {
  readonly switches: DeclaredSwitch[] = [];
  readonly #source: YamlSource;
  readonly #problems: YamlProblem[];
  readonly #byName = new Map<string, { readonly index: number; readonly path: YamlPath }>();

  constructor(source: YamlSource, problems: YamlProblem[]) {
    this.#source = source;
    this.#problems = problems;
  }

  /** Takes an entry of `switches`: one, or one for each number of `leaf[1-40]`. */
  declare(entry: unknown, path: YamlPath): void {
    const { name, profile: profileName, ports, unlisted } = fieldsOf(entry);
    if (typeof name !== "string" || !SWITCH_NAME.test(name)) return;
    const profile = typeof profileName === "string" ? PROFILES.get(profileName) : undefined;
    const aliases = this.#aliases(ports, profile, [...path, "ports"]);
    for (const each of this.#expand(name, [...path, "name"])) {
      const other = this.#byName.get(each);
      if (other === undefined) {
        this.#byName.set(each, { index: this.switches.length, path });
        this.switches.push({ name: each, profile, aliases, isFilled: unlisted !== "free" });
      } else {
        const { line } = this.#source.problem(other.path, "");
        this.#complain(
          [...path, "name"],
          `switch ${each} is already declared at line ${line}; give it another name`,
        );
      }
    }
  }

  /** The port that a text such as `leaf1:Ethernet1/7` names; undefined, with a problem, where it names none. */
  find(text: string, path: YamlPath): PortPlace | undefined {
    const [, name, port] = /^([^:\s]+):(\S+)$/.exec(text) ?? [];
    if (name === undefined || port === undefined) {
      this.#complain(
        path,
        `expected a port such as leaf1:Ethernet1/7, found ${JSON.stringify(text)}`,
      );
      return undefined;
    }
    const index = this.#byName.get(name)?.index;
    if (index === undefined) {
      const names = [...this.#byName.keys()];
      const listed = names.length <= 20 ? names : [...names.slice(0, 20), "…"];
      const advice = suggestion(name, names) || `; the switches are ${listed.join(", ")}`;
      this.#complain(path, `${text} is nowhere: no switch is named ${name}${advice}`);
      return undefined;
    }
    const { profile } = this.switches[index] as DeclaredSwitch;
    // An unknown profile has been told.
    if (profile === undefined) return undefined;
    const found = profile.ports.findIndex((each) => each.name === port);
    if (found >= 0) return { switch: index, port: found };
    this.#complain(path, `${text} is nowhere: ${noPort(port, profile)}`);
    return undefined;
  }

  #aliases(ports: unknown, profile: Profile | undefined, path: YamlPath): Map<number, string> {
    const aliases = new Map<number, string>();
    if (profile === undefined || typeof ports !== "object" || ports === null) return aliases;
    for (const [port, alias] of Object.entries(ports)) {
      const index = profile.ports.findIndex((each) => each.name === port);
      if (index < 0)
        this.#problems.push(this.#source.keyProblem([...path, port], noPort(port, profile)));
      else if (typeof alias === "string") aliases.set(index, alias);
    }
    return aliases;
  }

  #expand(name: string, path: YamlPath): readonly string[] {
    const [, low, high] = SWITCH_NAME.exec(name) ?? [];
    if (low === undefined || high === undefined) return [name];
    const count = Number(high) - Number(low) + 1;
    const stem = name.slice(0, name.indexOf("["));
    if (count < 1) {
      this.#complain(path, `expected a range that goes up, such as ${stem}[${high}-${low}]`);
      return [];
    }
    if (this.switches.length + count > MOST_SWITCHES) {
      this.#complain(path, `expected at most ${MOST_SWITCHES} switches, found ${count} here`);
      return [];
    }
    return Array.from({ length: count }, (_, i) => `${stem}${Number(low) + i}`);
  }

  #complain(path: YamlPath, message: string): void {
    this.#problems.push(this.#source.problem(path, message));
  }
}

/** The fields of a mapping; none of anything else. */
export function fieldsOf(entry: unknown): Readonly<Record<string, unknown>> {
  return typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>) : {};
}

function noPort(text: string, profile: Profile): string {
  return `${profile.name} has no port ${text}; ${portAdvice(text, profile)}`;
}
