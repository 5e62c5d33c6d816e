import os from "node:os";
import process from "node:process";

/** What a figure is worth nothing without: processor, system, Node, date. */
export function machine(now = new Date()) {
  const [{ model }] = os.cpus();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  return [
    `${os.availableParallelism()} × ${model.replace(/\s+/g, " ").trim()}, ${gigabytes} GiB`,
    `${os.type()} ${os.release().split("-")[0]}`,
    `Node ${process.version}`,
    now.toISOString().slice(0, 10),
  ].join("; ");
}
