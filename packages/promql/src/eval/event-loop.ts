/** What Node.js has and browsers have not. */
interface MaybeNode {
  readonly setImmediate?: (callback: () => void) => void;
}

/**
 * Lets the event loop turn once: timers, sockets and the page have their turn before the promise is kept. Without the
 * milliseconds that `setTimeout` takes at least.
 */
export function yieldToEventLoop(): Promise<void> {
  const { setImmediate } = globalThis as MaybeNode;
  return new Promise((resolve) => {
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
