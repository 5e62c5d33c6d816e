import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ComposeService } from "./compose-file.ts";

/** As whom the processes of a container run. */
export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The users of images that the stack is made of, as their Dockerfiles set them. */
const IMAGE_USERS: readonly (readonly [RegExp, ContainerUser])[] = [
  [/(?:^|\/)(?:prometheus|alertmanager)(?:[:@]|$)/, { uid: 65_534, gid: 65_534 }],
  [/(?:^|\/)grafana(?:-oss|-enterprise)?(?:[:@]|$)/, { uid: 472, gid: 0 }],
  [/(?:^|\/)linklight(?:[:@]|$)/, { uid: 1000, gid: 1000 }],
];

/** As whom a service runs: by its own setting, or by that of its image where we know it. */
export function containerUser({ user, image }: ComposeService): ContainerUser | undefined {
  if (user === undefined) return IMAGE_USERS.find(([pattern]) => pattern.test(image))?.[1];
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid ?? 0) };
}

/** As many files of a folder are looked at, and as deep. */
const MOST_FILES = 500;
const DEEPEST = 5;

/**
 * The first file or folder, at or below a path, that a user may not read by its permission bits. Undefined
 * where all may be read. Rejects with the error of looking at the path itself; those of files below, which
 * may vanish at any time, are passed over.
 */
export async function firstUnreadable(
  path: string,
  user: ContainerUser,
): Promise<string | undefined> {
  let left = MOST_FILES;
  const look = async (each: string, depth: number): Promise<string | undefined> => {
    left -= 1;
    const stats = await stat(each);
    if (!mayRead(stats, user)) return each;
    if (!stats.isDirectory() || depth === DEEPEST) return undefined;
    for (const name of await readdir(each)) {
      if (left <= 0) return undefined;
      const found = await look(join(each, name), depth + 1).catch(() => undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return look(path, 0);
}

/** Whether permission bits let a user read a file, or list and enter a folder. */
export function mayRead(stats: Stats, { uid, gid }: ContainerUser): boolean {
  const needed = stats.isDirectory() ? 0o5 : 0o4;
  // The first class that fits decides, even where a later one would allow more. Root counts as any other:
  // without CAP_DAC_OVERRIDE, which the stack drops, it is.
  const shift = stats.uid === uid ? 6 : stats.gid === gid ? 3 : 0;
  return ((stats.mode >> shift) & needed) === needed;
}
