// Reads each of a few switches once, after so many days, in a new process: prints the milliseconds of each.
import process from "node:process";
import { readSwitch, simulate } from "@linklight/simulator";
import { wideLeaves } from "../harness/fabrics.mjs";

const days = Number(process.argv[2]);
const fabric = wideLeaves(21);
const simulation = simulate(fabric, { version: 0, until: () => [] });
const times = fabric.switches.map((node) => {
  const start = performance.now();
  const reading = readSwitch(simulation, node, days * 86_400 + 40_000);
  // Each part is computed when it is asked for.
  void [reading.ports, reading.links, reading.optics, reading.chassis, reading.neighbors];
  return performance.now() - start;
});
process.stdout.write(JSON.stringify(times));
