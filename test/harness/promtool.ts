import { needPeer, type PrometheusRole } from "./peer.ts";
import { type ProgramOptions, type ProgramResult, runProgram } from "./run-program.ts";

/** Runs a real promtool to its end: `promtool("prometheus-2", ["check", "metrics"], { stdin })`. */
export function promtool(
  role: PrometheusRole,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return runProgram(needPeer(role).file("promtool"), args, options);
}
