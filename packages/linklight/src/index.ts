/**
 * The command line `linklight`: the metrics endpoint and the checks. What it is made of is in the other
 * packages; here is what a program may want of the rest.
 * @module
 */

export { sampleCollector } from "./collectors/sample.ts";
export { run } from "./program.ts";
