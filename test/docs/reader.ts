import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type RunningEndpoint, startEndpoint } from "../harness/endpoint.ts";
import { runProgram } from "../harness/run-program.ts";
import { until } from "../harness/until.ts";
import type { CodeBlock } from "./markdown-blocks.ts";

const MAIN = "packages/linklight/dist/main.js";
const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Somebody who reads a page from top to bottom and does what it says: saves the files, starts the
 * endpoint, asks for pages, and compares what is printed with what the page promises.
 *
 * | block | the reader |
 * |---|---|
 * | `ts file=NAME` | saves it |
 * | `ts replace=NAME` | saves the file with this line instead of the one that begins as it does |
 * | `ts collector=NAME` | saves it and starts the endpoint with it |
 * | `ts program=NAME` | saves it and runs it until it listens |
 * | `ts test` | runs it |
 * | `ts output` | runs it, and compares what it prints with the next `text`, line by line |
 * | `sh` with `npm start …` | starts the endpoint, on a free port instead of 8000 |
 * | `sh` with `curl …` | asks, and pipes the answer into the command behind `|` |
 * | `sh` with the command line | runs it, against the endpoint that it started; what `promql` and `test` print is compared with the next `text` |
 * | `text` | finds each line in the last answer, or in the log; `…` stands for anything |
 */
export class Reader {
  readonly #folder: string;
  #endpoint: RunningEndpoint | undefined;
  #url = "";
  /** What a program printed, until something else is done. */
  #printed: readonly string[] | undefined;
  #files = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** A reader with an empty folder within the project, from which `@linklight/client` resolves. */
  static async sitDown(): Promise<Reader> {
    await mkdir(join(root, ".cache"), { recursive: true });
    return new Reader(await mkdtemp(join(root, ".cache", "reader-")));
  }

  async leave(): Promise<void> {
    await this.#endpoint?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Does what a block says. Gives what the page promises and did not happen, empty when all is well. */
  async follow({ language, note, text }: CodeBlock): Promise<string[]> {
    const [kind, name = ""] = note.split("=");
    if (language === "text") {
      const lines = text.split("\n");
      return this.#printed ? difference(lines, this.#printed) : await this.#compare(lines);
    }
    if (language !== "") this.#printed = undefined;
    if (kind === "file" || kind === "collector") await writeFile(join(this.#folder, name), text);
    if (kind === "collector") return await this.#tryCollector(name);
    if (kind === "program")
      return await this.#run(
        text.replace(/\.listen\(8000, (.*)\);/, ".listen(0, $1, () => process.exit());"),
      );
    if (kind === "replace") await this.#replace(name, text);
    else if (kind === "test" || kind === "output") return await this.#run(text);
    else if (language === "sh") return await this.#type(text.split("\n"));
    return [];
  }

  async #replace(name: string, line: string): Promise<void> {
    const path = join(this.#folder, name);
    const before = await readFile(path, "utf8");
    const start = line.slice(0, line.indexOf("="));
    const loaded = (): number =>
      this.#endpoint?.logs().filter((entry) => entry.includes("loaded")).length ?? 0;
    const loads = loaded();
    await writeFile(
      path,
      before
        .split("\n")
        .map((old) => (old.startsWith(start) ? line : old))
        .join("\n"),
    );
    await until("the collector to be loaded again", () => loaded() > loads || undefined);
  }

  async #tryCollector(name: string): Promise<string[]> {
    await this.#start(`--collector ${name}`);
    const page = await (await fetch(`http://${this.#endpoint?.address}/metrics`)).text();
    return page.includes("linklight_collector_success")
      ? []
      : [`the collector is not asked:\n${page}`];
  }

  async #run(text: string): Promise<string[]> {
    const path = join(this.#folder, `run-${++this.#files}.ts`);
    await writeFile(path, text);
    const { code, stdout, stderr } = await runProgram(
      process.execPath,
      ["--import", "jiti/register", path],
      { cwd: root },
    );
    if (stdout !== "") this.#printed = stdout.trimEnd().split("\n");
    return code === 0 ? [] : [`it ends with code ${code}:\n${stdout}${stderr}`];
  }

  async #type(commands: readonly string[]): Promise<string[]> {
    for (const command of commands) {
      const [, args = ""] = /^npm start(?: --)?(.*)$/.exec(command) ?? [];
      if (command.startsWith("npm start")) await this.#start(args.trim());
      else if (command.startsWith("curl ")) {
        const problem = await this.#ask(command);
        if (problem !== undefined) return [problem];
      } else if (command.startsWith(`node ${MAIN} `)) {
        const problem = await this.#linklight(command.slice(`node ${MAIN} `.length));
        if (problem !== undefined) return [problem];
      }
    }
    return [];
  }

