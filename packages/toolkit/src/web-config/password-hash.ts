/** What is wrong with a bcrypt hash, or undefined; never shows the hash. */
export function passwordHashProblem(hash: string): string | undefined {
  const match = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash);
  if (match === null) {
    return 'expected a bcrypt hash ($2a$, $2b$ or $2y$, 60 characters); make one with: htpasswd -nBC 10 "" | tr -d ":\\n"';
  }
  const cost = Number(match[1]);
  if (cost < 4 || cost > 31) {
    return `crypto/bcrypt: cost ${cost} is outside allowed inclusive range 4..31`;
  }
  return undefined;
}

/** The cost in a well-formed bcrypt hash: 2^cost rounds. */
export function passwordHashCost(hash: string): number {
  return Number(hash.slice(4, 6));
}
