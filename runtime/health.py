"""`/metrics`, `/livez` and `/readyz` of a process, on one port.

`/livez` is green as long as the process answers; `/readyz` says, as JSON, what stands between the process and its work.
"""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from runtime import metrics
from runtime.logs import log


class Health:
    """What a process lacks. Safe to be told from any thread."""

    def __init__(self, service: str) -> None:
        self._service, self._lock = service, threading.Lock()
        self._lacks: dict[str, str] = {}
        self.lacks("start", "is starting")

    def lacks(self, what: str, why: str) -> None:
        """Say that the process cannot work, because of `what`; `why` is a sentence for the operator."""
        with self._lock:
            self._lacks[what] = why
            metrics.READY.labels(service=self._service).set(0)

    def has(self, what: str) -> None:
        """Say that `what` no longer stands in the way."""
        with self._lock:
            self._lacks.pop(what, None)
            metrics.READY.labels(service=self._service).set(0 if self._lacks else 1)

    def reasons(self) -> dict[str, str]:
        """What stands in the way now, by name; empty when the process is ready."""
        with self._lock:
            return dict(self._lacks)

    @property
    def ready(self) -> bool:
        return not self.reasons()


class PortTaken(OSError):  # noqa: N818 - says what is wrong with the setting
    """The port for metrics and health is taken."""


def serve(health: Health, host: str, port: int) -> ThreadingHTTPServer:
    """Answer on host and port from a thread of its own; port 0 takes a free one. Raises `PortTaken`."""
    handler = type("Handler", (_Handler,), {"health": health})
    try:
        server = _Server((host, port), handler)
    except OSError as error:
        raise PortTaken(
            f"port {port} on {host} for metrics and health is taken ({error}): set COPYTASTER_METRICS_PORT to a free one"
        ) from error
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked may hang up before the answer; anything else is logged as every line is."""
        if not isinstance(sys.exception(), ConnectionError):
            log.exception("a question about health was not answered")


class _Handler(BaseHTTPRequestHandler):
    health: Health
    timeout = 10

    def do_GET(self) -> None:
        answer = {"/metrics": self._metrics, "/livez": self._live, "/readyz": self._ready}.get(self.path.split("?")[0])
        status, kind, body = answer() if answer else (404, "text/plain", b"/metrics, /livez and /readyz are here\n")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _metrics(self) -> tuple[int, str, bytes]:
        return 200, CONTENT_TYPE_LATEST, generate_latest()

    def _live(self) -> tuple[int, str, bytes]:
        return 200, "application/json", b'{"live": true}\n'

    def _ready(self) -> tuple[int, str, bytes]:
        reasons = self.health.reasons()
        body = json.dumps({"ready": not reasons, "lacks": reasons}) + "\n"
        return (503 if reasons else 200), "application/json", body.encode()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Requests of probes are not worth a line."""
