import { describe, expect, it } from "vitest";
import { Registry } from "../registry/registry.ts";
import { Gauge } from "./gauge.ts";
import { Info } from "./info.ts";
import { StateSet } from "./state-set.ts";

describe("Gauge", () => {
  it("is set, goes up and goes down", () => {
    const level = new Gauge({ name: "buffer_level_bytes", help: "Level" });
    level.set(10);
    level.inc();
    level.dec(4);
    expect(level.labels().value).toBe(7);
  });

  it("can show the time and what an action took, in seconds", () => {
    const gauge = new Gauge({
      name: "last_success_timestamp_seconds",
      help: "When",
      now: () => 1_500,
    });
    gauge.setToCurrentTime();
    expect(gauge.labels().value).toBe(1.5);
    const stop = gauge.startTimer();
    expect(stop()).toBe(gauge.labels().value);
  });

  it("asks for labels where it has some", () => {
    const gauge = new Gauge({ name: "level", help: "Level", labelNames: ["port"] });
    expect(() => gauge.set(1)).toThrow(
      new TypeError(
        "metric level: it has the labels port: choose a series with labels({ … }) first",
      ),
    );
  });

  it("refuses what is not a number", () => {
    const gauge = new Gauge({ name: "level", help: "Level" });
    expect(() => gauge.set("3" as unknown as number)).toThrow(
      new TypeError("metric level: expected a number, got string"),
    );
  });
});

describe("Info", () => {
  it("shows its facts as labels of 1, and new facts instead of old ones", async () => {
    const registry = new Registry();
    const build = new Info({ name: "build", help: "What runs", labelNames: ["version"], registry });
    build.set({ version: "1" });
    build.set({ version: "2" });
    expect(await registry.text()).toBe(
      '# HELP build_info What runs\n# TYPE build_info gauge\nbuild_info{version="2"} 1\n',
    );
    expect(await registry.text("openmetrics-1.0.0")).toBe(
      '# HELP build What runs\n# TYPE build info\nbuild_info{version="2"} 1.0\n# EOF\n',
    );
  });
});

describe("StateSet", () => {
  it("always shows every state, exactly one on after set()", async () => {
    const registry = new Registry();
    const link = new StateSet({
      name: "port_link_status",
      help: "Link",
      states: ["UP", "DOWN"],
      labelNames: ["portnum"],
      registry,
    });
    link.labels({ portnum: 1 }).set("DOWN");
    expect(await registry.text()).toBe(
      '# HELP port_link_status Link\n# TYPE port_link_status gauge\nport_link_status{port_link_status="UP",portnum="1"} 0\nport_link_status{port_link_status="DOWN",portnum="1"} 1\n',
    );
  });

  it("lets several states hold where they can", async () => {
    const registry = new Registry();
    const flags = new StateSet({
      name: "port_flags",
      help: "Flags",
      states: ["running", "promiscuous"],
      registry,
    });
    flags.labels().setEnabled("promiscuous", true);
    expect(await registry.text("openmetrics-1.0.0")).toContain(
      'port_flags{port_flags="running"} 1.0\nport_flags{port_flags="promiscuous"} 1.0\n',
    );
  });

  it("names the states there are when it is given another", () => {
    const link = new StateSet({ name: "link", help: "Link", states: ["UP", "DOWN"] });
    expect(() => link.set("TESTING" as "UP")).toThrow(
      new RangeError('metric link: unknown state "TESTING": expected one of UP, DOWN'),
    );
    expect(() => new StateSet({ name: "link", help: "Link", states: ["UP", "UP"] })).toThrow(
      'metric link: state "UP" is declared twice',
    );
    expect(() => new StateSet({ name: "link", help: "Link", states: [] })).toThrow(
      "metric link: a state set needs at least one state",
    );
  });
});
