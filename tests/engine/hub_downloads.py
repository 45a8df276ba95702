"""A small local server that speaks the part of the Hugging Face Hub's protocol a download needs."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "c0ffee" * 6 + "abcd"


@dataclass
class Hub:
    """What the server has, how it misbehaves, and what was asked of it."""

    files: dict[str, bytes]
    """By path: owner/name/file."""
    gated: frozenset[str] = frozenset()
    break_after: int | None = None
    """Bytes after which a transfer breaks off, as often as `breaks` says."""
    breaks: int = 1
    held: threading.Event | None = None
    """If set, a transfer does not break off there but stays silent until this event."""
    wrong_tag: bool = False
    declared_size: int | None = None
    bare: bool = False
    """Whether it answers like a server that is no hub."""
    address: str = ""
    store: str = ""
    """Where the bytes are: the same server under another name, as the Hub's own store is another host."""
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def ranges(self) -> list[str]:
        """Return the Range header of each transfer, "" for none."""
        return [headers.get("range", "") for method, _, headers in self.requests if method == "GET"]


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve `hub` on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def do_HEAD(self) -> None:
            self.note()
            data = self.resolved()
            if data is not None:
                self.send_response(302)
                tag = hashlib.sha256(b"other" if hub.wrong_tag else data).hexdigest()
                size = len(data) if hub.declared_size is None else hub.declared_size
                name = self.path.split("/resolve/")[1].split("/", 1)[1]
                repository = self.path.split("/resolve/")[0].strip("/")
                if not hub.bare:
                    self.send_header("X-Repo-Commit", COMMIT)
                    self.send_header("X-Linked-Etag", f'"{tag}"')
                    self.send_header("X-Linked-Size", str(size))
                self.send_header("Location", f"{hub.store}/store/{repository}/{name}")
                self.finish_headers(0)

        def do_GET(self) -> None:
            self.note()
            data = hub.files[self.path.removeprefix("/store/")]
            start = 0
            if found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")):
                start = int(found[1])
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            self.finish_headers(len(data) - start)
            end = len(data)
            if hub.break_after is not None and hub.breaks:
                hub.breaks -= 1
                end = min(end, start + hub.break_after)
                self.close_connection = True
            self.wfile.write(data[start:end])
            if self.close_connection and hub.held is not None:
                hub.held.wait(60)

        def note(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            hub.requests.append((self.command, self.path, headers))

        def resolved(self) -> bytes | None:
            repository, _, rest = self.path.strip("/").partition("/resolve/")
            known = {"/".join(path.split("/")[:2]) for path in hub.files}
            name = rest.partition("/")[2]
            if repository in hub.gated:
                return self.refuse(403, "GatedRepo")
            if repository not in known:
                return self.refuse(401, "RepoNotFound")
            if f"{repository}/{name}" not in hub.files:
                return self.refuse(404, "EntryNotFound")
            return hub.files[f"{repository}/{name}"]

        def refuse(self, status: int, code: str) -> None:
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.finish_headers(0)

        def finish_headers(self, length: int) -> None:
            self.send_header("Content-Length", str(length))
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    hub.store = f"http://localhost:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
