"""A server on loopback that ends at once when it is closed, whatever its connections are doing."""

import contextlib
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event


class LoopbackServer(ThreadingHTTPServer):
    """Knows its open connections, so that closing it does not wait for clients that keep theirs alive.

    Args:
        port: 0 for any free one.
        handler: tells `opened` and `closed` of each connection.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.closing = Event()
        self._open: set[socket.socket] = set()
        self._changed = Condition()

    def opened(self, connection: socket.socket) -> None:
        """Note a connection that a thread now serves."""
        with self._changed:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Note that a connection's thread is done with it."""
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()

    def close(self) -> None:
        """Stop listening, end every connection and wait for their threads."""
        self.closing.set()
        self.shutdown()
        self.server_close()
        with self._changed:
            for connection in self._open:
                # A client that went away first leaves nothing to shut down.
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, timeout=5)


class LoopbackHandler(BaseHTTPRequestHandler):
    """Serves one connection of a LoopbackServer, kept alive."""

    server: LoopbackServer
    protocol_version = "HTTP/1.1"
    server_version = "standin"
    # One write per reply: with headers and body apart, delayed acknowledgements cost 40 ms each.
    wbufsize = -1
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Tell the server of the connection."""
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        """Tell the server that the connection is done with."""
        try:
            with contextlib.suppress(OSError):
                super().finish()
        finally:
            self.server.closed(self.connection)

    def handle(self) -> None:
        """Serve the connection until its client ends it."""
        # Clients under test hang up in the middle of a reply; that is their good right.
        with contextlib.suppress(ConnectionError):
            super().handle()
