# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A line on which everything takes its time: a port of its own in front of another one, octet for octet, late."""

import selectors
import socket
import threading
import time
from collections import deque


class SlowLine:
    """Whatever is read on one side is written on the other one after so many seconds; delay_s may be changed while it runs."""

    def __init__(self, port, delay_s):
        self.port_to, self.delay_s = port, delay_s
        self.listener = socket.create_server(("localhost", 0))
        self.port = self.listener.getsockname()[1]
        self.ended = False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended = True
        socket.create_connection(("localhost", self.port)).close()
        self.thread.join()
        self.listener.close()

    def run(self):
        waiting = deque()  # (when, socket, octets)
        peers = {}
        with selectors.DefaultSelector() as ready:
            ready.register(self.listener, selectors.EVENT_READ)
            while not self.ended:
                for key, _ in ready.select(0.02 if waiting else None):
                    if key.fileobj is self.listener:
                        near, far = self.listener.accept()[0], socket.create_connection(("localhost", self.port_to))
                        for one, other in ((near, far), (far, near)):
                            peers[one] = other
                            ready.register(one, selectors.EVENT_READ)
                        continue
                    waiting.append((time.monotonic() + self.delay_s, peers[key.fileobj], self.read(key.fileobj, ready)))
                while waiting and waiting[0][0] <= time.monotonic():
                    self.write(*waiting.popleft()[1:])
        for one in peers:
            one.close()

    @staticmethod
    def read(from_, ready):
        try:
            octets = from_.recv(65536)
        except OSError:
            octets = b""
        if not octets:
            ready.unregister(from_)
        return octets

    @staticmethod
    def write(to, octets):
        try:
            if octets:
                to.sendall(octets)
            else:
                to.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # its other end has gone, which it is told by itself
