import { randomFrom, shuffled } from "./random.mjs";
import { digestOf } from "./same-samples.mjs";
import { ServerProcess } from "./server-process.mjs";

const WARM_UP_SCRAPES = 6;

/**
 * Scrapes all servers in turn, round by round, so that whatever else the machine does meets all of them
 * alike; in another order each round, since a server leaves its traces in caches for the next. Gives for each server its name, its scrapes, and its peak memory.
 *
 * Throws when the servers do not show the same samples at their first scrape: then nothing is comparable.
 */
export async function interleave(servers, { series, gzip, rounds, progress }) {
  const running = [];
  const random = randomFrom(1);
  try {
    let expected;
    for (const { name, start } of servers) {
      progress(`starting ${name}`);
      const process = await ServerProcess.start(start(series));
      running.push({ name, process, scrapes: [] });
      const digest = await firstPage(process, { gzip });
      expected ??= digest;
      if (digest.digest !== expected.digest || digest.series !== series)
        throw new Error(`${name} shows other samples than ${servers[0].name} (${digest.series})`);
      for (let i = 1; i < WARM_UP_SCRAPES; i++) await process.warmUp({ gzip });
    }
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}`);
      for (const { process, scrapes } of shuffled(running, random))
        scrapes.push(await process.measure({ gzip }));
    }
    return running.map(({ name, process, scrapes }) => ({
      name,
      scrapes,
      peakRssMb: process.peakRssMb,
    }));
  } finally {
    for (const { process } of running) await process.stop();
  }
}

async function firstPage(process, options) {
  const chunks = [];
  const { encoding } = await process.warmUp({ ...options, take: (chunk) => chunks.push(chunk) });
  return digestOf(chunks, encoding);
}
