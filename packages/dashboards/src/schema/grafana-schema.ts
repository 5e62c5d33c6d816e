import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import {
  type CompletedConfig,
  createFormatter,
  createParser,
  DEFAULT_CONFIG,
  SchemaGenerator,
} from "ts-json-schema-generator";

/** Says what is wrong with a part of a dashboard's file, each with its place; nothing when all is right. */
export interface GrafanaSchema {
  /** Checks a value against the type at a path within {@link GrafanaTypes}, such as `options`, `stat`. */
  readonly problems: (value: unknown, ...path: readonly string[]) => string[];
  /** Whether there is a type at a path. */
  readonly has: (...path: readonly string[]) => boolean;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

type Program = Parameters<typeof createParser>[0];

/** As much of the compiler's interface as is needed here. */
interface Compiler {
  readonly createProgram: (
    files: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ) => Program;
  readonly ModuleKind: { readonly NodeNext: number };
  readonly ModuleResolutionKind: { readonly NodeNext: number };
}

const TYPES = fileURLToPath(new URL("./grafana-types.ts", import.meta.url));

/**
 * JSON schemas of Grafana's own types, in which a field that Grafana does not know is an error. Takes some
 * seconds: a compiler reads the types.
 */
export function grafanaSchema(): GrafanaSchema {
  const config: CompletedConfig = {
    ...DEFAULT_CONFIG,
    type: "GrafanaTypes",
    skipTypeCheck: true,
    additionalProperties: false,
    topRef: false,
    // Several files of Grafana call their types Options: no definition has a name.
    expose: "none",
    jsDoc: "none",
  };
  const program = typesProgram();
  const root = new SchemaGenerator(
    program,
    createParser(program, config),
    createFormatter(config),
    config,
  ).createSchema("GrafanaTypes") as Schema;
  const ajv = new Ajv({ allErrors: true, strict: false });
  const compiled = new Map<string, ValidateFunction>();
  const at = (path: readonly string[]): Schema | undefined =>
    path.reduce<Schema | undefined>((schema, name) => schema?.properties?.[name], root);
  return {
    has: (...path) => at(path) !== undefined,
    problems: (value, ...path) => {
      const name = path.join(".");
      const schema = at(path);
      if (schema === undefined) return [`Grafana has no ${name}`];
      const validate = compiled.get(name) ?? ajv.compile(schema);
      compiled.set(name, validate);
      if (validate(value)) return [];
      return (validate.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `${name}${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    },
  };
}

// The generator's own way to read a tsconfig.json does not find types that a package exports by a path; and
// it works with the compiler that it brings along, not with ours.
function typesProgram(): Program {
  const require = createRequire(import.meta.url);
  const typescript = createRequire(require.resolve("ts-json-schema-generator"))(
    "typescript",
  ) as Compiler;
  return typescript.createProgram([TYPES], {
    module: typescript.ModuleKind.NodeNext,
    moduleResolution: typescript.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
  });
}
