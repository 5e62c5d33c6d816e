#!/usr/bin/env node
import process from "node:process";
import { run } from "./program.ts";

// Whoever reads may have seen enough (`linklight … | head`): what is left has no reader, and is no error.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

const code = await run(process.argv.slice(2));
// Set, so that what was printed is written out first; and enforced where a user's code left a timer.
process.exitCode = code;
if (code !== 0) setTimeout(() => process.exit(code), 200).unref();
