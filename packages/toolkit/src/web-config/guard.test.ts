import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { type RequestOptions, request } from "node:https";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { hashSync } from "bcryptjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ListeningServer, listen } from "../listen.ts";
import { createLogger } from "../log/logger.ts";
import { sendText } from "../router.ts";

const data = fileURLToPath(new URL("./testdata/", import.meta.url));
const pem = (name: string) => readFileSync(`${data}${name}.test.pem`, "utf8");
const key = (name: string) => readFileSync(`${data}${name}.test.key`, "utf8");
const TLS = `cert_file: ${data}server.test.pem, key_file: ${data}server.test.key`;
const HASH = hashSync("secret", 4);

let directory: string;
let file: string;
let lines: string[];
const open: ListeningServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "guard-"));
  file = join(directory, "web.yml");
  lines = [];
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close({ timeoutMs: 0 })));
  rmSync(directory, { recursive: true });
});

async function serve(yaml: string) {
  writeFileSync(file, yaml);
  const logger = createLogger({ format: "json", destination: { write: (x) => lines.push(x) } });
  const server = await listen((_, response) => sendText(response, 200, "hello\n"), {
    logger,
    webConfigFile: file,
    webConfigRecheckMs: 0,
  });
  open.push(server);
  return server;
}

const messages = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
const basic = (user: string, password: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
});

