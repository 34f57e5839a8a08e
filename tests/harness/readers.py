# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Badge-reader appliances: they dial the agent and send what a card says."""

import socket


class Reader:
    def __init__(self, port, model="tcpconv"):
        self.port, self.model = port, model
        self.connection = None

    def connect(self):
        if self.connection is None:
            self.connection = socket.create_connection(("127.0.0.1", self.port), 10)
            self.connection.settimeout(10)
        return self.connection

    def is_dead(self):
        """The agent has hung up; what it said before is not lost by asking."""
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def swipe(self, badge, pieces=1, end=b"\r\n"):
        if self.connection is not None and self.is_dead():
            self.close()
        frame = badge.encode() + end
        connection = self.connect()
        size = max(1, -(-len(frame) // pieces))
        for start in range(0, len(frame), size):
            connection.sendall(frame[start : start + size])

    def answer(self):
        """What the agent told the appliance so far; b"" if it hung up."""
        return self.connect().recv(256)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None
