import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../harness/temporary-folder.ts";
import { readSettings } from "./settings.ts";

describe("readSettings", () => {
  const folder = temporaryFolder("grafana-checker-settings");
  afterAll(folder.remove);
  const GF_PATHS_DATA = folder.path;
  const secret = join(folder.path, "password");
  const empty = join(folder.path, "empty");
  writeFileSync(secret, "long\n");
  writeFileSync(empty, "\n");

  it("takes a password from a file", () => {
    expect(readSettings({ GF_PATHS_DATA, GF_SECURITY_ADMIN_PASSWORD__FILE: secret })).toEqual({
      provisioning: "/etc/grafana/provisioning",
    });
  });

  it("takes no notice of a variable whose name merely contains __FILE", () => {
    const env = {
      GF_PATHS_DATA,
      GF_SECURITY_ADMIN_PASSWORD: "long",
      GF_SECURITY_ADMIN_PASSWORD__FILE_UNUSED: "/nowhere",
    };
    expect(() => readSettings(env)).not.toThrow();
  });

  it.each([
    [
      "both a password and its file",
      { GF_SECURITY_ADMIN_PASSWORD: "x", GF_SECURITY_ADMIN_PASSWORD__FILE: secret },
      /are exclusive/,
    ],
    [
      "a file that is missing",
      { GF_SECURITY_ADMIN_PASSWORD__FILE: "/nowhere" },
      /\/nowhere: No such file/,
    ],
    ["a file with nothing in it", { GF_SECURITY_ADMIN_PASSWORD__FILE: empty }, /empty/],
    [
      "a data folder that is not there",
      { GF_PATHS_DATA: "/nowhere" },
      /'\/nowhere' is not writable/,
    ],
  ])("refuses %s", (_, env, message) => {
    expect(() => readSettings({ GF_PATHS_DATA, ...env })).toThrow(message);
  });
});
