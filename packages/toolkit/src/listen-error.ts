import { formatListenAddress, type ListenAddress } from "./listen-address.ts";

/** The server could not listen. Its message is one line for the user: what, where, what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code = "LINKLIGHT_LISTEN";
  /** The system's word for it, such as `EADDRINUSE`. */
  readonly reason: string;
  readonly address: ListenAddress;

  constructor(address: ListenAddress, cause: NodeJS.ErrnoException, flags: AddressFlags) {
    super(`cannot listen on ${formatListenAddress(address)}: ${explain(address, cause, flags)}`, {
      cause,
    });
    this.reason = cause.code ?? "unknown";
    this.address = address;
  }
}

/** The command-line flags by which the user chose the address, to name in advice. */
export interface AddressFlags {
  readonly host: string;
  readonly port: string;
}

function explain(
  address: ListenAddress,
  cause: NodeJS.ErrnoException,
  { host, port }: AddressFlags,
): string {
  switch (cause.code ?? "") {
    case "EADDRINUSE":
      return `the port is in use; stop the other process or choose another with ${port}`;
    case "EACCES":
    case "EPERM":
      return address.port < 1024
        ? `no permission: ports below 1024 are for root; choose another with ${port}`
        : `no permission; choose another with ${port}`;
    case "EADDRNOTAVAIL":
      return `this machine does not have that address; use 127.0.0.1 (only this machine) or one of its own with ${host}`;
    case "EAFNOSUPPORT":
      return `this machine does not speak that address family; use an IPv4 address with ${host}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_NODATA":
      return `the name cannot be resolved; check its spelling or give an IP address with ${host}`;
    case "EMFILE":
    case "ENFILE":
      return "too many open files; raise the limit (ulimit -n)";
    default:
      return `${cause.message}; choose another address with ${host} or ${port}`;
  }
}
