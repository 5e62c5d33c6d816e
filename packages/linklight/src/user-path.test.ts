import { join } from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { userPath } from "./user-path.ts";

describe("userPath", () => {
  it("is the path as given", () => {
    expect(userPath("rooms.ts", {})).toBe("rooms.ts");
    expect(userPath("rooms.ts", { INIT_CWD: "/elsewhere" })).toBe("rooms.ts");
  });

  it("starts where npm start was called", () => {
    const env = { npm_lifecycle_event: "start", INIT_CWD: join("/", "elsewhere") };
    expect(userPath("rooms.ts", env)).toBe(join("/", "elsewhere", "rooms.ts"));
    expect(userPath("rooms.ts", { ...env, INIT_CWD: process.cwd() })).toBe("rooms.ts");
  });
});
