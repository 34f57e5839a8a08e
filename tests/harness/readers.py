# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Badge-reader appliances: they dial the agent and send what a card says."""

import socket


class Reader:
    def __init__(self, port, model="tcpconv"):
        self.port, self.model = port, model
        self.connection = None
        self.said = b""

    def connect(self):
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), 10)
            self.connection.settimeout(10)
        return self.connection

    def is_dead(self):
        """Whether the agent has hung up; what it said before is kept for answer()."""
        self.connection.setblocking(False)
        try:
            while True:
                octets = self.connection.recv(256)
                if not octets:
                    return True
                self.said += octets
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.connection.settimeout(10)

    def swipe(self, badge, pieces=1, end=b"\r\n"):
        if self.connection is not None and self.is_dead():
            self.close()
        frame = badge.encode() + end
        connection = self.connect()
        size = max(1, -(-len(frame) // pieces))
        for start in range(0, len(frame), size):
            connection.sendall(frame[start : start + size])

    def answer(self):
        """What the agent told the appliance next; b"" if it hung up."""
        said, self.said = self.said, b""
        return said or self.connect().recv(256)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
