import { describe, expect, it } from "vitest";
import { explainScrapeError, isLoopback, type ScrapedTarget } from "./explain-scrape-error.ts";

const TARGET: ScrapedTarget = {
  ...{ address: "leaf1:8000", host: "leaf1", path: "/metrics", job: "switches" },
  ...{ timeout: "10s", answersHere: false },
};

/** What Prometheus says, and how the explanation and the remedy begin. */
const CASES: readonly (readonly [string, string, string])[] = [
  [
    'Get "http://leaf1:8000/metrics": dial tcp 10.0.0.1:8000: connect: connection refused',
    "nothing listens on leaf1:8000",
    "start it; one that runs elsewhere",
  ],
  [
    'Get "http://leaf1:8000/metrics": dial tcp: lookup leaf1 on 127.0.0.11:53: no such host',
    "Prometheus cannot resolve the name leaf1",
    'mend the name in the job "switches"',
  ],
  [
    'Get "http://leaf1:8000/metrics": dial tcp: lookup leaf1 on 8.8.8.8:53: server misbehaving',
    "Prometheus cannot resolve the name leaf1",
    "mend the name",
  ],
  [
    'Get "http://leaf1:8000/metrics": dial tcp: lookup leaf1: Temporary failure in name resolution',
    "Prometheus cannot resolve the name leaf1",
    "mend the name",
  ],
  [
    'Get "http://leaf1:8000/metrics": context deadline exceeded',
    "no complete answer within the scrape timeout of 10s",
    "look whether the target is overloaded",
  ],
  [
    'Get "http://leaf1:8000/metrics": dial tcp 10.0.0.1:8000: i/o timeout',
    "no complete answer within the scrape timeout",
    "look whether",
  ],
  [
    "server returned HTTP status 400 Bad Request",
    "the target does not understand the request (400)",
    "if it speaks https, set scheme: https",
  ],
  [
    "server returned HTTP status 401 Unauthorized",
    "the target asks for name and password",
    'give the job "switches" a basic_auth',
  ],
  [
    "server returned HTTP status 403 Forbidden",
    "the target refuses Prometheus (403)",
    "look what the target wants",
  ],
  [
    "server returned HTTP status 404 Not Found",
    "leaf1:8000 has no page /metrics (404)",
    'correct metrics_path of the job "switches"',
  ],
  [
    "server returned HTTP status 302 Found",
    "the target sends Prometheus elsewhere",
    "give the job",
  ],
  [
    'Get "http://leaf1:8000/": stopped after 10 redirects',
    "the target sends Prometheus elsewhere",
    "give the job",
  ],
  [
    "server returned HTTP status 429 Too Many Requests",
    "the target takes no more requests now (429)",
    "look into its log",
  ],
  [
    "server returned HTTP status 503 Service Unavailable",
    "the target takes no more requests now (503)",
    "look into its log",
  ],
  [
    "server returned HTTP status 500 Internal Server Error",
    "the target itself fails (500)",
    "look into the target's log",
  ],
  [
    'Get "https://leaf1:8000/metrics": http: server gave HTTP response to HTTPS client',
    "the target speaks http, and Prometheus asks by https",
    "set scheme: http in",
  ],
  [
    'Get "https://leaf1:8000/metrics": tls: first record does not look like a TLS handshake',
    "the target speaks http, and Prometheus asks by https",
    "set scheme: http in",
  ],
  [
    'Get "http://leaf1:8000/metrics": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01"',
    "what answers there does not speak http",
    "if it speaks https, set scheme: https",
  ],
  [
    'Get "https://leaf1:8000/metrics": x509: certificate signed by unknown authority',
    "Prometheus does not trust the target's certificate",
    "name the authority's file as ca_file",
  ],
  [
    "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T10:00:00Z is after 2026-11-21T10:00:00Z",
    "the target's certificate is not valid at this time",
    "renew the certificate",
  ],
  [
    "tls: failed to verify certificate: x509: certificate is valid for localhost, not leaf1",
    "the target's certificate is not for the name leaf1",
    "scrape it by a name",
  ],
  [
    "x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
    "the target's certificate is not for the name leaf1",
    "scrape it by a name",
  ],
  [
    "remote error: tls: certificate required",
    "Prometheus and the target do not agree on TLS",
    "if the target wants a client certificate",
  ],
  [
    "non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target",
    "the target does not say which format its page has: Prometheus 3 then refuses it",
    "let it send Content-Type: text/plain",
  ],
  [
    'received unsupported Content-Type "text/html; charset=utf-8" and no fallback_scrape_protocol specified for target',
    "the page is text/html; charset=utf-8, which are no metrics",
    "look what http://leaf1:8000/metrics is",
  ],
  [
    "sample limit exceeded",
    "the page is larger than the job allows (sample limit)",
    "show fewer series",
  ],
  [
    "label_limit exceeded (metric: {}, number of labels: 30, limit: 10)",
    "the page is larger than the job allows (label_limit)",
    "show fewer series",
  ],
  [
    "body size limit exceeded",
    "the page is larger than the job allows (body size limit)",
    "show fewer series",
  ],
  [
    "dial tcp 10.0.0.1:8000: connect: no route to host",
    "Prometheus has no way to leaf1",
    "correct the address",
  ],
  [
    "dial tcp 10.0.0.1:8000: connect: network is unreachable",
    "Prometheus has no way to leaf1",
    "correct the address",
  ],
  [
    "dial tcp 10.0.0.1:8000: socket: too many open files",
    "Prometheus has too many files open",
    "raise its limit",
  ],
  [
    'expected value after metric, got "warm" ("INVALID") while parsing: "room warm"',
    "the page cannot be read as metrics: expected value after metric",
    "see where it is wrong: curl -s http://leaf1:8000/metrics | linklight check metrics",
  ],
  [
    '"INVALID" is not a valid start token',
    'the page cannot be read as metrics: "INVALID" is',
    "see where it is wrong",
  ],
  [
    'strconv.ParseFloat: parsing "warm": invalid syntax',
    "the page cannot be read as metrics: strconv",
    "see where it is wrong",
  ],
  [
    "data does not end with # EOF",
    "the page cannot be read as metrics: data does not",
    "see where it is wrong",
  ],
  [
    'invalid metric type "meter"',
    "the page cannot be read as metrics: invalid metric type",
    "see where it is wrong",
  ],
  [
    "unexpected end of input while parsing",
    "the page cannot be read as metrics",
    "see where it is wrong",
  ],
  ["gzip: invalid header", "the page cannot be read as metrics: gzip", "see where it is wrong"],
  [
    'Get "http://leaf1:8000/metrics": EOF',
    "the target ends the connection before it has answered",
    "if it speaks https",
  ],
  [
    "read tcp 10.0.0.2:1->10.0.0.1:8000: read: connection reset by peer",
    "the target ends the connection before it has answered",
    "if it speaks https",
  ],
  [
    "something that nobody has seen",
    "something that nobody has seen",
    "ask the page yourself: curl -i http://leaf1:8000/metrics",
  ],
];

