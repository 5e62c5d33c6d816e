import type { Profile } from "../fabric/fabric.ts";
import { CAMPUS_PROFILES } from "./campus-profiles.ts";
import { DATA_CENTER_PROFILES } from "./data-center-profiles.ts";
import { PAIR_PROFILES } from "./pair-profiles.ts";

/** Every profile by its name. A new one is added to the file of its family. */
export const PROFILES: ReadonlyMap<string, Profile> = new Map(
  [...DATA_CENTER_PROFILES, ...CAMPUS_PROFILES, ...PAIR_PROFILES].map((profile) => [
    profile.name,
    profile,
  ]),
);

/** What `--fabric` is when nobody says. */
export const DEFAULT_FABRIC = "leaf-48x25g-8x100g";
