import { installPackages } from "./rivals.mjs";

/**
 * prom-client and its successor as `[name, module]`, in this process; none, and a reason printed, where
 * they cannot be installed.
 */
export async function rivalPackages(print) {
  const reason = installPackages();
  if (reason !== undefined) {
    print(`**Skipped: the rivals** – ${reason}.\n\n`);
    return [];
  }
  const names = ["@prometheus-io/client", "prom-client"];
  return await Promise.all(names.map(async (name) => [name, (await import(name)).default]));
}
