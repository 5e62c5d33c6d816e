import { hashSync } from "bcryptjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PasswordChecker, parseBasicAuth } from "./basic-auth.ts";
import { parseSubjectAltName } from "./client-certificate.ts";
import { parseGoDuration } from "./go-duration.ts";
import { passwordHashProblem } from "./password-hash.ts";
import { PasswordThread } from "./password-thread.ts";
import { RateLimiter } from "./rate-limiter.ts";

describe("parseGoDuration", () => {
  it.each([
    ["0", 0],
    ["1s", 1000],
    ["1.5h", 5_400_000],
    ["1m30s", 90_000],
    ["250ms", 250],
    [".5s", 500],
    ["10us", 0.01],
    ["-1s", -1000],
    ["+1s", 1000],
    ["1", undefined],
    ["", undefined],
    ["1d", undefined],
    ["1s 2s", undefined],
    ["s", undefined],
    ["1sx", undefined],
    ["9".repeat(10_000), undefined],
  ])("of %j is %j", (text, milliseconds) => {
    expect(parseGoDuration(text)).toBe(milliseconds);
  });
});

describe("passwordHashProblem", () => {
  const body = "QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi".slice(0, 53);

  it.each(["$2a$04$", "$2b$10$", "$2y$31$"])("takes %s…", (head) => {
    expect(passwordHashProblem(head + body)).toBeUndefined();
  });

  it.each(["", "plain", "$1$10$", "$2x$10$", "$2y$1$", "$2y$10$!"])("refuses %s…", (head) => {
    expect(passwordHashProblem(head + body)).toMatch(/^expected a bcrypt hash/);
  });

  it("refuses costs that bcrypt does not have", () => {
    expect(passwordHashProblem(`$2y$32$${body}`)).toBe(
      "crypto/bcrypt: cost 32 is outside allowed inclusive range 4..31",
    );
  });
});

describe("parseBasicAuth", () => {
  const encode = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

  it("reads back any user without a colon and any password", () => {
    const text = fc.string({ unit: "grapheme" });
    const property = fc.property(text, text, (user, password) => {
      fc.pre(!user.includes(":"));
      expect(parseBasicAuth(encode(`${user}:${password}`))).toEqual({ user, password });
    });
    fc.assert(property, { seed: 42 });
  });

  it.each([
    undefined,
    "",
    "Basic",
    "Basic ",
    "Basic !!!!",
    "Basic YQ",
    "Basic YQ==",
    "Bearer YTpi",
    `Basic ${"A".repeat(16_001)}`,
    `Basic ${"=".repeat(16_000)}`,
  ])("takes %j for no credentials", (header) => {
    expect(parseBasicAuth(header)).toBeUndefined();
  });

  it("takes the scheme in any case", () => {
    expect(parseBasicAuth("bASIC YTpiOmM=")).toEqual({ user: "a", password: "b:c" });
  });
});

