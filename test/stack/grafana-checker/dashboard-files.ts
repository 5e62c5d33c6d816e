import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMapping, type Mapping, mappingsOf, textOf } from "./json.ts";
import type { Problem } from "./problem.ts";
import type { DashboardProvider } from "./provisioning.ts";

/** A dashboard as a file holds it: classic JSON. */
export interface Dashboard {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly json: Mapping;
}

/** The newest classic format that Grafana reads without migrating it down. */
const NEWEST_SCHEMA = 42;
const LONGEST_UID = 40;

/** Reads what a provider provides; what Grafana would log as an error and leave out becomes a problem. */
export function readDashboards(provider: DashboardProvider): {
  readonly dashboards: Dashboard[];
  readonly problems: Problem[];
} {
  const dashboards: Dashboard[] = [];
  const problems: Problem[] = [];
  const complain = (where: string, what: string): void => void problems.push({ where, what });
  for (const file of jsonFiles(provider.path, complain)) {
    const json = parseJson(file, complain);
    if (json === undefined) continue;
    const uid = textOf(json["uid"]);
    const title = textOf(json["title"]);
    if (title === undefined) {
      complain(
        file,
        isV2(json)
          ? "dashboard appears to be in v2 format, which files cannot hold"
          : "Dashboard title cannot be empty",
      );
      continue;
    }
    if (uid === undefined || uid.length > LONGEST_UID || !/^[\w-]+$/.test(uid)) {
      complain(
        file,
        `uid ${String(json["uid"])} is none: letters, digits, - and _, at most ${LONGEST_UID}`,
      );
      continue;
    }
    for (const other of dashboards) {
      if (other.uid === uid)
        complain(file, `the same UID is used more than once: ${uid}, as in ${other.file}`);
      if (other.title === title)
        complain(file, `dashboard title is not unique in folder: ${title}, as in ${other.file}`);
    }
    judgeLayout(file, json, complain);
    dashboards.push({ file, uid, title, json });
  }
  if (dashboards.length === 0) complain(provider.path, "no dashboard in it");
  return { dashboards, problems };
}

type Complain = (where: string, what: string) => void;

function jsonFiles(folder: string, complain: Complain): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    complain(folder, `cannot be read: ${String(error)}`);
    return [];
  }
}

function parseJson(file: string, complain: Complain): Mapping | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isMapping(json)) return json;
    complain(file, "not a mapping");
  } catch (error) {
    complain(file, String(error));
  }
  return undefined;
}

const isV2 = (json: Mapping): boolean => "elements" in json || "spec" in json;

function judgeLayout(file: string, json: Mapping, complain: Complain): void {
  const version = json["schemaVersion"];
  if (typeof version !== "number" || version > NEWEST_SCHEMA) {
    complain(file, `schemaVersion ${String(version)}: ${NEWEST_SCHEMA} is the newest`);
  }
  const ids = new Set<unknown>();
  for (const panel of panelsOf(json)) {
    if (ids.has(panel["id"])) complain(file, `panel id ${String(panel["id"])} is there twice`);
    ids.add(panel["id"]);
    if (textOf(panel["type"]) === undefined)
      complain(file, `panel ${String(panel["id"])} has no type`);
    if (!isMapping(panel["gridPos"])) complain(file, `panel ${String(panel["id"])} has no gridPos`);
  }
}

/** All panels of a dashboard, those in collapsed rows too, rows themselves included. */
export function panelsOf(json: Mapping): Mapping[] {
  return mappingsOf(json["panels"]).flatMap((panel) => [panel, ...mappingsOf(panel["panels"])]);
}
