import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkWebConfig } from "@linklight/toolkit";
import { afterAll, describe, expect, it } from "vitest";
import { PROMETHEUS_PEERS } from "../harness/peer.ts";
import { promtool } from "../harness/promtool.ts";
import { temporaryFolder } from "../harness/temporary-folder.ts";

const data = fileURLToPath(
  new URL("../../packages/toolkit/src/web-config/testdata/", import.meta.url),
);
const CERT = `cert_file: ${data}server.test.pem`;
const KEY = `key_file: ${data}server.test.key`;
const HASH = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

/** Files that both judges know: fields of later releases are left to the third version. */
const EVERYWHERE: readonly string[] = [
  "",
  `tls_server_config: {${CERT}, ${KEY}}`,
  `tls_server_config: {${CERT}}`,
  `tls_server_config: {${KEY}}`,
  `tls_server_config: {cert_file: /no/such/file, ${KEY}}`,
  `tls_server_config: {${CERT}, key_file: ${data}stranger.test.key}`,
  `tls_server_config: {${CERT}, ${KEY}, min_version: TLS12, max_version: TLS13}`,
  `tls_server_config: {${CERT}, ${KEY}, min_version: TLS14}`,
  `tls_server_config: {${CERT}, ${KEY}, min_version: tls12}`,
  `tls_server_config: {${CERT}, ${KEY}, cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]}`,
  `tls_server_config: {${CERT}, ${KEY}, cipher_suites: [TLS_NOTHING]}`,
  `tls_server_config: {${CERT}, ${KEY}, curve_preferences: [CurveP256, X25519]}`,
  `tls_server_config: {${CERT}, ${KEY}, curve_preferences: [CurveP257]}`,
  `tls_server_config: {${CERT}, ${KEY}, prefer_server_cipher_suites: false}`,
  `tls_server_config: {${CERT}, ${KEY}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ${data}ca.test.pem}`,
  `tls_server_config: {${CERT}, ${KEY}, client_auth_type: RequireAndVerifyClientCert}`,
  `tls_server_config: {${CERT}, ${KEY}, client_auth_type: NoClientCert, client_ca_file: ${data}ca.test.pem}`,
  `tls_server_config: {${CERT}, ${KEY}, client_auth_type: Nonsense}`,
  `tls_server_config: {${CERT}, ${KEY}, client_ca_file: /no/such/ca, client_auth_type: RequestClientCert}`,
  `tls_server_config: {${CERT}, ${KEY}, certfile: x}`,
  `basic_auth_users: {alice: "${HASH}"}`,
  `basic_auth_users: {alice: secret}`,
  `basic_auth_users: {alice: ""}`,
  `basic_auth_users: [alice]`,
  "http_server_config: {http2: true}",
  "http_server_config: {http2: maybe}",
  "http_server_config: {headers: {X-Frame-Options: deny}}",
  "http_server_config: {headers: {X-Frame-Options: sometimes}}",
  "http_server_config: {headers: {X-Content-Type-Options: nosniff, Strict-Transport-Security: max-age=1}}",
  "http_server_config: {headers: {X-Content-Type-Options: sniff}}",
  "http_server_config: {headers: {Set-Cookie: a=b}}",
  "http_server_config: {headers: {Content-Security-Policy: default-src self}}",
  `http_server_config: {http2: true}\ntls_server_config: {}`,
  "tls_server_config: nothing",
  "unknown: 1",
  "tls_server_config: {",
  "- a",
];

/** What only newer releases know; not SANs without required certificates, which the newest refuse and this one takes. */
const SINCE_3: readonly string[] = [
  "rate_limit: {interval: 1s, burst: 5}",
  "rate_limit: {interval: 1 second}",
  `tls_server_config: {${CERT}, ${KEY}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ${data}ca.test.pem, client_allowed_sans: [a]}`,
  `tls_server_config: {cert: nonsense, key: nonsense}`,
  `tls_server_config: {cert: a, ${CERT}, ${KEY}}`,
];

describe.each(PROMETHEUS_PEERS)("check web-config and promtool of $title", ({ role, missing }) => {
  const folder = temporaryFolder("web-config");
  afterAll(folder.remove);
  const cases = role === "prometheus-3" ? [...EVERYWHERE, ...SINCE_3] : EVERYWHERE;

  it.skipIf(missing).each(cases)("judge alike: %s", async (text) => {
    const file = join(folder.path, "web.yml");
    writeFileSync(file, text);
    const { code, stdout, stderr } = await promtool(role, ["check", "web-config", file]);
    const problems = checkWebConfig(file);
    expect({ sound: problems.length === 0, problems }, stdout + stderr).toEqual({
      sound: code === 0,
      problems,
    });
  });
});
