// The service worker: ReplayWeb.page's own, after what keeps archived pages in this origin.
//
// Archived scripts are anybody's. ReplayWeb.page sends a policy with most of what it answers,
// but that lets web sockets out, and its own frame has none. Here every answer gets one. The
// worker itself fetches from nowhere but here: that is the policy of this file.
"use strict";

const ARCHIVED = $archived;
const FRAME = $frame;
const GUARD = $guard;

// Nobody is connected to but this server: Chromium heeds it, for WebRTC and new windows too.
const CONNECTIONS = `("$${self.location.origin}/*" response-origin);redirects=allow`;
// What ReplayWeb.page lets its frame do, but no new window: one could be of any site.
const SANDBOX =
  "sandbox allow-downloads allow-forms allow-modals allow-orientation-lock " +
  "allow-pointer-lock allow-presentation allow-same-origin allow-scripts";
const NOT_ARCHIVED =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
  "sandbox allow-scripts";

async function confined(request, response) {
  if (response.status < 200) return response; // an error, which has no headers
  const path = new URL(request.url).pathname;
  const isArchived = path.startsWith("/replay/w/");
  const headers = new Headers(response.headers);
  headers.set("Content-Security-Policy", `$${isArchived ? ARCHIVED : FRAME}; $${SANDBOX}`);
  headers.set("Connection-Allowlist", CONNECTIONS);
  headers.set("X-DNS-Prefetch-Control", "off");
  headers.delete("Link"); // it could have the browser connect elsewhere ahead of need
  const { status, statusText } = response;
  const type = headers.get("Content-Type") ?? "";
  // ReplayWeb.page takes what Common Crawl recognised for what a site sent, which was often
  // called text/html, and is seldom well-formed.
  if (isArchived && /^application\/xhtml\+xml/i.test(type)) {
    headers.set("Content-Type", type.replace(/^[^;]*/, "text/html"));
  }
  if (isArchived && status >= 400 && type.startsWith("text/html")) {
    const text = await response.text();
    const isOfReplay = text.includes('id="livelink"');
    if (!isOfReplay) return new Response(text, { status, statusText, headers });
    headers.set("Content-Security-Policy", NOT_ARCHIVED);
    headers.delete("Content-Length");
    return new Response(notArchived(request.url), { status, statusText, headers });
  }
  // This script runs before those of an archived page.
  const isFirst = path === "/replay/static/wombat.js";
  const body = isFirst ? new Blob([GUARD, await response.text()]) : response.body;
  return new Response(body, { status, statusText, headers });
}

// Instead of ReplayWeb.page's own page, which has a link to the live site for any script to
// click. This one is of an origin of its own; the page around all knows what is nearest.
function notArchived(address) {
  const found = /^[^?#]*?\/replay\/w\/[^/]+\/(?::[^/]*\/)?(?:\d*[a-z]{2,}_\/)?(.*)/s.exec(address);
  const url = found ? found[1] : address;
  const shown = url.replace(/[&<>"]/g, (letter) => `&#$${letter.charCodeAt()};`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Not archived</title></head>
<body style="font-family: system-ui, sans-serif"><main><h1>Not archived</h1>
<p><code>$${shown}</code> is not archived here.</p>
<p><button>See what is nearest</button></p></main>
<script>
const url = document.querySelector("code").textContent;
parent.postMessage({ wb_type: "archive-not-found", reason: "notFound", url, ts: "" }, "*");
document.querySelector("button").onclick = () => top.postMessage({ nearestTo: url }, "*");
</script></body></html>`;
}

// What is searched: the list of all pages with their texts. Of the one in a single WACZ
// ReplayWeb.page would read no more than the first MiB.
async function texts(clientId) {
  const client = await self.clients.get(clientId);
  const source = client && new URL(client.url).searchParams.get("source");
  return source ? fetch(new URL("pages.jsonl", source)) : Response.error();
}

// ReplayWeb.page also runs this file as a plain worker, which answers no requests.
if (self.FetchEvent) {
  const respondWith = FetchEvent.prototype.respondWith;
  FetchEvent.prototype.respondWith = function (answer) {
    const { clientId, request } = this;
    const { pathname } = new URL(request.url);
    const asksForTexts = /^\/replay\/w\/api\/c\/[^/]+\/textIndex$$/.test(pathname);
    const answered = asksForTexts ? texts(clientId) : Promise.resolve(answer);
    respondWith.call(this, answered.then((response) => confined(request, response)));
  };
}

importScripts("wabac.js");
