/** What Node.js has, and what browsers have: neither's types are at hand here. */
interface Scheduling {
  readonly setImmediate?: (callback: () => void) => void;
  readonly MessageChannel: new () => { readonly port1: Port; readonly port2: Port };
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/**
 * Lets the event loop turn once: timers, sockets and the page have their turn before the promise is kept. Without the
 * milliseconds that `setTimeout` takes at least.
 */
export function yieldToEventLoop(): Promise<void> {
  const { setImmediate, MessageChannel } = globalThis as unknown as Scheduling;
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
