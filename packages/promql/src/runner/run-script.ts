import { Engine } from "../engine/engine.ts";
import type { EngineOptions } from "../engine/engine-options.ts";
import { AppendError } from "../queryable/append-error.ts";
import { MemoryStorage } from "../queryable/memory-storage.ts";
import type { Command, LoadCommand } from "../script/command.ts";
import { parseScript } from "../script/parse-script.ts";
import { ScriptError } from "../script/script-error.ts";
import type { CommandFailure } from "./command-failure.ts";
import { loadSamples } from "./load-samples.ts";
import { mismatch } from "./mismatch.ts";
import { type QueryEngine, runEval } from "./run-eval.ts";

/** How the engine is set that runs scripts: as in Prometheus' own tests, every feature on. */
export const SCRIPT_ENGINE_OPTIONS: EngineOptions = {
  lookbackDeltaMs: 5 * 60_000,
  defaultSubqueryStepMs: 60_000,
  maxSamples: 10_000,
  timeoutMs: 100_000,
  features: "all",
};

/** How a script is run. */
export interface ScriptOptions {
  /** What answers the queries; an `Engine` with {@link SCRIPT_ENGINE_OPTIONS}. */
  readonly engine?: QueryEngine;
  /** Ends the run between two commands. */
  readonly signal?: AbortSignal;
}

/** What became of a command. */
export interface CommandOutcome {
  /** Undefined for a script that could not be read. */
  readonly command: Command | undefined;
  /** Why it did not hold; undefined when it did. */
  readonly failure: CommandFailure | undefined;
}

/**
 * Runs a script in Prometheus' test language, command by command. There is one outcome for each `eval`, however
 * often its query is asked in how many ways, and one for each `load` that failed; a failing command never stops
 * those after it. A script that cannot be read is not run, and has a single outcome.
 *
 * ```ts
 * for await (const { failure } of runScript("load 1m\n  up 1\n\neval instant at 1m up\n  up 1\n"))
 *   if (failure !== undefined) console.log(describeFailure(failure, "up.test"));
 * ```
 */
export async function* runScript(
  text: string,
  { engine = new Engine(SCRIPT_ENGINE_OPTIONS), signal }: ScriptOptions = {},
): AsyncGenerator<CommandOutcome, void, undefined> {
  let commands: readonly Command[];
  try {
    commands = parseScript(text);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    yield { command: undefined, failure: unreadable(error, text) };
    return;
  }
  const storage = new MemoryStorage();
  for (const command of commands) {
    signal?.throwIfAborted();
    if (command.kind === "clear") storage.clear();
    else if (command.kind === "eval")
      yield { command, failure: await runEval(command, storage, engine) };
    else {
      const failure = runLoad(command, storage);
      if (failure !== undefined) yield { command, failure };
    }
  }
}

function runLoad(command: LoadCommand, storage: MemoryStorage): CommandFailure | undefined {
  try {
    loadSamples(command, storage);
    return undefined;
  } catch (error) {
    // RangeError: a classic histogram that cannot be converted, or a time beyond what a double counts.
    if (!(error instanceof AppendError || error instanceof RangeError)) throw error;
    const { line, text } = command;
    return {
      line,
      column: undefined,
      text,
      how: undefined,
      mismatch: mismatch(error.message),
      error,
    };
  }
}

/** The first mistake with its place, and where the others are. */
function unreadable(error: ScriptError, text: string): CommandFailure {
  const others = error.errors.slice(1).map(({ message }) => `and at ${message}`);
  return {
    line: error.line,
    column: error.column,
    text: text.split("\n")[error.line - 1]?.trim() ?? "",
    how: undefined,
    mismatch: { ...mismatch(error.reason), notes: others },
    error,
  };
}
