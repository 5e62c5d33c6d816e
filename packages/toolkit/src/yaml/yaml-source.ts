import { type GenericSchema, type InferOutput, safeParse } from "valibot";
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { explainIssue, explainUnknownKey } from "./explain.ts";
import { tooDeepAt } from "./nesting.ts";
import { prepare, type UnknownKey, type YamlPath } from "./schema-walk.ts";
import { explainSyntax } from "./syntax.ts";
import { YamlError, type YamlProblem } from "./yaml-error.ts";

// As many as a large configuration shares defaults; a "billion laughs" needs far more.
const MAX_ALIASES = 1000;
// 16 MiB: hundreds of times the largest configuration known.
const MAX_LENGTH = 16 * 1024 * 1024;

/**
 * A YAML text that parsed: one document, each key once, every alias known. Decoding and later checks
 * can name the line and column of any value in it.
 */
export class YamlSource {
  readonly file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #data: unknown;

  private constructor(file: string, document: Document, lines: LineCounter, data: unknown) {
    this.file = file;
    this.#document = document;
    this.#lines = lines;
    this.#data = data;
  }

  /** Parses a text; `file` is its name in messages. Throws YamlError with every problem found. */
  static parse(text: string, { file }: { readonly file: string }): YamlSource {
    const lines = new LineCounter();
    const fail = (offset: number, message: string): never => {
      throw new YamlError(file, [{ ...locate(lines, offset), message }]);
    };
    if (text.length > MAX_LENGTH) fail(0, `the file is longer than ${MAX_LENGTH} characters`);
    const deep = tooDeepAt(text);
    if (deep !== undefined) {
      // The parser, which would count the lines, is not to see this text.
      lines.lineStarts = [...text.slice(0, deep).matchAll(/^/gm)].map((match) => match.index);
      fail(deep, "nested too deeply: more than 100 collections in each other");
    }

    // Duplicate keys are looked for below: the parser's own check takes quadratic time.
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      uniqueKeys: false,
    });
    const problems = [
      ...[...document.errors, ...document.warnings].map(({ code, pos }) => ({
        ...locate(lines, pos[0]),
        message: explainSyntax(code),
      })),
      ...findStructureProblems(document, lines),
    ];
    if (problems.length > 0) throw new YamlError(file, problems);
    try {
      const data = document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
      return new YamlSource(file, document, lines, data);
    } catch {
      return fail(0, "too many aliases: they would grow into an enormous document");
    }
  }

  /** The document as plain data, aliases and merge keys resolved: for files whose schema is somebody else's. */
  plain(): unknown {
    return this.#data;
  }

  /** Decodes by a schema. Throws YamlError with every unknown key and every value that does not fit. */
  decode<S extends GenericSchema>(schema: S): InferOutput<S> {
    const unknown: UnknownKey[] = [];
    // An empty file is a mapping without keys, as in Go.
    const prepared = prepare(schema, this.#data ?? {}, unknown);
    const problems: YamlProblem[] = unknown.map((key) =>
      this.keyProblem(key.path, explainUnknownKey(key)),
    );
    const result = safeParse(schema, prepared);
    for (const issue of result.issues ?? []) {
      const { path, message } = explainIssue(schema, issue);
      problems.push(this.problem(path, message));
    }
    if (!result.success || problems.length > 0) throw new YamlError(this.file, problems);
    return result.output;
  }

  /** A problem at the value that stands at a path, or at the nearest value around it. */
  problem(path: YamlPath, message: string): YamlProblem {
    return { ...locate(this.#lines, this.#offsetOf(path, false)), message };
  }

  /** A problem at the key that ends a path, rather than at its value. */
  keyProblem(path: YamlPath, message: string): YamlProblem {
    return { ...locate(this.#lines, this.#offsetOf(path, true)), message };
  }

  #offsetOf(path: YamlPath, ofKey: boolean): number {
    let node: unknown = this.#document.contents;
    let offset = offsetOfNode(node) ?? 0;
    for (const [i, key] of path.entries()) {
      const container: unknown = isAlias(node) ? node.resolve(this.#document) : node;
      if (isMap(container)) {
        const pair = container.items.find((item) => keyText(item.key) === String(key));
        const wantsKey = ofKey && i === path.length - 1;
        node = pair?.value;
        offset = offsetOfNode(wantsKey ? pair?.key : (pair?.value ?? pair?.key)) ?? offset;
      } else if (isSeq(container)) {
        node = container.items[Number(key)];
        offset = offsetOfNode(node) ?? offset;
      } else {
        return offset;
      }
    }
    return offset;
  }
}

/**
 * Decodes a YAML text by a valibot schema; strict objects refuse unknown keys. Throws YamlError that
 * lists every problem with its line and column.
 */
export function decodeYaml<S extends GenericSchema>(
  text: string,
  schema: S,
  options: { readonly file: string },
): InferOutput<S> {
  return YamlSource.parse(text, options).decode(schema);
}

function findStructureProblems(document: Document, lines: LineCounter): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const add = (node: unknown, message: string): void => {
    problems.push({ ...locate(lines, offsetOfNode(node) ?? 0), message });
  };
  visit(document, {
    Map(_key, map) {
      const seen = new Map<string, Node>();
      for (const item of map.items) {
        const text = isPair(item) ? keyText(item.key) : undefined;
        if (text === undefined) {
          add(item.key, "a key must be a single word or a quoted string");
          continue;
        }
        const first = seen.get(text);
        if (first === undefined) seen.set(text, item.key as Node);
        else {
          const { line } = locate(lines, offsetOfNode(first) ?? 0);
          add(item.key, `key ${JSON.stringify(text)} already set at line ${line}; keep one`);
        }
      }
    },
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined) {
        add(
          alias,
          `unknown anchor ${JSON.stringify(alias.source)}; a value that starts with * needs quotes`,
        );
      }
    },
  });
  return problems;
}

function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return key.value === null || typeof key.value !== "object" ? String(key.value) : undefined;
}

function offsetOfNode(node: unknown): number | undefined {
  return (node as { range?: readonly number[] } | null | undefined)?.range?.[0];
}

function locate(lines: LineCounter, offset: number): { line: number; column: number } {
  // The line counter answers line 0 for a text without lines.
  const { line, col } = lines.linePos(offset);
  return line === 0 ? { line: 1, column: 1 } : { line, column: col };
}
