"""Pages whose scripts try to tell somebody else that they are being looked at.

Each of *TRIES* asks another host for something, or leads a window there, by another door of a
browser. They build the address themselves, so that no rewriting of their text changes it.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable
from typing import Any

from tests.journeys.site import Asked, Respond, Site, answer

_WEBRTC = (
    "const peer = new view.RTCPeerConnection({iceServers: [{username: 'a', credential: 'b',"
    "urls: 'turn:' + there.split('/')[2] + '?transport=tcp'}]}); peer.createDataChannel('x');"
    "peer.createOffer().then(offer => peer.setLocalDescription(offer))"
)
TRIES = {
    "fetch": "fetch(there, {mode: 'no-cors'}).catch(() => 0)",
    "xhr": "const xhr = new XMLHttpRequest(); xhr.open('GET', there); xhr.send()",
    "bare-fetch": (
        "const frame = document.createElement('iframe'); document.body.append(frame);"
        "window[window.length - 1].fetch.call(window, there, {mode: 'no-cors'}).catch(() => 0)"
    ),
    "picture": "new Image().src = there",
    "markup": "document.body.insertAdjacentHTML('beforeend', `<p><img src='${there}'></p>`)",
    "beacon": "navigator.sendBeacon(there, 'seen')",
    "script": "add('script', {src: there})",
    "module": "import(there).catch(() => 0)",
    "stylesheet": "add('link', {rel: 'stylesheet', href: there})",
    "style": "document.body.style.backgroundImage = `url(${there})`",
    "font": "new FontFace('x', `url(${there})`).load().catch(() => 0)",
    "prefetch": "add('link', {rel: 'prefetch', href: there})",
    "preload": "add('link', {rel: 'preload', as: 'image', href: there})",
    "preconnect": "add('link', {rel: 'preconnect', href: there})",
    "frame": "add('iframe', {src: there})",
    "object": "add('object', {data: there})",
    "video": "add('video', {src: there, autoplay: true})",
    "socket": "new WebSocket(there.replace('http', 'ws'))",
    "bare-socket": (
        "add('iframe', {}); new window[window.length - 1].WebSocket(there.replace('http', 'ws'))"
    ),
    "webrtc": f"const view = window; {_WEBRTC}",
    "bare-webrtc": f"add('iframe', {{}}); const view = window[window.length - 1]; {_WEBRTC}",
    "parsed-webrtc": (
        "document.body.insertAdjacentHTML('beforeend', '<p><iframe></iframe>');"
        f"const view = window[window.length - 1]; {_WEBRTC}"
    ),
    "webrtc-in-srcdoc": (
        "add('iframe', {}); const frame = window[window.length - 1].document"
        ".createElement('iframe');"
        "frame.srcdoc = `<script>const view = window, there = '${there}';"
        f"{_WEBRTC}"
        "</` + 'script>'; document.body.append(frame)"
    ),
    "events": "new EventSource(there)",
    "worker": (
        "const code = new Blob([`fetch('${there}', {mode: 'no-cors'})`]);"
        "new Worker(URL.createObjectURL(code))"
    ),
    "form-in-frame": (
        "add('iframe', {name: 'inside'});"
        "add('form', {action: there, method: 'post', target: 'inside'}).submit()"
    ),
    "outer-page": (
        "const doc = window.top.document; const script = doc.createElement('script');"
        "script.textContent = `fetch('${there}', {mode: 'no-cors'})`; doc.body.append(script);"
        "window.top.document.body.insertAdjacentHTML('beforeend', `<img src='${there}'>`)"
    ),
    "middle-page": (
        "const doc = window.parent.document; const script = doc.createElement('script');"
        "script.textContent = `fetch('${there}', {mode: 'no-cors'})`; doc.body.append(script);"
        "window.parent.document.body.insertAdjacentHTML('beforeend', `<img src='${there}'>`)"
    ),
    "service-worker": (
        "navigator.serviceWorker.controller.postMessage("
        "{msg_type: 'addColl', name: 'x', file: {sourceUrl: there + '/x.wacz'}})"
    ),
    "form": "add('form', {action: there, method: 'post'}).submit()",
    "location": "window.location.href = there",
    "link": "add('a', {href: there}).click()",
    "top-location": "window.top.location.href = there",
    "top-link": (
        "const link = window.top.document.createElement('a'); link.href = there;"
        "window.top.document.body.append(link); link.click()"
    ),
    "top-form": (
        "const form = window.top.document.createElement('form'); form.action = there;"
        "window.top.document.body.append(form); form.submit()"
    ),
    "refresh": "add('meta', {httpEquiv: 'refresh', content: `0; url=${there}`})",
    "refresh-in-frame": (
        "add('iframe', {srcdoc: `<meta http-equiv=refresh content='0; url=${there}'>`})"
    ),
    "window": "window.open(there)",
    "not-found-link": (
        "add('iframe', {src: `${there}/missing`}).onload = event =>"
        "event.target.contentDocument.querySelectorAll('a').forEach(link => link.click())"
    ),
    "bare-link": (
        "add('iframe', {}); const bare = window[window.length - 1].document;"
        "const link = bare.createElement('a'); link.setAttribute('href', there);"
        "link.target = '_blank'; bare.body.append(link); link.click()"
    ),
}
# Chromium connects before it asks whether a frame may go there, and hangs up without a word.
FRAMES_LED = {
    "location-in-frame": "add('iframe', {}); window[window.length - 1].location = there",
    "script-in-frame": (
        "add('iframe', {srcdoc: `<script>const to = '${there}'.split('/');"
        "location = to.join('/')</` + 'script>'})"
    ),
}
# These need the windows around an archived page, or a browser that is less wary: it opens no
# window without a click, and connects ahead of need to few.
ONLY_ARCHIVED = (
    "outer-page",
    "middle-page",
    "service-worker",
    "window",
    "preconnect",
    "not-found-link",
    "bare-link",
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>%(name)s</title></head>
<body><h1>Tries %(name)s</h1>
<script>
const there = ["%(scheme)s:", "", "%(host)s", "%(name)s"].join("/");
function add(name, fields) {
  const element = document.createElement(name);
  Object.assign(element, fields);
  document.body.append(element);
  return element;
}
addEventListener("load", () => {
  try { %(script)s } catch (error) { console.warn(error); }
  console.log("tried %(name)s");
});
</script></body></html>
"""


class Canary(Site):
    """Somebody who must not hear of it; *connections* counts those who came, asking or not."""

    def __init__(self) -> None:
        super().__init__(lambda asked: answer(b"", "Connection: close"))
        self.connections = 0

    def forget(self) -> None:
        """Count anew."""
        self.connections = 0
        self.asked.clear()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Take no offence at those who speak no HTTP: they are counted."""
        if not isinstance(sys.exception(), ValueError | IndexError):
            super().handle_error(request, client_address)

    def get_request(self) -> tuple[socket.socket, Any]:  # Any: an address, whatever it is
        """Take a connection, and count it."""
        self.connections += 1
        return super().get_request()


def way_of(name: str) -> str:
    """Return the path of the page that tries *name*."""
    return f"/tries/{name}"


def hostile_site(canary: str) -> Respond:
    """Return what answers with the pages, which try to reach *canary*."""
    scheme, _, host = canary.partition("://")

    def respond(asked: Asked) -> Iterable[bytes]:
        name = asked.path.rpartition("/")[2]
        script = (TRIES | FRAMES_LED).get(name)
        if script is None:
            return answer(b"", status="404 Not Found")
        fields = {"name": name, "scheme": scheme, "host": host, "script": script}
        return answer((_PAGE % fields).encode())

    return respond
