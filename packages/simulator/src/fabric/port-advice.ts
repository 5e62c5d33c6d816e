import { closest } from "@linklight/toolkit";
import type { Profile } from "./fabric.ts";

/**
 * What to say of a port that a profile does not have: which one may have been meant, and, unless the text has its
 * very number after another word, which there are.
 */
export function portAdvice(text: string, { ports }: Profile): string {
  const names = ports.map(({ name }) => name);
  const number = /^[a-z].*?(\d+)$/i.exec(text)?.[1];
  const sameNumber = names.find((name) => name.endsWith(`/${number}`));
  if (sameNumber !== undefined) return `did you mean ${sameNumber}?`;
  const range = `ts ports are ${names[0]} to ${names.at(-1)}`;
  const near = closest(text, names);
  return near === undefined ? `i${range}` : `did you mean ${near}? I${range}`;
}
