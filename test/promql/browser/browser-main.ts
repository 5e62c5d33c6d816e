// What the page runs: it tells the server that it came from what its queries were worth.
import { answerPage } from "./browser-page.ts";

const body = await answerPage().catch((error: unknown) => `broken: ${String(error)}`);
await fetch("/answers", { method: "POST", body });
