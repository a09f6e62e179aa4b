"""Counts round trips to the database on the wire, whatever library makes them."""

from __future__ import annotations

import selectors
import socket
import threading
from types import TracebackType

from sqlalchemy import make_url


class CountingProxy:
    """Stands before PostgreSQL and counts how often a client speaks after the server spoke.

    `with CountingProxy(url) as proxy`: connect to `proxy.url`, read `proxy.turns`.
    """

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.target = (str(address.host), int(address.port or 5432))
        self.listener = socket.create_server(("127.0.0.1", 0))
        port = self.listener.getsockname()[1]
        self.url = address.set(port=port).render_as_string(hide_password=False)
        self.turns = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> CountingProxy:
        self._thread.start()
        return self

    def __exit__(self, _kind: type | None, _fault: BaseException | None, _at: TracebackType | None) -> None:
        self._stopped.set()
        self._thread.join(5)
        self.listener.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.listener, selectors.EVENT_READ)
            while not self._stopped.is_set():
                for key, _mask in waiting.select(0.1):
                    if key.fileobj is self.listener:
                        self._welcome(waiting)
                    elif key.fd in waiting.get_map():
                        self._carry(key.data, waiting)
            for key in list(waiting.get_map().values()):
                if key.data:
                    key.data.source.close()

    def _welcome(self, waiting: selectors.BaseSelector) -> None:
        client, _address = self.listener.accept()
        server = socket.create_connection(self.target)
        talk = _Talk()
        for source, sink, from_client in ((client, server, True), (server, client, False)):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(source, selectors.EVENT_READ, _Way(source, sink, from_client, talk))

    def _carry(self, way: _Way, waiting: selectors.BaseSelector) -> None:
        chunk = way.source.recv(262_144)
        if not chunk:
            for end in (way.source, way.sink):
                waiting.unregister(end)
                end.close()
            return
        if way.from_client and way.talk.server_spoke_last:
            self.turns += 1
        way.talk.server_spoke_last = not way.from_client
        way.sink.sendall(chunk)


class _Talk:
    """Who spoke last on one connection."""

    server_spoke_last = True


class _Way:
    """One direction of a connection."""

    def __init__(self, source: socket.socket, sink: socket.socket, from_client: bool, talk: _Talk) -> None:
        self.source, self.sink, self.from_client, self.talk = source, sink, from_client, talk
