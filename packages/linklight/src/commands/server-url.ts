import { InvalidArgumentError, Option } from "commander";

const DEFAULT_URL = "http://127.0.0.1:8000";

/** The option `--url`: the address of a server that runs, by default an endpoint on this machine. */
export function serverUrlOption(description: string): Option {
  return new Option("--url <url>", description)
    .argParser(serverUrl)
    .default(new URL(DEFAULT_URL), DEFAULT_URL);
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("Expected an address such as http://127.0.0.1:8000.");
  }
  return url;
}

/** A page of a server, whose address may have a path of its own. */
export function pageOf(url: URL, path: string): URL {
  const page = new URL(url);
  page.pathname = `${url.pathname.replace(/\/$/, "")}${path}`;
  return page;
}

/** The address of a server as it may be shown: without name and password. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/$/, "")}`;
}

/** Why a server gave no answer, in plain words. */
export function noAnswerReason(error: unknown, timeoutMs: number): string {
  const { code, message, name } = error as NodeJS.ErrnoException;
  if (name === "AbortError" || name === "TimeoutError")
    return `nothing within ${timeoutMs / 1000} s`;
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
