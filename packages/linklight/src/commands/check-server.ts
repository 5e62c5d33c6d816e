import { get as httpGet, type IncomingMessage } from "node:http";
import process from "node:process";
import type { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import { noAnswerReason, pageOf, serverUrlOption, shownUrl } from "./server-url.ts";

/** Shorter than the patience of whoever restarts an unhealthy container. */
const TIMEOUT_MS = 5000;

/** A health page's first line is shown, no more. */
const LONGEST_ANSWER = 1000;

/** Adds `linklight check healthy` or `linklight check ready`: what a container uses as its health check. */
export function addCheckServerCommand(check: Command, what: "healthy" | "ready"): void {
  check
    .command(what)
    .summary(`whether a server answers that it is ${what}`)
    .description(
      `Checks whether a server, of linklight or of Prometheus, answers that it is ${what}.`,
    )
    .addOption(serverUrlOption("where the server is"))
    .addHelpText("after", `\nIt waits ${TIMEOUT_MS / 1000} s for the answer at /-/${what}.`)
    .action(({ url }: { readonly url: URL }) => checkServer(url, what));
}

async function checkServer(url: URL, what: string): Promise<void> {
  const page = pageOf(url, `/-/${what}`);
  const shown = shownUrl(url);
  let answer: Answer;
  try {
    answer = await ask(page);
  } catch (cause) {
    throw new CommandFailure(
      `check failed: URL=${shown}, no answer: ${noAnswerReason(cause, TIMEOUT_MS)}`,
      undefined,
      { cause },
    );
  }
  if (answer.status !== 200) {
    const hint =
      answer.status === 401 ? ": give name and password as http://name:password@host" : "";
    throw new CommandFailure(`check failed: URL=${shown}, status=${answer.status}${hint}`);
  }
  process.stderr.write(`  SUCCESS:  ${answer.text.trim()}\n`);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function ask(url: URL): Promise<Answer> {
  const get = url.protocol === "https:" ? (await import("node:https")).get : httpGet;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { signal, agent: false }, resolve).on("error", reject);
  });
  let text = "";
  response.setEncoding("utf8");
  for await (const piece of response) {
    text += piece as string;
    if (text.length > LONGEST_ANSWER) break;
  }
  return { status: response.statusCode ?? 0, text: text.slice(0, LONGEST_ANSWER) };
}
