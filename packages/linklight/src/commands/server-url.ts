import { InvalidArgumentError, Option } from "commander";

const DEFAULT_URL = "http://127.0.0.1:8000";

/** An option that takes the address of a server: by default `--url`, of an endpoint on this machine. */
export function serverUrlOption(
  description: string,
  flags = "--url <url>",
  defaultUrl: string = DEFAULT_URL,
): Option {
  return new Option(flags, description)
    .argParser(serverUrl)
    .default(new URL(defaultUrl), defaultUrl);
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
  if (code?.startsWith("HPE_")) return "it does not speak HTTP";
  switch (code) {
    case "ECONNREFUSED":
      return "connection refused; nothing listens there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the name of the host cannot be resolved";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "there is no way to the host";
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
