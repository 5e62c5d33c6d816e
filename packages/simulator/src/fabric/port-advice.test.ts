import { describe, expect, it } from "vitest";
import { fabricOf } from "./fabric-argument.ts";
import { portAdvice } from "./port-advice.ts";

const profile = fabricOf("leaf-48x25g-8x100g").switches[0]?.profile;

describe("portAdvice", () => {
  it.each([
    ["Eth1/3", "did you mean Ethernet1/3?"],
    ["et-0/0/49", "did you mean Ethernet1/49?"],
    ["Ethernet1/77", "did you mean Ethernet1/7? Its ports are Ethernet1/1 to Ethernet1/56"],
    ["Ehternet1/490", "did you mean Ethernet1/40? Its ports are Ethernet1/1 to Ethernet1/56"],
    ["200", "its ports are Ethernet1/1 to Ethernet1/56"],
    ["", "its ports are Ethernet1/1 to Ethernet1/56"],
    ["x".repeat(1000), "its ports are Ethernet1/1 to Ethernet1/56"],
  ])("says of %j: %s", (text, advice) => {
    expect(profile && portAdvice(text, profile)).toBe(advice);
  });
});
