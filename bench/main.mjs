// npm run bench [-- QUESTION…] [--quick]
//
// Answers all questions, or those named, as Markdown on standard output. --quick takes a few scrapes and
// iterations: enough to see that everything runs, and nothing to quote.
import process from "node:process";
import { machine } from "./harness/machine.mjs";

const QUESTIONS = [
  "scrape-cost",
  "write-speed",
  "parse-speed",
  "increment-speed",
  "observe-speed",
  "model-time",
  "history",
  "many-switches",
  "promql-speed",
  "tsdb-speed",
];

const { asked, quick } = readArguments(process.argv.slice(2));
const print = (text) => process.stdout.write(text);
print(`${machine()}${quick ? "; quick, not to be quoted" : ""}\n\n`);
for (const name of asked) {
  const { question, answer } = await import(`./${name}.mjs`);
  print(`## ${question}\n\n`);
  await answer({ quick, print });
}

function readArguments(given) {
  const names = given.filter((argument) => argument !== "--quick");
  const unknown = names.filter((name) => !QUESTIONS.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(
      `unknown question ${unknown.join(", ")}: choose among ${QUESTIONS.join(", ")}, and --quick\n`,
    );
    process.exit(2);
  }
  return { asked: names.length === 0 ? QUESTIONS : names, quick: given.includes("--quick") };
}
