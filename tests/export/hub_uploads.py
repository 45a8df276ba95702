"""A small local server that speaks the part of the Hugging Face Hub's protocol that an upload needs."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

COMMIT = "c0ffee" * 6 + "abcd"


@dataclass
class Hub:
    """Data sets by name with their files, and what was asked of the server."""

    sets: dict[str, dict[str, bytes]] = field(default_factory=dict)
    private: dict[str, bool | None] = field(default_factory=dict)
    refuses: int = 0
    """The status that every write is refused with, 0 for none."""
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path and the authorization header."""
    address: str = ""


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve `hub` on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def answer(self, content: Any, status: int = 200) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def note(self) -> str:
            path = urlsplit(self.path).path
            hub.requests.append((self.command, path, self.headers.get("authorization", "")))
            return path

        def do_GET(self) -> None:
            path = self.note()
            name = "/".join(path.split("/")[3:5])
            files = hub.sets.get(name, {})
            if "/tree/" in path:
                entries = [
                    {"type": "file", "path": file, "size": len(data), "oid": "0" * 40}
                    for file, data in files.items()
                ]
                self.answer(entries)
            else:
                siblings = [{"rfilename": file} for file in files]
                self.answer({"id": name, "sha": COMMIT, "private": False, "tags": [], "siblings": siblings})

        def do_POST(self) -> None:
            path = self.note()
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if hub.refuses:
                self.answer({"error": "no"}, hub.refuses)
            elif path == "/api/repos/create":
                self.create(json.loads(body))
            elif path == "/api/validate-yaml":
                self.answer({"errors": [], "warnings": []})
            elif "/preupload/" in path:
                named = [file["path"] for file in json.loads(body)["files"]]
                modes = [{"path": name, "uploadMode": "regular", "shouldIgnore": False} for name in named]
                self.answer({"files": modes})
            else:
                self.commit("/".join(path.split("/")[3:5]), body)

        def create(self, asked: dict[str, Any]) -> None:
            name = f"{asked['organization'] or 'ann'}/{asked['name']}"
            if name in hub.sets:
                self.answer({"error": "You already created this dataset repo", "url": self.page(name)}, 409)
                return
            hub.sets[name] = {}
            hub.private[name] = asked.get("visibility") == "private" or asked.get("private")
            self.answer({"url": self.page(name), "name": name})

        def page(self, name: str) -> str:
            return f"{hub.address}/datasets/{name}"

        def commit(self, name: str, body: bytes) -> None:
            for line in body.splitlines():
                entry = json.loads(line)
                value = entry["value"]
                if entry["key"] == "file":
                    hub.sets[name][value["path"]] = base64.b64decode(value["content"])
                elif entry["key"] == "deletedFile":
                    hub.sets[name].pop(value["path"])
            commit = {"commitUrl": f"{self.page(name)}/commit/{COMMIT}", "commitOid": COMMIT}
            self.answer({**commit, "pullRequestUrl": None})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
