import { createHash } from "node:crypto";
import { randomFrom, shuffled } from "./random.mjs";

const MOST_WARM_UP_ROUNDS = 4;
/** An empty result is shorter. */
const LEAST_BYTES = 80;

/**
 * Asks servers the same in turn, in another order each round. `contestants` have a name and a `ServerProcess`.
 * Gives how many bytes they answer, and by name what was measured.
 *
 * Throws when one answers other bytes than the first: then nothing is comparable.
 */
export async function raceQuery(contestants, path, rounds) {
  const bytes = await sameAnswer(contestants, path);
  const taken = new Map(contestants.map(({ name }) => [name, []]));
  const random = randomFrom(1);
  const warmUps = Math.min(MOST_WARM_UP_ROUNDS, Math.ceil(rounds / 3));
  for (let round = -warmUps; round < rounds; round++)
    for (const { name, process } of shuffled(contestants, random)) {
      const measured = await process.measure({ path });
      if (round >= 0) taken.get(name).push(measured);
    }
  return { bytes, taken };
}

async function sameAnswer(contestants, path) {
  const answers = [];
  for (const { name, process } of contestants) {
    const hash = createHash("sha256");
    const { bytes } = await process.warmUp({ path, take: (piece) => hash.update(piece) });
    answers.push({ name, bytes, digest: hash.digest("hex") });
  }
  const [first] = answers;
  const other = answers.find(({ digest }) => digest !== first.digest);
  if (other !== undefined)
    throw new Error(`${other.name} answers ${path} otherwise than ${first.name}`);
  if (first.bytes < LEAST_BYTES) throw new Error(`${path}: an empty answer proves nothing`);
  return first.bytes;
}
