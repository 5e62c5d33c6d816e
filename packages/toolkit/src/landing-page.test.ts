import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { escapeHtml, LANDING_PAGE_CSP, landingPage, landingPageHandler } from "./landing-page.ts";
import { listen } from "./listen.ts";
import { silentLogger } from "./log/logger.ts";

const options = {
  name: "linklight <endpoint>",
  description: "Telemetry & more",
  version: "0.1.0",
  links: [
    { address: '/metrics?a=1&b="2"', text: "Metrics", description: "for Prometheus" },
    { address: "javascript:alert(1)", text: "Trap" },
  ],
  extra: "<p>by hand</p>",
};

describe("landingPage", () => {
  it("escapes everything but the trusted extra, and defuses script links", () => {
    const body = landingPage(options).replace(/.*<main>|<\/main>.*/gs, "");
    expect(body).toBe(`
<header>
<h1>linklight &lt;endpoint&gt;</h1>
<p>Telemetry &amp; more</p>
</header>
<nav>
<ul>
<li><a href="/metrics?a=1&amp;b=&quot;2&quot;"><b>Metrics</b><span>for Prometheus</span></a></li>
<li><a href="#"><b>Trap</b></a></li>
</ul>
</nav>
<p>by hand</p>
<footer>Version 0.1.0</footer>
`);
  });

  it("leaves out what it is not told", () => {
    const body = landingPage({ name: "x", links: [] }).replace(/.*<main>|<\/main>.*/gs, "");
    expect(body).toBe("\n<header>\n<h1>x</h1>\n</header>\n<nav>\n<ul>\n\n</ul>\n</nav>\n");
  });

  it("loads nothing, and its policy allows just its own style", () => {
    const page = landingPage(options);
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(LANDING_PAGE_CSP).toContain(`style-src 'sha256-${hash}'`);
    expect(page).not.toMatch(/src=|@import|url\(|<script|<link/);
  });
});

describe("landingPageHandler", () => {
  it("sends the page with its policy", async () => {
    const server = await listen(landingPageHandler(options), { logger: silentLogger });
    const response = await fetch(server.url);
    expect([
      response.headers.get("content-type"),
      response.headers.get("content-security-policy"),
      await response.text(),
    ]).toEqual(["text/html; charset=utf-8", LANDING_PAGE_CSP, landingPage(options)]);
    await server.close();
  });
});

describe("landingPageHandler behind a web.yml", () => {
  it("keeps the policy that the user chose", async () => {
    const landing = landingPageHandler(options);
    const server = await listen(
      (request, response) => {
        response.setHeader("Content-Security-Policy", "default-src 'self'");
        return landing(request, response);
      },
      { logger: silentLogger },
    );
    const { headers } = await fetch(server.url);
    expect(headers.get("content-security-policy")).toBe("default-src 'self'");
    await server.close();
  });
});

describe("escapeHtml", () => {
  it("escapes the five", () => {
    expect(escapeHtml(`<a href="x">'&'</a>`)).toBe(
      "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;",
    );
  });
});
