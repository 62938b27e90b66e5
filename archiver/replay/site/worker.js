// The service worker: ReplayWeb.page's own, after what keeps archived pages in this origin.
//
// Archived scripts are anybody's. ReplayWeb.page sends a policy with most of what it answers,
// but that lets web sockets out, and its own frame has none. Here every answer gets one. The
// worker itself fetches from nowhere but here: that is the policy of this file.
"use strict";

const ARCHIVED = $archived;
const FRAME = $frame;
const GUARD = $guard;

async function confined(request, response) {
  if (response.status < 200) return response; // an error, which has no headers
  const path = new URL(request.url).pathname;
  const headers = new Headers(response.headers);
  headers.set("Content-Security-Policy", path.startsWith("/replay/w/") ? ARCHIVED : FRAME);
  headers.set("X-DNS-Prefetch-Control", "off");
  headers.delete("Link"); // it could have the browser connect elsewhere ahead of need
  const { status, statusText } = response;
  // This script runs before those of an archived page.
  const isFirst = path === "/replay/static/wombat.js";
  const body = isFirst ? new Blob([GUARD, await response.text()]) : response.body;
  return new Response(body, { status, statusText, headers });
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
    const asksForTexts = /^\/replay\/w\/api\/c\/[^/]+\/textIndex$$/.test(new URL(request.url).pathname);
    const answered = asksForTexts ? texts(clientId) : Promise.resolve(answer);
    respondWith.call(this, answered.then((response) => confined(request, response)));
  };
}

importScripts("wabac.js");
