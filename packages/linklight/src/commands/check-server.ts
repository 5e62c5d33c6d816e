import { get as httpGet, type IncomingMessage } from "node:http";
import process from "node:process";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CommandFailure } from "../failure.ts";

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
    .addOption(
      new Option("--url <url>", "where the server is")
        .argParser(serverUrl)
        .default(new URL("http://127.0.0.1:8000"), "http://127.0.0.1:8000"),
    )
    .addHelpText("after", `\nIt waits ${TIMEOUT_MS / 1000} s for the answer at /-/${what}.`)
    .action(({ url }: { readonly url: URL }) => checkServer(url, what));
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("Expected an address such as http://127.0.0.1:8000.");
  }
  return url;
}

async function checkServer(url: URL, what: string): Promise<void> {
  const page = new URL(url);
  page.pathname = `${url.pathname.replace(/\/$/, "")}/-/${what}`;
  const shown = `${url.origin}${url.pathname.replace(/\/$/, "")}`;
  let answer: Answer;
  try {
    answer = await ask(page);
  } catch (cause) {
    throw new CommandFailure(
      `check failed: URL=${shown}, no answer: ${reasonOf(cause)}`,
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

function reasonOf(error: unknown): string {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (name === "AbortError") return `nothing within ${TIMEOUT_MS / 1000} s`;
  switch (code) {
    case "ECONNREFUSED":
      return "connection refused; nothing listens there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the name of the host cannot be resolved";
    case "ECONNRESET":
      return `${message}; perhaps it speaks https`;
    case "EPROTO":
      return "it does not speak TLS; perhaps it speaks http";
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return `${message}; name the file of its authority in the environment: NODE_EXTRA_CA_CERTS=ca.pem`;
    default:
      return message;
  }
}
