import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readComposeFile } from "./compose-file.ts";

const folder = mkdtempSync(join(tmpdir(), "linklight-compose-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = `
x-base: &base
  image: some/image
  user: 5
services:
  short:
    <<: *base
    ports: ["1:2", "127.0.0.1:3:4/udp", "[::1]:5:6", "7", 8]
    volumes: ["./a:/a:ro", "/b:/b", "data:/c", "/d"]
    env_file: one.env
    environment: [A=1=2, B]
    secrets: [key]
  long:
    image: x
    ports: [{host_ip: 0.0.0.0, published: 10, target: 11}]
    volumes:
      - {type: bind, source: a, target: /a}
      - {type: volume, source: data, target: /b}
      - {type: tmpfs, target: /c}
    env_file: [{path: two.env}, {path: three.env, required: false}]
    environment: {A: 1, B: }
    secrets: [{source: key, target: other}]
  optional: {image: x, profiles: [more]}
secrets: {key: {file: ./key}, token: {environment: TOKEN}}
volumes: {data: }
`;

describe("readComposeFile", () => {
  it("gives undefined where there is none", async () => {
    expect(await readComposeFile(folder, {})).toBeUndefined();
  });

  it("reads short and long forms alike, without services of profiles", async () => {
    writeFileSync(join(folder, "docker-compose.yml"), TEXT);
    const port = (host: string, published: string, target: string) => ({ host, published, target });
    expect(await readComposeFile(folder, {})).toEqual({
      name: "docker-compose.yml",
      services: [
        {
          ...{ name: "short", image: "some/image", user: "5" },
          ports: [
            port("", "1", "2"),
            port("127.0.0.1", "3", "4"),
            port("::1", "5", "6"),
            port("", "", "7"),
            port("", "", "8"),
          ],
          mounts: [
            { source: join(folder, "a"), target: "/a" },
            { source: "/b", target: "/b" },
          ],
          namedVolumes: ["data"],
          envFiles: [join(folder, "one.env")],
          environment: { A: "1=2", B: "" },
          secrets: ["key"],
        },
        {
          ...{ name: "long", image: "x", user: undefined },
          ports: [port("0.0.0.0", "10", "11")],
          mounts: [{ source: join(folder, "a"), target: "/a" }],
          namedVolumes: ["data"],
          envFiles: [join(folder, "two.env")],
          environment: { A: "1", B: "" },
          secrets: ["key"],
        },
      ],
      secretFiles: { key: join(folder, "key") },
      volumes: ["data"],
    });
  });

  it("takes the name that Compose prefers, and the environment before .env", async () => {
    writeFileSync(join(folder, "compose.yaml"), `services: {a: {image: "\${IMAGE}-\${TAG}"}}\n`);
    writeFileSync(join(folder, ".env"), "IMAGE=file\nTAG=file\n");
    const file = await readComposeFile(folder, { TAG: "environment" });
    expect(file?.services.map(({ image }) => image)).toEqual(["file-environment"]);
  });
});
