# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""An open page's stream of events: what it is told, in order, and whether it has ended."""

import contextlib
import json
import socket
import threading
import time

from .client import Refused
from .process import wait_until


class Listener:
    def __init__(self, world, authorization=None, cookie=None, last=None):
        headers = {"Accept": "text/event-stream"}
        headers.update({"Authorization": authorization} if authorization else {})
        headers.update({"Cookie": cookie} if cookie else {})
        headers.update({"Last-Event-ID": last} if last else {})
        self.connection = world.connection.fresh()
        self.connection.request("GET", "/v1/live", headers=headers)
        self.socket = self.connection.sock
        self.answer = self.connection.getresponse()
        if self.answer.status != 200:
            body = json.loads(self.answer.read())
            self.connection.close()
            raise Refused(self.answer.status, body)
        self.events, self.last, self.ended, self.at = [], last, False, []
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        wait_until(lambda: self.events or self.ended, "the stream begins")

    def listen(self):
        event = {}
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    event[name] = value
                    continue
                if "event" in event:
                    self.last = event["id"]
                    self.at.append(time.monotonic())
                    self.events.append((event["event"], json.loads(event["data"])))
                event = {}
        except (OSError, ValueError):
            pass
        self.ended = True

    def first(self):
        return self.events[0][0]

    def told(self, kind=None, id=None, what=None):
        """What came of the kind, about the thing, in these words."""
        live = [data for name, data in list(self.events) if name == "live"]
        return [d for d in live if kind in (None, d["kind"]) and id in (None, d["id"]) and what in (None, d["what"])]

    def wait(self, kind=None, id=None, what=None):
        wait_until(lambda: self.told(kind, id, what), "told of %s %s %s, among %s" % (kind, id, what, self.events))

    def wait_end(self):
        wait_until(lambda: self.ended, "the stream ends")

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # which also ends what waits for the next line
        self.thread.join()
        self.answer.close()
        self.connection.close()