  async #linklight(args: string): Promise<string | undefined> {
    const url = args.startsWith("incident ") ? ["--url", `http://${this.#endpoint?.address}`] : [];
    const { code, stdout, stderr } = await runProgram(
      process.execPath,
      [join(root, MAIN), ...words(args), ...url],
      { cwd: this.#folder },
    );
    if (/^(?:promql|test) /.test(args)) this.#printed = stdout.trimEnd().split("\n");
    return code === 0 ? undefined : `linklight ${args} ends with code ${code}:\n${stderr}`;
  }

  async #start(args: string): Promise<void> {
    await this.#endpoint?.stop();
    const files = args
      .split(/\s+/)
      .filter((arg) => arg !== "")
      .map((arg) => (arg.endsWith(".ts") ? join(this.#folder, arg) : arg));
    this.#endpoint = await startEndpoint(...files);
  }

  async #ask(command: string): Promise<string | undefined> {
    const [, url = "", pipe] = /^curl (?:-s )?(\S+)(?: \| (.*))?$/.exec(command) ?? [];
    this.#url = url.replace(/^http:\/\/localhost:8000/, `http://${this.#endpoint?.address}`);
    if (pipe === undefined) return undefined;
    const page = await (await fetch(this.#url)).text();
    const [program, ...args] = pipe.split(" ");
    const { code, stdout, stderr } = await runProgram(program as string, args, {
      cwd: root,
      stdin: page,
    });
    return code === 0 && stdout + stderr === ""
      ? undefined
      : `${pipe} ends with code ${code}:\n${stdout}${stderr}`;
  }

  /** What is missing from the answer; a page may take a while until it shows what was done. */
  async #compare(expected: readonly string[]): Promise<string[]> {
    let missing: readonly string[] = expected;
    const isComplete = async (): Promise<true | undefined> => {
      const isLog = expected.some((line) => line.startsWith("["));
      const printed = isLog
        ? await this.#logLines(expected)
        : (await (await fetch(this.#url)).text()).split("\n");
      missing = expected.filter((line) => !printed.some((other) => pattern(line).test(other)));
      return missing.length === 0 || undefined;
    };
    await until("what the page promises", isComplete, 25_000).catch(() => undefined);
    return missing.map((line) => `not printed: ${line}`);
  }

  /** The log once it has as many lines as expected: the line of a collection comes after its answer. */
  async #logLines(expected: readonly string[]): Promise<readonly string[]> {
    if (expected.some((line) => line.includes("collected")))
      await (await fetch(`http://${this.#endpoint?.address}/metrics`)).text();
    return (await until("the log", () => {
      const lines = this.#endpoint?.logs() ?? [];
      return lines.length >= expected.length ? lines : undefined;
    })) as readonly string[];
  }
}

/** The words of a command line; what stands in single quotes is one. */
function words(args: string): string[] {
  return (args.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/s, "$1"));
}

/** Where what was printed is not what a page says, in its order. */
function difference(expected: readonly string[], printed: readonly string[]): string[] {
  const length = Math.max(expected.length, printed.length);
  return Array.from({ length }, (_, i) => [expected[i], printed[i]] as const)
    .filter(([line, other]) => line === undefined || !pattern(line.trimEnd()).test(other ?? ""))
    .map(([line = "nothing more", other = "nothing more"]) => `said: ${line}\nprinted: ${other}`);
}

/** A line of a page as a pattern: times, ports and durations differ each time. */
function pattern(line: string): RegExp {
  const text = line
    .replace(/^\[\d{4}-[^\]]*\] /, "")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/port 8000/, "port \\d+")
    .replace(/\d+\\\.\d ms/, "[\\d.]+ ms")
    .replaceAll("…", ".*");
  return new RegExp(`^${text}$`);
}
