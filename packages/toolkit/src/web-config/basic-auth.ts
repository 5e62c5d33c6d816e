import { createHmac, randomBytes } from "node:crypto";
import { passwordHashCost } from "./password-hash.ts";
import { PasswordThread } from "./password-thread.ts";

/** A user name and password as a client sent them. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Reads an `Authorization: Basic …` header (RFC 7617, UTF-8); undefined for anything else. */
export function parseBasicAuth(header: string | undefined): Credentials | undefined {
  if (header === undefined || !/^basic /i.test(header)) return undefined;
  const encoded = header.slice(6).trim();
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon === -1) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** What a check of a password says: `busy` when too many others wait. */
export type Verdict = "granted" | "denied" | "busy";

/** Compares a password with a bcrypt hash. */
export type ComparePassword = (password: string, hash: string) => Promise<boolean>;

// A scraper or two and a few people; each remembered password is 32 bytes.
const MAX_REMEMBERED = 100;
// At cost 10 a check takes about 70 ms: the last in the queue waits two seconds.
const MAX_WAITING = 32;

/**
 * Checks passwords against bcrypt hashes. One hash is computed at a time, on another thread, so that a
 * flood of wrong passwords leaves the event loop to others; what was computed is remembered; an
 * unknown user costs as much as a known one.
 */
export class PasswordChecker {
  // Keys of the memory are keyed hashes, so that no password stays in it.
  readonly #secret = randomBytes(32);
  // Apart from each other, so that no flood of wrong passwords pushes the right ones out.
  readonly #granted = new Set<string>();
  readonly #denied = new Set<string>();
  readonly #pending = new Map<string, Promise<Verdict>>();
  readonly #compare: ComparePassword;
  readonly #thread = new PasswordThread();
  #last: Promise<unknown> = Promise.resolve();

  constructor(comparePassword?: ComparePassword) {
    this.#compare = comparePassword ?? ((password, hash) => this.#thread.compare(password, hash));
  }

  /** Ends the thread; the checker can still be used, and starts another. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  /** Whether the credentials are those of one of the users; never rejects. */
  async check(
    { user, password }: Credentials,
    users: ReadonlyMap<string, string>,
  ): Promise<Verdict> {
    const known = users.get(user);
    const hash = known ?? decoyHash(users);
    const key = createHmac("sha256", this.#secret)
      .update(JSON.stringify([user, hash, password]))
      .digest("base64");
    if (refresh(this.#granted, key)) return "granted";
    if (refresh(this.#denied, key)) return "denied";
    const same = this.#pending.get(key);
    if (same !== undefined) return same;
    if (this.#pending.size >= MAX_WAITING) return "busy";

    const verdict = this.#last.then(async (): Promise<Verdict> => {
      const fits = await this.#compare(password, hash).catch(() => false);
      const granted = fits && known !== undefined;
      remember(granted ? this.#granted : this.#denied, key);
      this.#pending.delete(key);
      return granted ? "granted" : "denied";
    });
    this.#last = verdict;
    this.#pending.set(key, verdict);
    return verdict;
  }
}

// Sets keep the order of insertion: the first is the one that was not used for longest.
function refresh(memory: Set<string>, key: string): boolean {
  if (!memory.delete(key)) return false;
  memory.add(key);
  return true;
}

function remember(memory: Set<string>, key: string): void {
  memory.add(key);
  if (memory.size <= MAX_REMEMBERED) return;
  for (const oldest of memory) {
    memory.delete(oldest);
    break;
  }
}

// A hash of nothing known, as dear as the dearest of the users' own: so the time of an answer does not
// tell which users exist.
function decoyHash(users: ReadonlyMap<string, string>): string {
  const cost = Math.max(4, ...[...users.values()].map(passwordHashCost));
  return `$2b$${String(cost).padStart(2, "0")}$${"linklight".repeat(6).slice(0, 53)}`;
}
