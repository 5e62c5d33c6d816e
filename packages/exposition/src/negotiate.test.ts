import { describe, expect, it } from "vitest";
import { acceptsGzip, contentType, negotiate } from "./negotiate.ts";

const PROTOBUF =
  "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
const OPENMETRICS = "application/openmetrics-text";

describe("negotiate", () => {
  it.each([
    [
      "Prometheus 2.42",
      `${OPENMETRICS};version=1.0.0,${OPENMETRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      "openmetrics-1.0.0",
      "underscores",
    ],
    [
      "Prometheus 2.42 with native histograms",
      `${PROTOBUF},${OPENMETRICS};version=1.0.0;q=0.8,${OPENMETRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
      "protobuf",
      "underscores",
    ],
    [
      "Prometheus 3",
      `${OPENMETRICS};version=1.0.0;escaping=allow-utf-8;q=0.6,${OPENMETRICS};version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
      "openmetrics-1.0.0",
      "allow-utf-8",
    ],
    [
      "Prometheus 3 with native histograms",
      `${PROTOBUF};q=0.6,${OPENMETRICS};version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`,
      "protobuf",
      "underscores",
    ],
    [
      "Prometheus 3 that asks for text 1.0.0",
      "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.5",
      "text-1.0.0",
      "allow-utf-8",
    ],
    ["vmagent", "text/plain;version=0.0.4;q=1,*/*;q=0.1", "text-0.0.4", "underscores"],
    [
      "a browser",
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
      "text-0.0.4",
      "underscores",
    ],
    ["curl", "*/*", "text-0.0.4", "underscores"],
    ["nobody", undefined, "text-0.0.4", "underscores"],
  ])("answers %s", (_, accept, format, escaping) => {
    expect(negotiate(accept)).toEqual({ format, escaping });
  });

  it.each([
    ["", "text-0.0.4", "underscores"],
    [OPENMETRICS, "openmetrics-1.0.0", "underscores"],
    [`${OPENMETRICS};version=0.0.1`, "openmetrics-1.0.0", "underscores"],
    [`${OPENMETRICS};version=2.0.0`, "text-0.0.4", "underscores"],
    [`${OPENMETRICS};version=2.0.0,${OPENMETRICS};q=0.5`, "openmetrics-1.0.0", "underscores"],
    [`${OPENMETRICS} ; version = "1.0.0" ; escaping = dots`, "openmetrics-1.0.0", "dots"],
    [`APPLICATION/OpenMetrics-Text;ESCAPING=values`, "openmetrics-1.0.0", "values"],
    [`${OPENMETRICS};escaping=unheard-of`, "openmetrics-1.0.0", "underscores"],
    ["text/plain", "text-0.0.4", "underscores"],
    ["text/plain;escaping=allow-utf-8", "text-0.0.4", "underscores"],
    ["text/plain;escaping=values", "text-0.0.4", "values"],
    [`text/plain;q=0.5,${OPENMETRICS};q=0.6`, "openmetrics-1.0.0", "underscores"],
    [`text/plain;q=0.6,${OPENMETRICS};q=0.6`, "text-0.0.4", "underscores"],
    [`*/*,${OPENMETRICS};q=0.1`, "openmetrics-1.0.0", "underscores"],
    [`${OPENMETRICS};q=0`, "text-0.0.4", "underscores"],
    [`${OPENMETRICS};q=nonsense`, "text-0.0.4", "underscores"],
    [`${OPENMETRICS};q=2`, "text-0.0.4", "underscores"],
    ["application/vnd.google.protobuf", "text-0.0.4", "underscores"],
    [
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
      "text-0.0.4",
      "underscores",
    ],
    [`${PROTOBUF};escaping=allow-utf-8`, "protobuf", "allow-utf-8"],
    [";;,=;,,q=;\0\uffff", "text-0.0.4", "underscores"],
    [",".repeat(100_000), "text-0.0.4", "underscores"],
    [`text/plain${";a=b".repeat(100_000)}`, "text-0.0.4", "underscores"],
  ])("reads %.60j", (accept, format, escaping) => {
    expect(negotiate(accept)).toEqual({ format, escaping });
  });
});

describe("contentType", () => {
  it.each([
    ["text-0.0.4", "underscores", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"],
    ["text-0.0.4", "allow-utf-8", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"],
    ["text-1.0.0", "allow-utf-8", "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8"],
    [
      "openmetrics-1.0.0",
      "dots",
      "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=dots",
    ],
    [
      "protobuf",
      "values",
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=values",
    ],
  ] as const)("of %s with %s", (format, escaping, expected) => {
    expect(contentType({ format, escaping })).toBe(expected);
  });
});

describe("acceptsGzip", () => {
  it.each([
    ["gzip", true],
    ["gzip, deflate, br", true],
    ["deflate, GZIP;q=0.5", true],
    ["x-gzip", true],
    ["*", true],
    ["identity;q=0.5, *", true],
    ["gzip;q=0.5, identity;q=0.5", true],
    [undefined, false],
    ["", false],
    ["identity", false],
    ["deflate, br", false],
    ["gzip;q=0", false],
    ["gzip;q=0.000", false],
    ["*;q=0", false],
    ["gzip;q=0, *", false],
    ["gzip;q=0.1, identity", false],
    ["gzip;q=high", false],
    ["gzipped", false],
    [",;=q,;", false],
  ])("says of %j: %s", (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });
});
