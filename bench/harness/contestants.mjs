import { fileURLToPath } from "node:url";
import { FAMILIES } from "../servers/workload.mjs";
import { goProgram, installPackages, pythonClient } from "./rivals.mjs";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

/** The servers of the bench, by the names that tables and targets use. */
export const Name = {
  INSTRUMENTS: "linklight, instruments",
  HANDLES: "linklight, kept handles",
  FRESH: "linklight, fresh families",
  PROM_CLIENT: "prom-client 15.1.3, collect()",
  PROM_CLIENT_STATIC: "prom-client 15.1.3, static",
  PROMETHEUS_IO: "@prometheus-io/client 0.16.1, collect()",
  PROMETHEUS_IO_STATIC: "@prometheus-io/client 0.16.1, static",
  PYTHON: "client_python (Debian), collector",
  GO: "client_golang (Debian), collector",
};

/**
 * Who takes part: `servers` with a name, whether they compress, and how one is started for a number of
 * series; `skipped` with the name of each rival that is not here, and why.
 */
export function contestants() {
  const servers = [
    script(Name.INSTRUMENTS, "servers/linklight-instruments.mjs", { compresses: true }),
    script(Name.HANDLES, "servers/linklight-handles.mjs", { compresses: true }),
    script(Name.FRESH, "servers/linklight-fresh.mjs", { compresses: true }),
  ];
  const skipped = [];
  addPackages(servers, skipped);
  addPython(servers, skipped);
  addGo(servers, skipped);
  return { servers, skipped };
}

function script(name, file, { compresses = false, args = [] } = {}) {
  const start = (series) => ({ script: path(file), args: [String(series), ...args] });
  return { name, compresses, start };
}

function addPackages(servers, skipped) {
  const reason = installPackages();
  for (const [name, file, packageName] of [
    [Name.PROM_CLIENT_STATIC, "rivals/js-static.mjs", "prom-client"],
    [Name.PROM_CLIENT, "rivals/js-callbacks.mjs", "prom-client"],
    [Name.PROMETHEUS_IO_STATIC, "rivals/js-static.mjs", "@prometheus-io/client"],
    [Name.PROMETHEUS_IO, "rivals/js-callbacks.mjs", "@prometheus-io/client"],
  ]) {
    if (reason === undefined) servers.push(script(name, file, { args: [packageName] }));
    else skipped.push({ name, reason });
  }
}

function addPython(servers, skipped) {
  const python = pythonClient();
  if (python === undefined) {
    skipped.push({ name: Name.PYTHON, reason: "scripts/peers.sh fetches it" });
    return;
  }
  const start = (series) => ({
    command: "python3",
    args: [path("rivals/client_python.py"), String(series), JSON.stringify(FAMILIES)],
    env: { PYTHONPATH: python.path, PYTHONDONTWRITEBYTECODE: "1" },
  });
  servers.push({ name: Name.PYTHON, version: python.version, compresses: true, start });
}

function addGo(servers, skipped) {
  const go = goProgram();
  if (go === undefined) {
    skipped.push({ name: Name.GO, reason: "scripts/peers.sh --bench fetches it" });
    return;
  }
  const start = (series) => ({
    command: go.program,
    args: [String(series), JSON.stringify(FAMILIES)],
  });
  servers.push({ name: Name.GO, version: go.version, compresses: true, start });
}
