import type { GenericSchema } from "valibot";
import { getMetadata, metadata, pipe, string } from "valibot";

/** Where a value stands in a document: keys of mappings and indexes of lists, from the root. */
export type YamlPath = readonly (string | number)[];

/** A string that no message ever shows, such as a password hash or a private key. */
export function secretString(): GenericSchema<string, string> {
  return pipe(string(), metadata({ secret: true }));
}

/** What the walk looks at of valibot's schemas: those that hold others. */
interface SchemaShape {
  readonly type?: string;
  readonly entries?: Readonly<Record<string, SchemaShape>>;
  readonly item?: SchemaShape;
  readonly value?: SchemaShape;
  readonly wrapped?: SchemaShape;
}

/** Stands for a list where a mapping belongs: valibot would take a list for an object. */
export const MISPLACED_LIST: unique symbol = Symbol("a list");

// Keys that valibot leaves out of every record without a word.
const RESERVED = new Set(["__proto__", "prototype", "constructor"]);

/** A key the schema does not know, and those it knows at that place; none where the key is reserved. */
export interface UnknownKey {
  readonly path: YamlPath;
  readonly known: readonly string[];
}

/**
 * Makes data ready for a schema: fields set to nothing (`key:`) are left out, as Go's decoder does,
 * and so are unknown keys of strict objects, which are collected in `unknown`: all of them, where
 * valibot stops at the first.
 */
export function prepare(schema: GenericSchema, data: unknown, unknown: UnknownKey[]): unknown {
  return prepareAt(unwrap(schema as SchemaShape), data, [], unknown);
}

function prepareAt(
  schema: SchemaShape | undefined,
  data: unknown,
  path: YamlPath,
  unknown: UnknownKey[],
): unknown {
  if (schema === undefined || typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) {
    if (schema.entries !== undefined || schema.type === "record") return MISPLACED_LIST;
    return data.map((item, i) => prepareAt(unwrap(schema.item), item, [...path, i], unknown));
  }
  const result: [string, unknown][] = [];
  for (const [key, value] of Object.entries(data)) {
    const at = [...path, key];
    if (schema.entries !== undefined) {
      const isKnown = Object.hasOwn(schema.entries, key);
      if (!isKnown && schema.type === "strict_object") {
        unknown.push({ path: at, known: Object.keys(schema.entries) });
      } else if (value !== null) {
        const entry = isKnown ? schema.entries[key] : undefined;
        result.push([key, prepareAt(unwrap(entry), value, at, unknown)]);
      }
    } else if (schema.type === "record" && RESERVED.has(key)) {
      unknown.push({ path: at, known: [] });
    } else {
      result.push([key, prepareAt(unwrap(schema.value), value, at, unknown)]);
    }
  }
  return Object.fromEntries(result);
}

/** Whether the schema at a path is marked as a secret. */
export function isSecretAt(schema: GenericSchema, path: YamlPath): boolean {
  let at = unwrap(schema as SchemaShape);
  for (const key of path) {
    at = unwrap(at?.entries?.[key] ?? at?.item ?? at?.value);
  }
  return at !== undefined && getMetadata(at as GenericSchema)["secret"] === true;
}

// Optional and nullable schemas stand around the one that matters here.
function unwrap(schema: SchemaShape | undefined): SchemaShape | undefined {
  let at = schema;
  while (at?.wrapped !== undefined) at = at.wrapped;
  return at;
}
