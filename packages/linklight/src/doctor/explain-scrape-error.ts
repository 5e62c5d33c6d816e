/** What the last error of a target means, and what to do. */
export interface Explanation {
  readonly means: string;
  readonly remedy: string;
}

/** What is known of the target that an error is of. */
export interface ScrapedTarget {
  /** `host:port`, and the page. */
  readonly address: string;
  readonly host: string;
  readonly path: string;
  /** Its job, whose settings are to be changed. */
  readonly job: string;
  /** Such as `10s`. */
  readonly timeout: string;
  /** That the address answers when asked from here. */
  readonly answersHere: boolean;
}

type Explain = (target: ScrapedTarget, match: RegExpExecArray) => Explanation;

/**
 * Says in plain words what Prometheus means by the `lastError` of a target. Of an error that is not known
 * here, Prometheus' own words.
 */
export function explainScrapeError(lastError: string, target: ScrapedTarget): Explanation {
  for (const [pattern, explain] of EXPLANATIONS) {
    const match = pattern.exec(lastError);
    if (match !== null) return explain(target, match);
  }
  return {
    means: lastError,
    remedy: `ask the page yourself: curl -i http://${target.address}${target.path}`,
  };
}

/** Whether a host name stands for the very machine, or container, that uses it. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host === "::1" || host.startsWith("127.");
}

// The first that fits is taken: what is special stands before what is general.
const EXPLANATIONS: readonly (readonly [RegExp, Explain])[] = [
  [/connect: connection refused/, explainRefused],
  [
    /no such host|server misbehaving|Temporary failure in name resolution/,
    ({ host, job }) => ({
      means: `Prometheus cannot resolve the name ${host}`,
      remedy: `mend the name in the job "${job}"; names of containers are known only to containers of the same network`,
    }),
  ],
  [
    /context deadline exceeded|i\/o timeout|Client\.Timeout/,
    ({ timeout, answersHere, job }) => ({
      means: `no complete answer within the scrape timeout${timeout && ` of ${timeout}`}${answersHere ? ", though it answers here" : ""}`,
      remedy: `look whether the target is overloaded or a firewall drops packets; or give the job "${job}" a longer scrape_timeout`,
    }),
  ],
  [
    /HTTP status 401/,
    ({ job }) => ({
      means: "the target asks for name and password",
      remedy: `give the job "${job}" a basic_auth with username and password_file, or correct it`,
    }),
  ],
  [
    /HTTP status 403/,
    ({ job }) => ({
      means: "the target refuses Prometheus (403)",
      remedy: `look what the target wants: credentials in the job "${job}", or Prometheus' address on a list of the allowed`,
    }),
  ],
  [
    /HTTP status 404/,
    ({ address, path, job }) => ({
      means: `${address} has no page ${path} (404)`,
      remedy: `correct metrics_path of the job "${job}"; of linklight it is /metrics, and /switches/NAME/metrics for one of several switches`,
    }),
  ],
  [
    /HTTP status 400/,
    ({ job }) => ({
      means: "the target does not understand the request (400)",
      remedy: `if it speaks https, set scheme: https in the job "${job}"; otherwise look into the target's log`,
    }),
  ],
  [
    /HTTP status 3\d\d|stopped after \d+ redirects/,
    ({ job }) => ({
      means: "the target sends Prometheus elsewhere by a redirection",
      remedy: `give the job "${job}" the address and metrics_path to which it redirects`,
    }),
  ],
  [
    /HTTP status (429|503)/,
    (_, [, status]) => ({
      means: `the target takes no more requests now (${status})`,
      remedy:
        "look into its log; a rate limit, or an endpoint that is still starting, answers like this",
    }),
  ],
  [
    /HTTP status (5\d\d)/,
    (_, [, status]) => ({
      means: `the target itself fails (${status})`,
      remedy: "look into the target's log",
    }),
  ],
  [
    /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    ({ job }) => ({
      means: "the target speaks http, and Prometheus asks by https",
      remedy: `set scheme: http in the job "${job}", or give the target TLS by web.yml`,
    }),
  ],
  [
    /malformed HTTP response/,
    ({ job }) => ({
      means: "what answers there does not speak http",
      remedy: `if it speaks https, set scheme: https in the job "${job}"; otherwise correct the port`,
    }),
  ],
  [
    /certificate has expired or is not yet valid/,
    () => ({
      means: "the target's certificate is not valid at this time",
      remedy: "renew the certificate, and compare the clocks of both machines",
    }),
  ],
  [
    /certificate is valid for|doesn't contain any IP SANs|certificate is not valid for any names/,
    ({ host, job }) => ({
      means: `the target's certificate is not for the name ${host}`,
      remedy: `scrape it by a name that the certificate has, or give the job "${job}" that name as server_name in tls_config`,
    }),
  ],
  [
    /certificate signed by unknown authority|x509:/,
    ({ job }) => ({
      means: "Prometheus does not trust the target's certificate",
      remedy: `name the authority's file as ca_file in tls_config of the job "${job}"`,
    }),
  ],
  [
    /certificate required|bad certificate|tls:/,
    ({ job }) => ({
      means: "Prometheus and the target do not agree on TLS",
      remedy: `if the target wants a client certificate, give the job "${job}" cert_file and key_file in tls_config`,
    }),
  ],
  [
    /blank Content-Type/,
    ({ job }) => ({
      means: "the target does not say which format its page has: Prometheus 3 then refuses it",
      remedy: `let it send Content-Type: text/plain; version=0.0.4, or give the job "${job}" fallback_scrape_protocol: PrometheusText0.0.4`,
    }),
  ],
  [
    /unsupported Content-Type "([^"]*)"/,
    ({ address, path }, [, type]) => ({
      means: `the page is ${type}, which are no metrics`,
      remedy: `look what http://${address}${path} is: often the wrong port or metrics_path`,
    }),
  ],
  [
    /(sample_limit|sample limit|label_limit|label_name_length_limit|label_value_length_limit|body size limit|target_limit)/,
    ({ job }, [, limit]) => ({
      means: `the page is larger than the job allows (${limit})`,
      remedy: `show fewer series, or raise the limit in the job "${job}"`,
    }),
  ],
  [
    /no route to host|network is unreachable/,
    ({ host }) => ({
      means: `Prometheus has no way to ${host}`,
      remedy: "correct the address; look at firewalls and networks between the two",
    }),
  ],
  [
    /too many open files/,
    () => ({
      means: "Prometheus has too many files open",
      remedy: "raise its limit (ulimit -n) and restart it",
    }),
  ],
  [
    /is not a valid start token|invalid metric type|expected \w+ after|expected (?:label|equal|value|a |next)|unexpected end of input|strconv\.|does not end with # EOF|while parsing|unsupported character|invalid UTF-8|gzip: invalid header|proto:/,
    ({ address, path }, { input }) => ({
      means: `the page cannot be read as metrics: ${input}`,
      remedy: `see where it is wrong: curl -s http://${address}${path} | linklight check metrics`,
    }),
  ],
  [
    /connection reset by peer|unexpected EOF|\bEOF\b|broken pipe/,
    ({ job }) => ({
      means: "the target ends the connection before it has answered",
      remedy: `if it speaks https, set scheme: https in the job "${job}"; otherwise look into the target's log`,
    }),
  ],
];

function explainRefused({ address, host, answersHere }: ScrapedTarget): Explanation {
  if (!isLoopback(host)) {
    return {
      means: `nothing listens on ${address}`,
      remedy:
        "start it; one that runs elsewhere must not listen on its loopback only (linklight endpoint --host 0.0.0.0)",
    };
  }
  if (!answersHere) {
    return { means: `nothing listens on ${address}`, remedy: "start it, or correct the port" };
  }
  return {
    means: `${address} answers here, but not Prometheus: it runs in a container, or elsewhere, and ${host} is that container itself`,
    remedy:
      "give the target the name by which the container reaches it: the service's name in compose, host.docker.internal with an endpoint on --host 0.0.0.0, or run Prometheus with --net=host",
  };
}