describe("PasswordChecker", () => {
  const users = new Map([["alice", hashSync("secret", 4)]]);

  it.each([
    ["alice", "secret", "granted"],
    ["alice", "wrong", "denied"],
    ["bob", "secret", "denied"],
    ["__proto__", "secret", "denied"],
    ["alice", "s".repeat(10_000), "denied"],
  ])("of %s with %.10s: %s", async (user, password, verdict) => {
    const checker = new PasswordChecker();
    expect(await checker.check({ user, password }, users)).toBe(verdict);
    expect(await checker.check({ user, password }, users)).toBe(verdict);
    await checker.close();
  });

  it("takes the $2y$ hashes that htpasswd makes", async () => {
    const hash = hashSync("secret", 4).replace(/^\$2b/, "$2y");
    const checker = new PasswordChecker();
    const verdict = checker.check({ user: "a", password: "secret" }, new Map([["a", hash]]));
    expect(await verdict).toBe("granted");
    await checker.close();
  });

  function counted() {
    const hashes: string[] = [];
    let running = 0;
    let most = 0;
    const checker = new PasswordChecker(async (password, hash) => {
      hashes.push(hash);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return password === "secret";
    });
    return { checker, hashes, mostAtOnce: () => most };
  }

  it("computes an unknown user's check as well, at the same cost", async () => {
    const { checker, hashes } = counted();
    const dear = new Map([
      ["a", `$2b$05$${"x".repeat(53)}`],
      ["b", `$2y$12$${"x".repeat(53)}`],
    ]);
    expect(await checker.check({ user: "nobody", password: "secret" }, dear)).toBe("denied");
    expect(hashes.map((hash) => [hash.slice(0, 7), hash.length])).toEqual([["$2b$12$", 60]]);
  });

  it("computes each pair once, also when asked twice at the same time", async () => {
    const { checker, hashes } = counted();
    const ask = () => checker.check({ user: "alice", password: "secret" }, users);
    expect([...(await Promise.all([ask(), ask()])), await ask()]).toEqual([
      "granted",
      "granted",
      "granted",
    ]);
    expect(hashes).toHaveLength(1);
  });

  it("computes again when the hash of a user changed", async () => {
    const { checker, hashes } = counted();
    await checker.check({ user: "alice", password: "secret" }, users);
    await checker.check({ user: "alice", password: "secret" }, new Map([["alice", "other"]]));
    expect(hashes).toHaveLength(2);
  });

  it("computes one at a time, turns a flood away, and still knows who was right before", async () => {
    const { checker, hashes, mostAtOnce } = counted();
    const good = { user: "alice", password: "secret" };
    await checker.check(good, users);
    for (let round = 0; round < 10; round++) {
      const flood = Array.from({ length: 200 }, (_, i) =>
        checker.check({ user: "alice", password: `${round} ${i}` }, users),
      );
      const verdicts = await Promise.all([...flood, checker.check(good, users)]);
      expect(verdicts.filter((verdict) => verdict === "denied")).toHaveLength(32);
      expect(verdicts.filter((verdict) => verdict === "busy")).toHaveLength(168);
      expect(verdicts.at(-1)).toBe("granted");
    }
    expect([mostAtOnce(), hashes.length]).toEqual([1, 321]);
  });

  it("denies when the comparison fails", async () => {
    const checker = new PasswordChecker(() => Promise.reject(new Error("x")));
    expect(await checker.check({ user: "alice", password: "secret" }, users)).toBe("denied");
  });
});

describe("PasswordThread", () => {
  it("compares, survives a malformed hash, and starts again after its end", async () => {
    const thread = new PasswordThread();
    const hash = hashSync("secret", 4);
    expect(await thread.compare("secret", hash)).toBe(true);
    await expect(thread.compare("secret", `$2x$04$${"x".repeat(53)}`)).rejects.toThrow();
    expect(await thread.compare("wrong", hash)).toBe(false);
    await thread.close();
    expect(await thread.compare("secret", hash)).toBe(true);
    await thread.close();
  });

  it("gives an answer when the thread is ended in the midst of it", async () => {
    const thread = new PasswordThread();
    const answer = thread.compare("secret", hashSync("secret", 8));
    await thread.close();
    expect(await answer).toBe(true);
    await thread.close();
  });
});

describe("RateLimiter", () => {
  it("lets a burst pass, then one each interval", () => {
    let time = 0;
    const limiter = new RateLimiter({ intervalMs: 100, burst: 2 }, () => time);
    const at = (now: number) => {
      time = now;
      return limiter.allow();
    };
    expect([0, 0, 0, 99, 101, 102, 10_000, 10_000, 10_000].map(at)).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it("lets nothing pass without a burst, as exporter-toolkit", () => {
    let time = 0;
    const limiter = new RateLimiter({ intervalMs: 1, burst: 0 }, () => time);
    time = 1e6;
    expect(limiter.allow()).toBe(false);
  });
});

describe("parseSubjectAltName", () => {
  it.each([
    ["", []],
    ["DNS:a.example, IP Address:192.0.2.7", ["a.example", "192.0.2.7"]],
    ["email:a@b.c, URI:spiffe://x/y", ["a@b.c", "spiffe://x/y"]],
    ['DNS:"a, DNS:b", DNS:c', ["a, DNS:b", "c"]],
    ['URI:"http://x/\\", DNS:evil", DNS:c', ['http://x/", DNS:evil', "c"]],
    ["othername:<unsupported>, DNS:a", ["a"]],
    ["DirName:CN = DNS:evil, DNS:a", ["a"]],
    [", , DNS:a", ["a"]],
    ['DNS:"unfinished', []],
  ])("of %j is %j", (text, names) => {
    expect(parseSubjectAltName(text)).toEqual(names);
  });
});
