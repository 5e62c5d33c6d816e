/**
 * How many times a second can a program increment a counter?
 *
 * A counter of 500 series with three labels, each incremented in turn: through children that the program
 * keeps, and by its labels each time.
 */
import { Counter } from "@linklight/client";
import { rivalPackages } from "./harness/packages.mjs";
import { race, raceTable } from "./harness/race.mjs";
import { LABEL_NAMES, portsFor } from "./servers/workload.mjs";

export const question = "How many times a second can a program increment a counter?";

const ROUNDS = 200;
const options = { name: "rx_packets_total", help: "Packets received", labelNames: LABEL_NAMES };
const ports = portsFor(10_000);

export async function answer({ quick, print }) {
  const rivals = await rivalPackages(print);
  const counters = [
    ["linklight", new Counter(options)],
    ...rivals.map(([name, client]) => [name, new client.Counter({ ...options, registers: [] })]),
  ];
  const alternatives = counters.flatMap(([name, counter]) => [
    { name: `${name}, kept child`, run: keptChildren(counter) },
    { name: `${name}, by labels`, run: byLabels(counter) },
  ]);
  print(`${raceTable(race(alternatives, { quick }), "increment")}\n`);
}

function keptChildren(counter) {
  const children = ports.map((port) => counter.labels(port));
  return () => {
    for (let round = 0; round < ROUNDS; round++) for (const child of children) child.inc(2);
    return ROUNDS * children.length;
  };
}

function byLabels(counter) {
  return () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const { portnum, speed, type } of ports) counter.labels({ portnum, speed, type }).inc(2);
    }
    return ROUNDS * ports.length;
  };
}