describe("explainScrapeError", () => {
  it.each(CASES)("explains %s", (lastError, means, remedy) => {
    const explanation = explainScrapeError(lastError, TARGET);
    expect(explanation.means.slice(0, means.length)).toBe(means);
    expect(explanation.remedy.slice(0, remedy.length)).toBe(remedy);
  });

  it("tells a loopback that answers here from one that does not", () => {
    const refused = "dial tcp 127.0.0.1:8000: connect: connection refused";
    const target = { ...TARGET, address: "127.0.0.1:8000", host: "127.0.0.1" };
    expect(explainScrapeError(refused, target)).toEqual({
      means: "nothing listens on 127.0.0.1:8000",
      remedy: "start it, or correct the port",
    });
    const { means } = explainScrapeError(refused, { ...target, answersHere: true });
    expect(means).toBe(
      "127.0.0.1:8000 answers here, but not Prometheus: it runs in a container, or elsewhere, and 127.0.0.1 is that container itself",
    );
  });

  it("says that a target that is late for Prometheus answers here", () => {
    const target = { ...TARGET, answersHere: true };
    expect(explainScrapeError("context deadline exceeded", target).means).toBe(
      "no complete answer within the scrape timeout of 10s, though it answers here",
    );
  });
});

describe("isLoopback", () => {
  it.each([
    ["localhost", true],
    ["127.0.0.1", true],
    ["127.1.2.3", true],
    ["[::1]", true],
    ["::1", true],
    ["0.0.0.0", false],
    ["", false],
    ["leaf1", false],
  ])("of %s", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
