/** Numbers from 0 to below 1, the same ones for the same seed (Park and Miller's generator). */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The items in another order. */
export function shuffled(items, random) {
  const rest = [...items];
  return items.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0]);
}
