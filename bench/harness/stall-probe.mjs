// Preloaded into each Node server: measures the longest stall of its event loop while the bench says so.
//
// A timer of 1 ms shows how long the loop went without a turn, its own millisecond included. It runs only
// between "begin" and "end", so that it does not count as the server's work at other times.
import { monitorEventLoopDelay } from "node:perf_hooks";
import process from "node:process";

const delay = monitorEventLoopDelay({ resolution: 1 });
process.on("message", (message) => {
  if (message === "begin") {
    delay.reset();
    delay.enable();
    process.send({ begun: true });
  } else {
    delay.disable();
    process.send({ stallMs: delay.max / 1e6 });
  }
});
