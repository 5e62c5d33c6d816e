import { createHash } from "node:crypto";
import type { RequestHandler } from "./router.ts";

/** One link of a landing page. */
export interface LandingLink {
  /** A path of the same server, such as `/metrics`, or a whole http(s) address. */
  readonly address: string;
  readonly text: string;
  readonly description?: string | undefined;
}

/** What a landing page shows. All of it is plain text, except `extra`. */
export interface LandingPageOptions {
  readonly name: string;
  readonly description?: string | undefined;
  readonly version?: string | undefined;
  readonly links: readonly LandingLink[];
  /** Trusted HTML to stand below the links; it is not escaped. */
  readonly extra?: string | undefined;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b2430;--soft:#5b6877;--page:#f6f7f9;--card:#fff;--line:#e1e5ea;--link:#b8410b}
@media(prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#9aa7b5;--page:#12161c;--card:#1a2029;--line:#2b3440;--link:#ff9d66}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:42rem;margin:0 auto;padding:12vh 1.25rem 3rem}
h1{margin:0;font-size:1.9rem;line-height:1.2;letter-spacing:-.01em}
header p,footer{color:var(--soft)}
header p{margin:.5rem 0 0}
ul{list-style:none;margin:2rem 0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:.75rem;overflow:hidden}
li+li{border-top:1px solid var(--line)}
li a{display:block;padding:.8rem 1.1rem;color:inherit;text-decoration:none}
li a:hover,li a:focus-visible{background:var(--page)}
li b{display:block;color:var(--link);font-weight:600}
li span{color:var(--soft);font-size:.925rem}
footer{font-size:.875rem}
`;

/**
 * The Content-Security-Policy of a landing page: nothing but its own style. A page with `extra` that
 * needs more must be sent with another.
 */
export const LANDING_PAGE_CSP: string = `default-src 'none'; style-src 'sha256-${createHash(
  "sha256",
)
  .update(STYLE)
  .digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Writes a small HTML page that names a program and links what it serves. It loads nothing else. */
export function landingPage(options: LandingPageOptions): string {
  const { name, description, version, links, extra } = options;
  const items = links.map(({ address, text, description: about }) => {
    const detail = about ? `<span>${escapeHtml(about)}</span>` : "";
    return `<li><a href="${escapeHtml(safeAddress(address))}"><b>${escapeHtml(text)}</b>${detail}</a></li>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(name)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(name)}</h1>
${description ? `<p>${escapeHtml(description)}</p>\n` : ""}</header>
<nav>
<ul>
${items.join("\n")}
</ul>
</nav>
${extra ? `${extra}\n` : ""}${version ? `<footer>Version ${escapeHtml(version)}</footer>\n` : ""}</main>
</body>
</html>
`;
}

/** Makes the handler that sends a landing page, with headers that forbid it everything it does not need. */
export function landingPageHandler(options: LandingPageOptions): RequestHandler {
  const body = Buffer.from(landingPage(options));
  return (_request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("Content-Length", body.length);
    response.setHeader("X-Content-Type-Options", "nosniff");
    // A policy from web.yml was set before and is the user's own choice.
    if (!response.hasHeader("Content-Security-Policy")) {
      response.setHeader("Content-Security-Policy", LANDING_PAGE_CSP);
    }
    response.end(body);
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

// A link leads to a place, never to a script: `javascript:` and its like become a dead end.
function safeAddress(address: string): string {
  return /^(https?:\/\/|\/|\.|#|\?)/i.test(address) ? address : "#";
}
