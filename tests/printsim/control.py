# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""How a test speaks to a running printsim."""

import json
import socket


class Control:
    def __init__(self, path):
        self.path = path

    def order(self, **order):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(self.path)
            connection.sendall((json.dumps(order) + "\n").encode())
            answer = json.loads(connection.makefile().readline())
        if not answer.pop("ok"):
            raise ValueError(answer["error"])
        return answer

    def temper(self, printer, mode, **more):
        self.order(do="temper", printer=printer, mode=mode, **more)

    def normal(self, printer):
        self.temper(printer, "normal")

    def reboot(self, printer, ms=300):
        self.order(do="reboot", printer=printer, ms=ms)

    def empty(self, printer, empty=True):
        self.order(do="paper", printer=printer, empty=empty)

    def load(self, printer, *trays):
        """Trays as (source, width, height, level of 500 sheets), sides in hundredths of a millimetre."""
        names = ("source", "width", "height", "level")
        self.order(do="load", printer=printer, trays=[dict(zip(names, tray)) for tray in trays])

    def status(self, printer):
        return self.order(do="status")["printers"][printer]


def truth(path, printer=None, event=None):
    """The lines of a truth log; the last one may still be on its way and is left out then."""
    lines = []
    try:
        with open(path, encoding="utf-8") as file:
            octets = file.read()
    except FileNotFoundError:
        return lines
    for line in octets.splitlines(True):
        if line.endswith("\n"):
            facts = json.loads(line)
            if (printer is None or facts["printer"] == printer) and (event is None or facts["event"] == event):
                lines.append(facts)
    return lines
