/** A variable that a compose file asks for with `${NAME:?message}` and that is not there. */
export class MissingVariableError extends Error {
  override readonly name = "MissingVariableError";
}

/**
 * Puts variables into a text of a compose file as Compose does: `$NAME`, `${NAME}`, `${NAME:-default}`,
 * `${NAME-default}`, `${NAME:+other}`, `${NAME+other}`, `${NAME:?message}`, `${NAME?message}`, each of which may hold
 * others; `$$` is a dollar sign. What is not there is empty. Throws MissingVariableError.
 */
export function interpolate(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return new Interpolation(text, env).read(false);
}

// text = { "$$" | "$" name | "${" name [ [":"] ("-" | "+" | "?") text ] "}" | any character }
class Interpolation {
  readonly #text: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #at = 0;

  constructor(text: string, env: Readonly<Record<string, string | undefined>>) {
    this.#text = text;
    this.#env = env;
  }

  /** Reads to the end, or to the brace that ends an inner text. */
  read(isInner: boolean): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? "";
      if (isInner && character === "}") break;
      if (character === "$") result += this.#variable();
      else {
        result += character;
        this.#at += 1;
      }
    }
    return result;
  }

  #variable(): string {
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith("$$")) {
      this.#at += 2;
      return "$";
    }
    const braced = /^\$\{([A-Za-z_]\w*)(:?[-+?])?/.exec(rest);
    if (braced !== null) {
      this.#at += braced[0].length;
      return this.#braced(braced[1] ?? "", braced[2]);
    }
    const [all = "$", name] = /^\$([A-Za-z_]\w*)/.exec(rest) ?? [];
    this.#at += all.length;
    return name === undefined ? all : (this.#env[name] ?? "");
  }

  #braced(name: string, operator: string | undefined): string {
    const other = this.read(true);
    this.#at += 1;
    const value = this.#env[name];
    const isSet = operator?.startsWith(":")
      ? value !== undefined && value !== ""
      : value !== undefined;
    switch (operator?.at(-1)) {
      case "-":
        return isSet ? (value ?? "") : other;
      case "+":
        return isSet ? other : "";
      case "?":
        if (!isSet)
          throw new MissingVariableError(`${name} is not set: ${other || "it is needed"}`);
        return value ?? "";
      default:
        return value ?? "";
    }
  }
}

/** The variables of a `.env` file, of which later lines win. */
export function parseEnvFile(text: string): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    const [, name, value = ""] = match ?? [];
    if (name === undefined) continue;
    const quoted = /^(["'])(.*)\1/.exec(value);
    variables[name] = quoted?.[2] ?? value.replace(/\s+#.*$/, "");
  }
  return variables;
}
