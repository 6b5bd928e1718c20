"""Pages shown in a browser on this machine, renewed when they change; nobody else can ask for them.

The page in the frame is the finished report, with its own policy. Around it stands a small page that
asks whether there is a newer one and, if so, loads it and scrolls to where the reader was.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

ADDRESS = "127.0.0.1"

_KINDS = {"html": "text/html; charset=utf-8", "jpg": "image/jpeg", "png": "image/png",
          "webp": "image/webp", "gpx": "application/gpx+xml"}  # fmt: skip

#: asked once a second: a person does not notice it, nor does the machine
_AROUND = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>convoylog preview</title>
<style nonce="{nonce}">
html,body{{margin:0;height:100%}} iframe{{border:0;width:100%;height:100%;display:block}}
#said{{position:fixed;left:0;right:0;bottom:0;padding:10px 16px;background:#7a1f1f;color:#fff;
font:15px/1.4 system-ui,sans-serif;white-space:pre-wrap}} #said[hidden]{{display:none}}
</style></head><body>
<iframe id="page" title="The report" src="{first}"></iframe><p id="said" role="status" hidden></p>
<script nonce="{nonce}">
"use strict";
const page = document.getElementById("page"), said = document.getElementById("said");
let shown = {stamp};
async function look() {{
  try {{
    const now = await (await fetch("/stamp", {{cache: "no-store"}})).json();
    said.textContent = now.error;
    said.hidden = !now.error;
    if (now.stamp !== shown) {{
      shown = now.stamp;
      const inside = page.contentWindow, x = inside.scrollX, y = inside.scrollY;
      page.addEventListener("load", () => {{
        page.contentWindow.scrollTo({{left: x, top: y, behavior: "instant"}});
      }}, {{once: true}});
      inside.location.reload();
    }}
  }} catch (ended) {{
    said.textContent = "The preview has ended. `convoylog preview` starts it again.";
    said.hidden = false;
  }}
  setTimeout(look, 1000);
}}
look();
</script></body></html>
"""


class Server:
    """Serves the pages given to `show` until it is closed. port: 0 for any that is free.

    Raises OSError where the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self._files: Mapping[str, bytes] = {}
        self._first = ""
        self._stamp = 0
        self._error = ""
        serving = self

        class Handler(_Handler):
            server_of = serving

        self._http = ThreadingHTTPServer((ADDRESS, port), Handler)
        self._http.daemon_threads = True
        self.port = int(self._http.server_address[1])
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://{ADDRESS}:{self.port}/"

    def show(self, files: Mapping[str, bytes], first: str) -> None:
        """From now on these pages are served, and browsers load them again."""
        self._files, self._first, self._error = files, first, ""
        self._stamp += 1

    def tell(self, error: str) -> None:
        """What went wrong with the next pages; the last good ones stay."""
        self._error = error

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, path: str) -> tuple[bytes, str, str] | None:
        """(content, its type, its policy) of a path, or None."""
        if path == "/":
            nonce = secrets.token_urlsafe(16)
            around = _AROUND.format(nonce=nonce, first=f"/{self._first}", stamp=self._stamp)
            policy = (
                f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
                "connect-src 'self'; frame-src 'self'; frame-ancestors 'none'"
            )
            return around.encode(), _KINDS["html"], policy
        if path == "/stamp":
            row = {"stamp": self._stamp, "error": self._error}
            return json.dumps(row).encode(), "application/json", "default-src 'none'"
        content = self._files.get(unquote(path).removeprefix("/"))
        if content is None:
            return None
        kind = _KINDS.get(path.rpartition(".")[2], "application/octet-stream")
        # the report brings a stricter policy of its own
        return content, kind, "frame-ancestors 'self'"


class _Handler(BaseHTTPRequestHandler):
    server_of: Server

    def do_GET(self) -> None:
        # a name that some page made point to this machine must not reach the report
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        if host not in (ADDRESS, "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        found = self.server_of.answer(urlsplit(self.path).path)
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content, kind, policy = found
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: the terminal is for people."""
