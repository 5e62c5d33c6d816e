import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatListenAddress, parseListenAddress, parsePort } from "./listen-address.ts";

describe("parseListenAddress", () => {
  it.each([
    [":9090", { port: 9090 }],
    ["127.0.0.1:8000", { host: "127.0.0.1", port: 8000 }],
    ["localhost:0", { host: "localhost", port: 0 }],
    ["[::1]:8000", { host: "::1", port: 8000 }],
    ["[::]:65535", { host: "::", port: 65_535 }],
    ["0.0.0.0:80", { host: "0.0.0.0", port: 80 }],
  ])("reads %s", (text, address) => {
    expect(parseListenAddress(text)).toEqual(address);
  });

  it.each([
    ["8000", "the port is missing"],
    ["", "the port is missing"],
    ["localhost:", "the port is not a number from 0 to 65535"],
    ["localhost:http", "the port is not a number from 0 to 65535"],
    ["localhost:65536", "the port is not a number from 0 to 65535"],
    ["localhost:-1", "the port is not a number from 0 to 65535"],
    ["localhost:8e3", "the port is not a number from 0 to 65535"],
    ["::1:8000", "an IPv6 address stands in brackets"],
    ["[localhost]:8000", "brackets hold an IPv6 address"],
    ["http://localhost:8000", "an IPv6 address stands in brackets"],
    ["a b:80", "the host is not a name or an address"],
  ])("refuses %j: %s", (text, reason) => {
    expect(() => parseListenAddress(text)).toThrow(
      new RangeError(
        `not a listen address: "${text}": ${reason}; write host:port, such as 127.0.0.1:8000, [::1]:8000 or :8000`,
      ),
    );
  });

  it("reads back what formatListenAddress writes", () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    const address = fc.record({ host, port: fc.nat(65_535) });
    const property = fc.property(address, (value) => {
      expect(parseListenAddress(formatListenAddress(value))).toEqual(value);
    });
    fc.assert(property, { seed: 42 });
  });
});

describe("parsePort", () => {
  it.each([
    ["0", 0],
    ["8000", 8000],
    ["65536", undefined],
    ["080", 80],
    [" 80", undefined],
    ["0x50", undefined],
    ["٣", undefined],
  ])("reads %j as %j", (text, port) => {
    expect(parsePort(text)).toBe(port);
  });
});
