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

// ReplayWeb.page also runs this file as a plain worker, which answers no requests.
if (self.FetchEvent) {
  const respondWith = FetchEvent.prototype.respondWith;
  FetchEvent.prototype.respondWith = function (answer) {
    const { request } = this;
    respondWith.call(this, Promise.resolve(answer).then((response) => confined(request, response)));
  };
}

importScripts("wabac.js");
