// Runs in the page that shows an archive and, before their own scripts, in archived pages: none
// of them takes a window to another site, which could be told so what is archived here.
"use strict";

window.navigation?.addEventListener("navigate", (event) => {
  const { origin, protocol } = new URL(event.destination.url);
  const isElsewhere = protocol.startsWith("http") && origin !== location.origin;
  if (isElsewhere && event.cancelable) event.preventDefault();
});
