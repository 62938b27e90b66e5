// Runs in the page that shows an archive, in the frame of ReplayWeb.page and, before their own
// scripts, in archived pages: none of them takes a window to another site, which could be told
// so what is archived here, nor talks to one by WebRTC, of which no policy speaks but Chromium's.
"use strict";

{
  const TALKERS = ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"];
  const guarded = new WeakSet();

  // Any window of this origin, and then those of its frames.
  function guard(view) {
    if (!view || guarded.has(view.document)) return;
    guarded.add(view.document);
    for (const name of TALKERS) delete view[name];
    view.document.addEventListener("load", () => guardFrames(view), true);
    guardWays(view, view.Node.prototype, ["appendChild", "insertBefore", "replaceChild"]);
    const ways = ["append", "prepend", "before", "after", "replaceWith", "replaceChildren"];
    guardWays(view, view.Element.prototype, [
      ...ways, "insertAdjacentElement", "insertAdjacentHTML", "innerHTML", "outerHTML",
    ]);
    const written = ["append", "prepend", "replaceChildren", "write", "writeln"];
    guardWays(view, view.Document.prototype, written);
    guardWays(view, view.DocumentFragment.prototype, ["append", "prepend", "replaceChildren"]);
    guardWays(view, view.ShadowRoot.prototype, ["innerHTML"]);
    guardWays(view, view.Range.prototype, ["insertNode", "surroundContents"]);
    for (const kind of ["HTMLIFrameElement", "HTMLFrameElement", "HTMLObjectElement"]) {
      guardWays(view, view[kind]?.prototype, ["contentWindow", "contentDocument"]);
    }
    const observer = new view.MutationObserver(() => guardFrames(view));
    observer.observe(view.document, { childList: true, subtree: true });
    guardFrames(view);
  }

  function guardFrames(view) {
    for (let index = 0; index < view.length; index++) guardIfOurs(view[index]);
  }

  function guardIfOurs(view) {
    try {
      guard(view);
    } catch (error) {
      if (error.name !== "SecurityError") throw error; // of another origin, where none looks in
    }
  }

  // Have the methods and properties *names* of *owner* guard the frames that they make or give.
  function guardWays(view, owner, names) {
    for (const name of names) {
      const way = owner && Object.getOwnPropertyDescriptor(owner, name);
      if (!way) continue;
      for (const part of ["value", "get", "set"]) {
        const original = way[part];
        const givesNoFrame = part === "get" && !name.startsWith("content");
        if (typeof original !== "function" || givesNoFrame) continue;
        way[part] = {
          [name](...values) {
            const result = Reflect.apply(original, this, values);
            guardFrames(view);
            const given = name.startsWith("content") ? result : null;
            if (given) guardIfOurs(name === "contentWindow" ? given : given.defaultView);
            return result;
          },
        }[name];
      }
      Object.defineProperty(owner, name, way);
    }
  }

  guard(window);
}

window.navigation?.addEventListener("navigate", (event) => {
  const { origin, protocol } = new URL(event.destination.url);
  const isElsewhere = protocol.startsWith("http") && origin !== location.origin;
  if (isElsewhere && event.cancelable) event.preventDefault();
});

// What is not archived, in the frame of an archived page, asks for what is nearest.
if (window === window.top) {
  window.addEventListener("message", ({ data }) => {
    if (typeof data?.nearestTo !== "string") return;
    location.assign(`/replay?url=${encodeURIComponent(data.nearestTo)}`);
  });
}
