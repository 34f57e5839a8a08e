# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The part of the matrix of rights that comes by IPP."""

import ippwire as ipp

from .client import IppQueue, Refused, basic
from .documents import pdf
from .matrix import OWN, REACHES, SERVICE, SESSIONS

IPP_TURNED_AWAY = {0x0401, 0x0402, 0x0403, 0x0406}


class IppTried:
    """Somebody at the queues, who names jobs of his own, of others, and such as are not there."""

    JOB_OPERATIONS = {0x0006, 0x0008, 0x0009, 0x000C, 0x000D, 0x0014, 0x003B}
    DOCUMENT = {0x0002, 0x0006}

    def __init__(self, matrix, who):
        self.matrix, self.who = matrix, who
        queue = matrix.machine_queue["name"] if who.role == "machine" else "pull"
        self.queue = IppQueue(who.connection or matrix.world.connection, queue, None, None)
        self.queue.authorization = who.authorization
        if who.role == "operator":
            # A password that is none of this tenant's would soon be one too many.
            token = matrix.ask(who, "POST", "/v1/tokens", {"label": "ipp", "kind": "api"})[1]["token"]
            self.queue.authorization = "Bearer " + token
        if who.role == "print-token":
            self.queue.authorization = basic("device", who.authorization.split()[1])

    def kinds(self, operation):
        return ["own", "other", "foreign", "deleted", "never"] if operation in self.JOB_OPERATIONS else ["own"]

    def due(self, right, whose):
        """Nobody reaches beyond his own by this way; who is of another tenant is nobody here."""
        role = self.who.role
        if role == "operator":
            return False  # what he shows is shown to another tenant's queue
        if REACHES[self.matrix.reaches[right]["nobody"]] == SERVICE:
            return True
        if role in ("nobody", "agent", "converter", "new-agent", *SESSIONS):
            return False  # IPP knows no sessions
        return whose == "own" and self.matrix.reach(role, right) >= OWN

    def number(self, whose):
        if whose == "never":
            return 0x7FFFFFF0
        if whose == "foreign":
            return 0x7FFFFFF1  # numbers are a tenant's own: there is no way to say another's
        owner = {"own": self.who, "other": self.matrix.other}.get(whose)
        if whose == "deleted":
            owner = self.matrix.make_person("person")
        job = self.matrix.make_job_thing(owner, "own") if owner.person and owner.role != "delegate" else None
        if not job:
            return None
        number = self.matrix.admin.get("/v1/jobs/" + job)["number"]
        if whose == "deleted":
            self.matrix.admin.delete("/v1/people/" + owner.person)
        return number

    def ask(self, operation, whose):
        """The status-code, or 401, or None where there is no such job for this one."""
        given = {}
        if operation in self.JOB_OPERATIONS:
            number = self.number(whose)
            if number is None:
                return None
            given["job_id"] = (ipp.INTEGER, number)
        if operation == 0x0006:
            given["last_document"] = (ipp.BOOLEAN, True)
        if operation == 0x0014:
            given["job"] = {"copies": [(ipp.INTEGER, 2)]}
        if operation in self.DOCUMENT:
            given["document_format"] = (ipp.MIME, "application/pdf")
        try:
            return self.queue.ask(operation, pdf("x") if operation in self.DOCUMENT else b"", **given)[0]
        except Refused as refused:
            return refused.status