/** One GET by a connection of its own; the status, or the code of the error. */
function get(server: ListeningServer, options: ConnectionOptions = {}): Promise<number | string> {
  return new Promise((resolve) => {
    const { cert, key: privateKey, maxVersion } = options;
    const trust: RequestOptions = { ca: [pem("ca"), pem("server-rsa")], agent: false };
    const call = request(
      server.url,
      { ...trust, cert, key: privateKey, maxVersion },
      (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    call.on("error", () => resolve("refused"));
    call.end();
  });
}

/** The serial number of the certificate that a new connection is shown. */
async function serial(server: ListeningServer, options: ConnectionOptions = {}) {
  const socket = connect({ port: server.port, rejectUnauthorized: false, ...options });
  await once(socket, "secureConnect");
  const shown = [socket.getPeerCertificate().subject.CN, socket.getProtocol()];
  socket.destroy();
  return shown.join(" ");
}

describe("a web.yml with basic_auth_users", () => {
  it("lets only those in who know a password", async () => {
    const server = await serve(`basic_auth_users: {alice: ${HASH}}`);
    const refused = await fetch(server.url);
    expect([
      refused.status,
      refused.headers.get("www-authenticate"),
      refused.headers.get("content-type"),
      await refused.text(),
    ]).toEqual([401, "Basic", "text/plain; charset=utf-8", "Unauthorized\n"]);
    const status = async (init: RequestInit) => (await fetch(server.url, init)).status;
    expect(await status(basic("alice", "secret"))).toBe(200);
    expect(await status(basic("alice", "wrong"))).toBe(401);
    expect(await status(basic("bob", "secret"))).toBe(401);
    expect(await status({ headers: { authorization: "Basic %%%" } })).toBe(401);
    expect(lines.join()).not.toMatch(/secret|\$2b/);
  });
});

describe("a web.yml with headers and rate_limit", () => {
  it("sets the headers on every answer and limits the rate", async () => {
    const server = await serve(`
http_server_config: {headers: {X-Frame-Options: deny, Strict-Transport-Security: max-age=31536000}}
rate_limit: {interval: 1h, burst: 2}
`);
    const answers = [await fetch(server.url), await fetch(server.url), await fetch(server.url)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get("x-frame-options"))).toEqual([
      "deny",
      "deny",
      "deny",
    ]);
    expect(await answers[2]?.text()).toBe("Too Many Requests\n");
  });

  it("warns of a rate limit that refuses everything", async () => {
    await serve("rate_limit: {interval: 1s}");
    expect(messages()).toEqual(["rate_limit has no burst: every request will be refused with 429"]);
  });
});

describe("a web.yml with tls_server_config", () => {
  it("serves HTTPS, and no HTTP", async () => {
    const server = await serve(`tls_server_config: {${TLS}}`);
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`);
    expect(await get(server)).toBe(200);
    await expect(fetch(server.url.replace("https", "http"))).rejects.toThrow();
    expect(await get(server)).toBe(200);
  });

  it.each([
    ["TLS12", "TLS13", { maxVersion: "TLSv1.2" }, "localhost TLSv1.2"],
    ["TLS12", "TLS12", {}, "localhost TLSv1.2"],
    ["TLS12", "TLS13", {}, "localhost TLSv1.3"],
    ["TLS10", "TLS10", { minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" }, "localhost TLSv1"],
    [
      "TLS11",
      "TLS12",
      { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
      "localhost TLSv1.1",
    ],
  ] as const)("speaks %s to %s: with %j %s", async (min, max, options, protocol) => {
    const server = await serve(
      `tls_server_config: {${TLS}, min_version: ${min}, max_version: ${max}}`,
    );
    expect(await serial(server, options)).toBe(protocol);
  });

  it.each([
    ["min_version: TLS13", { maxVersion: "TLSv1.2" }],
    [
      "min_version: TLS12",
      { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
    ],
    [
      "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]",
      { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" },
    ],
    ["curve_preferences: [CurveP384]", { ecdhCurve: "X25519" }],
  ] as const)("with %s refuses %j", async (setting, options) => {
    const server = await serve(`tls_server_config: {${TLS}, ${setting}}`);
    await expect(serial(server, options)).rejects.toThrow();
  });

  it("cuts a reader that takes nothing, also behind TLS", async () => {
    writeFileSync(file, `tls_server_config: {${TLS}}`);
    let onClose = () => {};
    const closed = new Promise<void>((resolve) => {
      onClose = resolve;
    });
    const logger = createLogger({ format: "json", destination: { write: (x) => lines.push(x) } });
    const server = await listen(
      (_, response) => {
        response.on("close", onClose);
        response.end(Buffer.alloc(64 * 1024 * 1024, "x"));
      },
      { logger, webConfigFile: file, limits: { writeTimeoutMs: 100 } },
    );
    open.push(server);
    const socket = connect({ port: server.port, rejectUnauthorized: false });
    socket.on("error", () => {}).write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.pause();
    await closed;
    socket.destroy();
    expect(messages()).toEqual(["a reader took nothing, its connection was cut"]);
  });

  it("lets an answer under way finish when it closes", async () => {
    writeFileSync(file, `tls_server_config: {${TLS}}`);
    let proceed = () => {};
    const gate = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const server = await listen(
      async (_, response) => {
        response.write("first ");
        await gate;
        response.end("second");
      },
      { logger: createLogger({ destination: { write: () => {} } }), webConfigFile: file },
    );
    const response = await new Promise<IncomingMessage>((resolve) => {
      request(server.url, { ca: pem("ca"), agent: false }, resolve).end();
    });
    const closed = server.close({ timeoutMs: 60_000 });
    proceed();
    let text = "";
    for await (const chunk of response) text += String(chunk);
    expect(text).toBe("first second");
    await closed;
  });

  it("outlives garbage, half a handshake, and closes in order", async () => {
    const server = await serve(`tls_server_config: {${TLS}}`);
    const garbage = connectTcp(server.port, "127.0.0.1");
    garbage.on("error", () => {}).end("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100));
    await once(garbage.resume(), "close");
    const half = connectTcp(server.port, "127.0.0.1");
    await once(half, "connect");
    half.on("error", () => {}).write(Buffer.from([22, 3, 1, 0, 200]));
    expect(await get(server)).toBe(200);
    const gone = once(half.resume(), "close");
    await server.close({ timeoutMs: 60_000 });
    await gone;
  });
});

describe("a web.yml with client certificates", () => {
  const client = { cert: pem("client"), key: key("client") };
  const stranger = { cert: pem("stranger"), key: key("stranger") };
  const ca = `client_ca_file: ${data}ca.test.pem`;

  it.each([
    ["NoClientCert", "", { none: 200, client: 200, stranger: 200 }],
    ["RequestClientCert", ca, { none: 200, client: 200, stranger: 200 }],
    ["RequireAnyClientCert", ca, { none: "refused", client: 200, stranger: 200 }],
    ["VerifyClientCertIfGiven", ca, { none: 200, client: 200, stranger: "refused" }],
    ["RequireAndVerifyClientCert", ca, { none: "refused", client: 200, stranger: "refused" }],
  ])("of type %s", async (type, more, expected) => {
    const server = await serve(`tls_server_config: {${TLS}, client_auth_type: ${type}, ${more}}`);
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      expect({
        none: await get(server, { maxVersion }),
        client: await get(server, { ...client, maxVersion }),
        stranger: await get(server, { ...stranger, maxVersion }),
      }).toEqual(expected);
    }
  });

  it.each([
    ["prometheus.example", 200],
    ["192.0.2.7", 200],
    ["2001:db8::7", 200],
    ["ops@example.org", 200],
    ["spiffe://example.org/prometheus", 200],
    ["PROMETHEUS.example", "refused"],
    ["example", "refused"],
    ["2001:db8::8", "refused"],
  ])("that must name %s", async (san, expected) => {
    const server = await serve(
      `tls_server_config: {${TLS}, client_auth_type: RequireAndVerifyClientCert, ${ca}, client_allowed_sans: [other.example, "${san}"]}`,
    );
    expect(await get(server, client)).toBe(expected);
  });
});

describe("a web.yml that changes", () => {
  it("takes effect at the next request", async () => {
    const server = await serve(`basic_auth_users: {alice: ${HASH}}`);
    expect((await fetch(server.url)).status).toBe(401);
    writeFileSync(file, "http_server_config: {headers: {X-Frame-Options: sameorigin}}");
    const answer = await fetch(server.url);
    expect([answer.status, answer.headers.get("x-frame-options")]).toEqual([200, "sameorigin"]);
    expect(messages().at(-1)).toBe("web configuration read again");
  });

  it("stays in force as it was when the new one is wrong, says so once, and recovers", async () => {
    const server = await serve(`basic_auth_users: {alice: ${HASH}}`);
    const statuses = async () => [
      (await fetch(server.url)).status,
      (await fetch(server.url, basic("alice", "secret"))).status,
    ];
    writeFileSync(file, "basic_auth_user: {}");
    expect(await statuses()).toEqual([401, 200]);
    rmSync(file);
    expect(await statuses()).toEqual([401, 200]);
    expect(messages()).toEqual([
      "the new web configuration is wrong, the last good one stays in force",
      "the new web configuration is wrong, the last good one stays in force",
    ]);
    writeFileSync(file, "{}");
    expect((await fetch(server.url)).status).toBe(200);
  });

  it("serves a renewed certificate to the next connection", async () => {
    const swap = (name: string) => {
      copyFileSync(`${data}${name}.test.pem`, join(directory, "cert.pem"));
      copyFileSync(`${data}${name}.test.key`, join(directory, "key.pem"));
    };
    swap("server");
    const server = await serve("tls_server_config: {cert_file: cert.pem, key_file: key.pem}");
    expect(await serial(server)).toBe("localhost TLSv1.3");
    // The certificate comes first and does not fit the old key: that moment is survived.
    copyFileSync(`${data}server-2.test.pem`, join(directory, "cert.pem"));
    expect(await serial(server)).toBe("localhost TLSv1.3");
    swap("server-2");
    expect(await serial(server)).toBe("localhost-2 TLSv1.3");
  });

  it("asks for client certificates from the next connection on", async () => {
    const server = await serve(`tls_server_config: {${TLS}}`);
    expect(await get(server)).toBe(200);
    writeFileSync(file, `tls_server_config: {${TLS}, client_auth_type: RequireAnyClientCert}`);
    expect(await get(server)).toBe("refused");
    expect(await get(server, { cert: pem("client"), key: key("client") })).toBe(200);
  });

  it("does not drop TLS under the hands of its users", async () => {
    const server = await serve(`tls_server_config: {${TLS}}`);
    writeFileSync(file, "{}");
    expect(await get(server)).toBe(200);
    const last = JSON.parse(lines.at(-1) ?? "") as { err: string };
    expect(last.err).toBe("tls_server_config was removed; restart for that to take effect");
  });
});
