/**
 * Prometheus' PromQL test language: its parser, and the runner that judges an engine by scripts in it.
 * @module
 */

export type { CommandFailure } from "./runner/command-failure.ts";
export { describeFailure } from "./runner/command-failure.ts";
// Running scripts.
export { loadSamples } from "./runner/load-samples.ts";
export type { Difference, Mismatch } from "./runner/mismatch.ts";
export type { QueryEngine } from "./runner/run-eval.ts";
export type { CommandOutcome, ScriptOptions } from "./runner/run-script.ts";
export { runScript, SCRIPT_ENGINE_OPTIONS } from "./runner/run-script.ts";
export type {
  ClearCommand,
  Command,
  EvalCommand,
  Expectations,
  ExpectedRow,
  ExpectedValue,
  LoadCommand,
  LoadedSeries,
  MessageTest,
  SequenceValue,
  StepsNotation,
} from "./script/command.ts";
// Reading scripts.
export { parseScript } from "./script/parse-script.ts";
export { ScriptError } from "./script/script-error.ts";
