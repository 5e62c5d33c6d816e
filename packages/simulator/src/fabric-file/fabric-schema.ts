import * as v from "valibot";
import { MAX_LOAD } from "../fabric/fabric-spec.ts";
import { PROFILES } from "../profile/profiles.ts";

/** How a link is written; both ends are `SWITCH:PORT`. */
export const LINK_EXAMPLE = "leaf1:Ethernet1/49 -- spine1:Ethernet1/1";

/** `leaf1`, or `leaf[1-40]` for forty of a kind. Names stand in URLs and labels as they are. */
export const SWITCH_NAME: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}(?:\[(\d{1,5})-(\d{1,5})\])?$/;

const SEED = "expected a seed from 0 to 4294967295";
const LOAD = `expected a load from 0 to ${MAX_LOAD}, as a share of the line rate`;
const LINK = `expected a link such as ${LINK_EXAMPLE}`;
const EPOCH = "expected a Monday, 00:00 UTC, such as 2026-01-05";
const SLOT = "expected a power of two from 1s to 1024s, such as 16s";

/** A decoded fabric file, before names are looked up. */
export interface RawFabric {
  readonly seed?: number | undefined;
  readonly epoch?: string | undefined;
  readonly slot?: string | number | undefined;
  readonly switches: readonly RawSwitch[];
  readonly links?: readonly string[] | undefined;
  readonly hosts?: readonly RawHost[] | undefined;
}

/** An entry of `switches`. */
export interface RawSwitch {
  readonly name: string;
  readonly profile: string;
  readonly ports?: Readonly<Record<string, string>> | undefined;
  readonly unlisted?: "hosts" | "free" | undefined;
}

/** An entry of `hosts`. */
export interface RawHost {
  readonly name: string;
  readonly port: string;
  readonly kind?: "host" | "storage" | "core" | undefined;
  readonly load?: number | undefined;
}

/** The form of a fabric file. */
export const fabricSchema: v.GenericSchema<unknown, RawFabric> = v.strictObject({
  seed: v.optional(
    v.pipe(v.number(), v.integer(SEED), v.minValue(0, SEED), v.maxValue(2 ** 32 - 1, SEED)),
  ),
  epoch: v.optional(
    v.pipe(
      v.string(EPOCH),
      v.check((text) => parseEpoch(text) !== undefined, EPOCH),
    ),
  ),
  slot: v.optional(
    v.pipe(
      v.union([v.number(), v.string()], SLOT),
      v.check((value) => parseSlot(value) !== undefined, SLOT),
    ),
  ),
  switches: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(
          v.string(),
          v.regex(
            SWITCH_NAME,
            "expected a name of letters, digits, dots, dashes and underscores, such as leaf1 or leaf[1-40]",
          ),
        ),
        profile: v.picklist([...PROFILES.keys()]),
        ports: v.optional(v.record(v.string(), v.string())),
        unlisted: v.optional(v.picklist(["hosts", "free"])),
      }),
    ),
    v.minLength(1, "expected at least one switch"),
  ),
  links: v.optional(v.array(v.string(LINK))),
  hosts: v.optional(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.nonEmpty("expected a name such as server-07")),
        port: v.string("expected a port such as leaf1:Ethernet1/7"),
        kind: v.optional(v.picklist(["host", "storage", "core"])),
        load: v.optional(v.pipe(v.number(), v.minValue(0, LOAD), v.maxValue(MAX_LOAD, LOAD))),
      }),
    ),
  ),
});

/** Seconds since 1970 of a date that is a Monday, alone or with `T00:00:00Z`; else undefined. */
export function parseEpoch(text: string): number | undefined {
  const date = /^(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?Z)?$/.exec(text)?.[1];
  if (date === undefined) return undefined;
  const time = new Date(`${date}T00:00:00Z`);
  return time.getUTCDay() === 1 ? time.getTime() / 1000 : undefined;
}

/** Seconds of a slot, as a number or as `16s`; undefined unless it is a power of two that is not too long. */
export function parseSlot(value: string | number): number | undefined {
  const seconds = Number(typeof value === "number" ? value : /^(\d{1,5})s?$/.exec(value)?.[1]);
  const isPowerOfTwo = Number.isInteger(seconds) && (seconds & (seconds - 1)) === 0;
  return isPowerOfTwo && seconds >= 1 && seconds <= 1024 ? seconds : undefined;
}
