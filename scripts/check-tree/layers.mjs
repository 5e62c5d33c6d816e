import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { findImports } from "./imports.mjs";

const ENGINES = ["model", "exposition", "toolkit", "tsdb", "promql", "client", "scrape", "rules"];

// Which packages of ours each may name in its package.json: the layer table of ARCHITECTURE.md.
const MAY_IMPORT = {
  model: [],
  exposition: ["model"],
  toolkit: ["model"],
  tsdb: ["model"],
  promql: ["model"],
  client: ["model", "exposition"],
  scrape: ["model", "exposition", "toolkit"],
  rules: ["model", "promql", "toolkit"],
  simulator: ["model", "client", "toolkit"],
  snmp: ["model", "client", "toolkit"],
  server: ENGINES,
  dashboards: [],
  web: ["model", "promql"],
  linklight: [...ENGINES, "simulator", "snmp", "server", "dashboards", "web"],
};

// An exporter that uses the client installs these three and nothing else.
const WITHOUT_DEPENDENCIES = new Set(["model", "exposition", "client"]);

// They also run in a browser.
const WITHOUT_NODE = new Set(["model", "promql"]);

const error = (path, problem) => ({ level: "error", path, problem });

/** Imports that the layer table or a package.json does not allow, and index files that are not lists. */
export function layerProblems(tree) {
  const packages = readPackages(tree);
  const problems = [];
  for (const one of packages.values()) problems.push(...manifestProblems(one, packages));
  for (const [path, text] of tree) {
    if (!/\.tsx?$/.test(path)) continue;
    const folder = /^packages\/([^/]+)\/src\//.exec(path)?.[1];
    const owner = folder === undefined ? undefined : packages.get(folder);
    if (owner !== undefined) problems.push(...indexProblems(path, text));
    for (const { specifier, line } of findImports(text)) {
      const problem = owner
        ? importProblem(path, specifier, owner, packages)
        : deepImportProblem(specifier, packages);
      if (problem !== undefined) problems.push(error(`${path}:${line}`, problem));
    }
  }
  return problems;
}

function readPackages(tree) {
  const packages = new Map();
  for (const [path, text] of tree) {
    const folder = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
    if (folder !== undefined) packages.set(folder, { folder, path, manifest: JSON.parse(text) });
  }
  return packages;
}

function* manifestProblems({ folder, path, manifest }, packages) {
  const mayImport = MAY_IMPORT[folder];
  if (mayImport === undefined) {
    yield error(
      path,
      `"${folder}" is in no layer: add it to scripts/check-tree/layers.mjs and ARCHITECTURE.md`,
    );
    return;
  }
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const ours = packageNamed(name, packages);
    if (ours === undefined && WITHOUT_DEPENDENCIES.has(folder)) {
      yield error(
        path,
        `"${name}" is a third-party dependency, and ${folder} has none: write the little that is needed, or move it up a layer`,
      );
    } else if (ours !== undefined && !mayImport.includes(ours.folder)) {
      const allowed = mayImport.length === 0 ? "nothing" : mayImport.join(", ");
      yield error(
        path,
        `${folder} may not depend on ${ours.folder}, only on ${allowed}: declare the interface it needs, and let a higher layer connect them`,
      );
    }
  }
}

function importProblem(path, specifier, owner, packages) {
  if (specifier.startsWith(".")) return relativeProblem(path, specifier, owner);
  if (isBuiltin(specifier)) return builtinProblem(path, specifier, owner);
  const name = packageName(specifier);
  const { manifest } = owner;
  // A package that nobody installs is a tool: all it needs is for development.
  const forTools = manifest.private === true ? manifest.devDependencies : {};
  const named = { ...manifest.dependencies, ...manifest.peerDependencies, ...forTools };
  // Test tools are the workspace's, not a package's.
  if (!isTest(path) && name !== manifest.name && !(name in named)) {
    return `"${name}" is not in ${owner.path}: add it there if the layers allow it`;
  }
  return deepImportProblem(specifier, packages);
}

function relativeProblem(path, specifier, owner) {
  const target = posix.join(posix.dirname(path), specifier);
  const inside = target.startsWith(`packages/${owner.folder}/`);
  return inside
    ? undefined
    : `"${specifier}" leaves the package: import what another one exports by its name`;
}

function builtinProblem(path, specifier, owner) {
  if (!WITHOUT_NODE.has(owner.folder) || isTest(path)) return undefined;
  return `"${specifier}" is Node's, and ${owner.folder} runs in a browser too: take it as a parameter`;
}

// A package is what its "exports" say; its files may move.
function deepImportProblem(specifier, packages) {
  const name = packageName(specifier);
  const target = packageNamed(name, packages);
  if (target === undefined) return undefined;
  const entry = `.${specifier.slice(name.length)}`;
  if (entry in (target.manifest.exports ?? {})) return undefined;
  return `"${specifier}" is not among the exports of ${target.path}: export it from its index.ts`;
}

function* indexProblems(path, text) {
  if (!path.endsWith("/index.ts")) return;
  if (/^packages\/[^/]+\/src\/index\.ts$/.test(path)) {
    if (!/^\/\*\*[\s\S]*?@module/.test(text))
      yield error(
        path,
        "has no @module comment: begin with a sentence that says what the package is for",
      );
    if (/^export \*/m.test(text))
      yield error(path, "has `export *`: name each export, grouped under a comment");
  } else {
    yield error(
      path,
      "index files hide what a folder holds: import the file that defines the thing",
    );
  }
}

function packageName(specifier) {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function packageNamed(name, packages) {
  for (const one of packages.values()) if (one.manifest.name === name) return one;
  return undefined;
}

function isTest(path) {
  return /\.test\.tsx?$/.test(path);
}
