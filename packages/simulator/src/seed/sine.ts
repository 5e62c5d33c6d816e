// Coefficients of the Taylor series of sin(2πx) in odd powers of x: 2π, −(2π)³/3!, (2π)⁵/5!, …
const COEFFICIENTS = [1, 3, 5, 7, 9, 11, 13].map((power, i) => {
  let term = i % 2 === 0 ? 1 : -1;
  for (let k = 1; k <= power; k++) term *= (2 * Math.PI) / k;
  return term;
});

/**
 * The sine of an angle in turns (1 is a full circle), to about 1e-9. By additions and multiplications only,
 * because `Math.sin` differs in its last digit between versions of Node, and a simulation must not.
 */
export function sineOfTurns(turns: number): number {
  const whole = turns - Math.floor(turns + 0.5);
  // Fold −½ … ½ into −¼ … ¼, where the series is short.
  const x = whole > 0.25 ? 0.5 - whole : whole < -0.25 ? -0.5 - whole : whole;
  const square = x * x;
  let sum = 0;
  for (let i = COEFFICIENTS.length - 1; i >= 0; i--)
    sum = sum * square + (COEFFICIENTS[i] as number);
  return sum * x;
}
