const LONGEST_MS = 60_000;

/** The JSON that a URL answers with. Rejects when there is none, or not within a minute; what it says is the caller's to check. */
export async function fetchJson<T>(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(LONGEST_MS) });
  return (await response.json()) as T;
}
