# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A virtual IPP printer, with or without TLS (RFC 8010, RFC 8011).

The job table is in memory: a reboot or a SIGKILL forgets it, and job-ids begin again at 1 unless "job_ids" is
"continue" - the nastier case is the usual one here.
"""

import ssl
import threading
import time
import uuid

import ippwire as ipp
from lies import LIES, is_told
from printer import Hangup, Printer

OK, IGNORED = 0x0000, 0x0001
BAD_REQUEST, NOT_POSSIBLE, NOT_FOUND = 0x0400, 0x0404, 0x0406
FORMAT, COMPRESSION = 0x040A, 0x040F
INTERNAL, UNSUPPORTED_OPERATION, VERSION, BUSY = 0x0500, 0x0501, 0x0503, 0x0507

PENDING, HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = 3, 4, 5, 6, 7, 8, 9
STATE_REASON = {
    PENDING: "none",
    PROCESSING: "job-printing",
    STOPPED: "printer-stopped",
    CANCELED: "job-canceled-by-user",
    ABORTED: "aborted-by-system",
    COMPLETED: "job-completed-successfully",
}
OPERATIONS = (0x02, 0x04, 0x05, 0x06, 0x08, 0x09, 0x0A, 0x0B, 0x3B, 0x3C)


class Job:
    def __init__(self, number, name, user):
        self.number, self.name, self.user = number, name, user
        self.uuid = uuid.uuid4().urn
        self.status = (PENDING, "job-incoming")  # state and reason, always changed together
        self.impressions = 0
        self.created = int(time.time())
        self.finished = None
        self.open = True
        self.canceled = False
        self.password = None  # what has to be typed here first, as it was told

    @property
    def state(self):
        return self.status[0]


class Body:
    """The octets of one HTTP request body, chunked or counted."""

    def __init__(self, reader, headers):
        self.reader = reader
        self.chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        self.left = 0 if self.chunked else int(headers.get("content-length", "0"))
        self.over = not self.chunked and self.left == 0

    def some(self, limit=65536):
        if self.over:
            return b""
        if self.chunked and self.left == 0:
            self.left = int(self.reader.line().split(b";")[0], 16)
            if self.left == 0:
                while self.reader.line():
                    pass
                self.over = True
                return b""
        octets = self.reader.some(min(limit, self.left))
        self.left -= len(octets)
        if self.chunked and self.left == 0:
            self.reader.line()
        elif not self.chunked and self.left == 0:
            self.over = True
        return octets

    def exactly(self, count):
        out = b""
        while len(out) < count:
            octets = self.some(count - len(out))
            if not octets:
                raise EOFError
            out += octets
        return out


class Reader:
    def __init__(self, connection):
        self.connection = connection
        self.buffer = b""

    def fill(self):
        octets = self.connection.recv(65536)
        if not octets:
            raise EOFError
        self.buffer += octets

    def line(self):
        while b"\n" not in self.buffer:
            if len(self.buffer) > 65536:
                raise ValueError("an endless line")
            self.fill()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r")

    def some(self, limit):
        if not self.buffer:
            self.fill()
        octets, self.buffer = self.buffer[:limit], self.buffer[limit:]
        return octets


class IppPrinter(Printer):
    def __init__(self, settings, world):
        super().__init__(settings, world)
        self.tls = settings["kind"] == "ipps"
        self.jobs = {}
        self.last_id = 0
        self.table = threading.Lock()
        self.started = time.time()
        self.contexts = {}
        if self.tls:
            for which in ("own", "other"):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.minimum_version = ssl.TLSVersion.TLSv1_2
                context.num_tickets = 0
                context.load_cert_chain(*world.certificate("%s-%s" % (self.name, which)))
                self.contexts[which] = context

    def forget(self):
        with self.table:
            self.jobs = {}
            if self.settings.get("job_ids") != "continue":
                self.last_id = 0

    # ---- HTTP -------------------------------------------------------------------------------------------------

    def serve(self, connection, number):
        if not self.tls:
            return self.converse(connection, number)
        which = "other" if self.temper.mode == "wrong-identity" else "own"
        tls = self.contexts[which].wrap_socket(connection, server_side=True)
        self.connections[tls] = number
        reset = False
        try:
            self.converse(tls, number)
        except Hangup as hangup:
            reset = hangup.reset
        finally:
            self.connections.pop(tls, None)
            if reset:
                self._reset(tls)
            else:
                self._close(tls)

    def converse(self, connection, number):
        reader = Reader(connection)
        while True:
            start = reader.line().decode("latin-1").split()
            headers = {}
            line = reader.line()
            while line:
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.strip().lower()] = value.strip()
                line = reader.line()
            if len(start) != 3 or start[0] != "POST":
                text = b"virtual printer\n"
                status = b"200 OK" if start and start[0] == "GET" else b"405 Method Not Allowed"
                connection.sendall(
                    b"HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (status, len(text), text)
                )
                continue
            if headers.get("expect", "").lower() == "100-continue":
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = Body(reader, headers)
            answer = self.operate(body, connection, number, headers)
            while body.some():
                pass
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer
            )
            if self.temper.mode == "slow-fin":
                time.sleep(self.temper.ms / 1000)
            if headers.get("connection", "").lower() == "close":
                return

    # ---- IPP --------------------------------------------------------------------------------------------------

    def operate(self, body, connection, number, headers):
        version, operation, request_id, groups = ipp.parse(body.exactly)
        given = ipp.group(groups, ipp.OPERATION)
        template = ipp.group(groups, ipp.JOB)
        call = {
            0x02: self.print_job,
            0x04: self.validate_job,
            0x05: self.create_job,
            0x06: self.send_document,
            0x08: self.cancel_job,
            0x09: self.get_job_attributes,
            0x0A: self.get_jobs,
            0x0B: self.get_printer_attributes,
            0x3B: self.close_job,
            0x3C: self.identify_printer,
        }.get(operation)
        if version >> 8 not in (1, 2):
            status, answer = VERSION, []
        elif call is None:
            status, answer = UNSUPPORTED_OPERATION, []
        else:
            status, answer = call(given, template, body, connection, number)
        version = version if version >> 8 in (1, 2) else 0x0200
        first = {
            "attributes-charset": ipp.values(ipp.CHARSET, "utf-8"),
            "attributes-natural-language": ipp.values(ipp.LANGUAGE, "en"),
        }
        if self.temper.mode == "lies" and is_told(self.temper.lie, operation):
            answer = LIES[self.temper.lie](answer)
            if isinstance(answer, bytes):
                return answer
        return ipp.format(version, status, request_id, [(ipp.OPERATION, first)] + answer)

    def refused(self, given):
        if self.temper.mode == "busy":
            self.spend()
            return BUSY
        wanted = ipp.first(given, "document-format")
        if wanted and wanted != "application/octet-stream" and wanted not in self.formats():
            return FORMAT
        if ipp.first(given, "compression", "none") != "none":
            return COMPRESSION
        return None

    def formats(self):
        return self.settings.get("formats", ["application/pdf"])

    def new_job(self, given, template):
        with self.table:
            self.last_id += 1
            job = Job(
                self.last_id,
                ipp.first(given, "job-name", "untitled"),
                ipp.first(given, "requesting-user-name", "anonymous"),
            )
            job.password = ipp.first(given, "job-password") if self.settings.get("password_digits") else None
            self.jobs[job.number] = job
            for old in sorted(self.jobs)[:-500]:
                if self.jobs[old].state >= CANCELED:
                    del self.jobs[old]
        said = {name: ipp.first(template, name) for name in ("job-account-id", "job-accounting-user-id", "sides")}
        self.truth.say(self.name, "job-start", name=job.name, job=job.number, account=said["job-account-id"],
                       accounting_user=said["job-accounting-user-id"], sides=said["sides"], password=job.password.hex() if job.password else None,
                       password_encryption=ipp.first(given, "job-password-encryption"))
        return job

    def find(self, given):
        number = ipp.first(given, "job-id")
        if number is None:
            tail = ipp.first(given, "job-uri", "").rsplit("/", 1)[-1]
            number = int(tail) if tail.isdigit() else None
        return self.jobs.get(number)

    def validate_job(self, given, template, body, connection, number):
        return self.refused(given) or OK, []

    def create_job(self, given, template, body, connection, number):
        refusal = self.refused(given)
        if refusal:
            return refusal, []
        return OK, [(ipp.JOB, self.job_attributes(self.new_job(given, template)))]

    def print_job(self, given, template, body, connection, number):
        refusal = self.refused(given)
        if refusal:
            return refusal, []
        job = self.new_job(given, template)
        return self.receive(job, given, body, connection, number)

    def send_document(self, given, template, body, connection, number):
        job = self.find(given)
        if job is None:
            return NOT_FOUND, []
        if not job.open or job.state != PENDING:
            return NOT_POSSIBLE, []
        refusal = self.refused(given)
        if refusal:
            return refusal, []
        return self.receive(job, given, body, connection, number)

    def receive(self, job, given, body, connection, number):
        intake = self.intake(job.name, connection=number, job=job.number)
        epoch = self.epoch
        whole = False
        try:
            octets = body.some()
            while octets:
                intake.take(octets, connection)
                octets = body.some()
            whole = True
        finally:
            if not whole:
                intake.cut()
                job.open = False
                self.finish(job, ABORTED)
        if job.canceled:
            intake.cut()
            return OK, [(ipp.JOB, self.job_attributes(job))]
        if ipp.first(given, "last-document", True):
            job.open = False
        if intake.sheet.octets == 0:
            if not job.open:
                self.finish(job, ABORTED)
            return OK, [(ipp.JOB, self.job_attributes(job))]
        if job.password:
            job.status = (HELD, "job-password-wait")
            return OK, [(ipp.JOB, self.job_attributes(job))]
        job.status = (PROCESSING, "job-printing")
        if epoch != self.epoch:
            raise Hangup(reset=True)
        threading.Thread(target=self.press_job, args=(job, intake), daemon=True).start()
        return OK, [(ipp.JOB, self.job_attributes(job))]

    def press_job(self, job, intake):
        try:
            if job.canceled:
                intake.cut()
                return
            outcome, pages = intake.printed()
            job.impressions = pages
            self.finish(job, COMPLETED if outcome == "printed" else ABORTED)
        except Hangup:
            pass

    def finish(self, job, state):
        job.finished = int(time.time())
        job.status = (state, STATE_REASON[state])

    def close_job(self, given, template, body, connection, number):
        job = self.find(given)
        if job is None:
            return NOT_FOUND, []
        job.open = False
        return OK, [(ipp.JOB, self.job_attributes(job))]

    def cancel_job(self, given, template, body, connection, number):
        job = self.find(given)
        if job is None:
            return NOT_FOUND, []
        if job.state != PENDING:
            return NOT_POSSIBLE, []
        job.canceled, job.open = True, False
        self.finish(job, CANCELED)
        return OK, []

    def get_job_attributes(self, given, template, body, connection, number):
        job = self.find(given)
        if job is None:
            return NOT_FOUND, []
        return OK, [(ipp.JOB, self.selected(self.job_attributes(job), given))]

    def get_jobs(self, given, template, body, connection, number):
        which = ipp.first(given, "which-jobs", "not-completed")
        limit = ipp.first(given, "limit", 1 << 30)
        mine = ipp.first(given, "my-jobs", False) and ipp.first(given, "requesting-user-name")
        with self.table:
            jobs = sorted(self.jobs.values(), key=lambda j: -j.number)
        chosen = [
            job
            for job in jobs
            if (which == "all" or (job.state >= CANCELED) == (which == "completed")) and (not mine or job.user == mine)
        ]
        default = ["job-uri", "job-id"]
        return OK, [(ipp.JOB, self.selected(self.job_attributes(j), given, default)) for j in chosen[:limit]]

    def identify_printer(self, given, template, body, connection, number):
        return OK, []

    def get_printer_attributes(self, given, template, body, connection, number):
        return OK, [(ipp.PRINTER, self.selected(self.printer_attributes(), given))]

    # ---- attributes -------------------------------------------------------------------------------------------

    def selected(self, attributes, given, default=None):
        wanted = [value for _, value in given.get("requested-attributes", [])] or default
        if not wanted or any(w in ("all", "printer-description", "job-template", "job-description") for w in wanted):
            return attributes
        return {name: values for name, values in attributes.items() if name in wanted}

    def uri(self):
        return "%s://localhost:%d/ipp/print" % (self.settings["kind"], self.port)

    def job_attributes(self, job):
        state, reason = job.status
        if state == PROCESSING and self.empty:
            state, reason = STOPPED, "printer-stopped"
        finished = ipp.values(ipp.INTEGER, job.finished) if job.finished else ipp.values(ipp.NO_VALUE, b"")
        return {
            "job-uri": ipp.values(ipp.URI, "%s/%d" % (self.uri(), job.number)),
            "job-id": ipp.values(ipp.INTEGER, job.number),
            "job-uuid": ipp.values(ipp.URI, job.uuid),
            "job-name": ipp.values(ipp.NAME, job.name),
            "job-originating-user-name": ipp.values(ipp.NAME, job.user),
            "job-state": ipp.values(ipp.ENUM, state),
            "job-state-reasons": ipp.values(ipp.KEYWORD, reason),
            "job-printer-uri": ipp.values(ipp.URI, self.uri()),
            "job-impressions-completed": ipp.values(ipp.INTEGER, job.impressions),
            "job-media-sheets-completed": ipp.values(ipp.INTEGER, job.impressions),
            "time-at-creation": ipp.values(ipp.INTEGER, job.created),
            "time-at-completed": finished,
        }

    def printer_attributes(self):
        s = self.settings
        colour, duplex = s.get("colour", False), s.get("duplex", False)
        media = s.get("media", ["iso_a4_210x297mm", "na_letter_8.5x11in"])
        trays = ["tray-%d" % (n + 1) for n in range(s.get("trays", 1))]
        formats = self.formats()
        identity = s.get("uuid") or str(uuid.uuid5(uuid.NAMESPACE_DNS, "printsim." + self.name))
        if self.temper.mode == "wrong-identity":
            identity = str(uuid.uuid5(uuid.NAMESPACE_DNS, "printsim.somebody-else." + self.name))
        model = s.get("model", "Virtual %s" % self.name)
        sides = ["one-sided"] + (["two-sided-long-edge", "two-sided-short-edge"] if duplex else [])
        reasons = "media-empty-error" if self.empty else "none"
        types = (["srgb_8"] if colour else []) + ["sgray_8"]
        found = {
            "charset-configured": ipp.values(ipp.CHARSET, "utf-8"),
            "charset-supported": ipp.values(ipp.CHARSET, "utf-8"),
            "natural-language-configured": ipp.values(ipp.LANGUAGE, "en"),
            "generated-natural-language-supported": ipp.values(ipp.LANGUAGE, "en"),
            "printer-name": ipp.values(ipp.NAME, self.name),
            "printer-info": ipp.values(ipp.TEXT, s.get("info", self.name)),
            "printer-location": ipp.values(ipp.TEXT, s.get("location", "")),
            "printer-make-and-model": ipp.values(ipp.TEXT, model),
            "printer-device-id": ipp.values(ipp.TEXT, "MFG:Virtual;MDL:%s;CMD:%s;" % (model, self.device_languages())),
            "printer-serial-number": ipp.values(ipp.OCTETS, s.get("serial", "SIM-" + self.name).encode()),
            "printer-uuid": ipp.values(ipp.URI, "urn:uuid:" + identity),
            "printer-uri-supported": ipp.values(ipp.URI, self.uri()),
            "uri-security-supported": ipp.values(ipp.KEYWORD, "tls" if self.tls else "none"),
            "uri-authentication-supported": ipp.values(ipp.KEYWORD, "none"),
            "ipp-versions-supported": ipp.values(ipp.KEYWORD, "1.1", "2.0"),
            "ipp-features-supported": ipp.values(ipp.KEYWORD, "ipp-everywhere"),
            "operations-supported": ipp.values(ipp.ENUM, *OPERATIONS),
            "printer-state": ipp.values(ipp.ENUM, 5 if self.empty else 3),
            "printer-state-reasons": ipp.values(ipp.KEYWORD, reasons),
            "printer-is-accepting-jobs": ipp.values(ipp.BOOLEAN, True),
            "printer-up-time": ipp.values(ipp.INTEGER, max(1, int(time.time() - self.started))),
            "queued-job-count": ipp.values(ipp.INTEGER, sum(j.state < CANCELED for j in list(self.jobs.values()))),
            "multiple-document-jobs-supported": ipp.values(ipp.BOOLEAN, False),
            "pdl-override-supported": ipp.values(ipp.KEYWORD, "attempted"),
            "compression-supported": ipp.values(ipp.KEYWORD, "none"),
            "document-format-default": ipp.values(ipp.MIME, "application/octet-stream"),
            "document-format-supported": ipp.values(ipp.MIME, "application/octet-stream", *formats),
            "color-supported": ipp.values(ipp.BOOLEAN, colour),
            "print-color-mode-supported": ipp.values(ipp.KEYWORD, *(["auto", "color"] if colour else []), "monochrome"),
            "print-color-mode-default": ipp.values(ipp.KEYWORD, "auto" if colour else "monochrome"),
            "sides-supported": ipp.values(ipp.KEYWORD, *sides),
            "sides-default": ipp.values(ipp.KEYWORD, "one-sided"),
            "media-supported": ipp.values(ipp.KEYWORD, *media),
            "media-ready": ipp.values(ipp.KEYWORD, *media[: len(trays)]),
            "media-default": ipp.values(ipp.KEYWORD, media[0]),
            "media-source-supported": ipp.values(ipp.KEYWORD, "auto", *trays),
            "copies-supported": ipp.values(ipp.RANGE, (1, 99)),
            "copies-default": ipp.values(ipp.INTEGER, 1),
            "print-quality-supported": ipp.values(ipp.ENUM, 3, 4, 5),
            "print-quality-default": ipp.values(ipp.ENUM, 4),
            "printer-resolution-supported": ipp.values(ipp.RESOLUTION, (300, 300, 3), (600, 600, 3)),
            "printer-resolution-default": ipp.values(ipp.RESOLUTION, (300, 300, 3)),
            "job-creation-attributes-supported": ipp.values(
                ipp.KEYWORD, "copies", "media", "sides", "print-color-mode", "print-quality", "job-name"
            ),
        }
        if s.get("accounting"):
            found["job-account-id-supported"] = ipp.values(ipp.BOOLEAN, True)
            found["job-accounting-user-id-supported"] = ipp.values(ipp.BOOLEAN, True)
        if s.get("password_digits"):
            found["job-password-supported"] = ipp.values(ipp.INTEGER, s["password_digits"])
            found["job-password-encryption-supported"] = ipp.values(ipp.KEYWORD, "none", "sha2-256")
        if "image/pwg-raster" in formats:
            found["pwg-raster-document-type-supported"] = ipp.values(ipp.KEYWORD, *types)
            found["pwg-raster-document-resolution-supported"] = ipp.values(ipp.RESOLUTION, (300, 300, 3))
            found["pwg-raster-document-sheet-back"] = ipp.values(ipp.KEYWORD, "normal")
        if self.trays is not None:
            found.update(self.loaded())
        if "image/urf" in formats:
            found["urf-supported"] = ipp.values(
                ipp.KEYWORD, "V1.4", "CP1", "RS300", "W8", *(["SRGB24"] if colour else []), *(["DM1"] if duplex else [])
            )
        return found

    def loaded(self):
        """media-col-ready and printer-input-tray, as PWG 5100.13 has them; an empty tray is ready by its column only."""
        columns, rows = [], []
        for tray in self.trays:
            size = {"x-dimension": ipp.values(ipp.INTEGER, tray["width"]), "y-dimension": ipp.values(ipp.INTEGER, tray["height"])}
            columns.append({
                "media-size": ipp.values(ipp.BEGIN_COLLECTION, size),
                "media-source": ipp.values(ipp.KEYWORD, tray["source"]),
                "media-type": ipp.values(ipp.KEYWORD, tray.get("type", "stationery")),
            })
            rows.append(("type=sheetFeedAutoRemovableTray;dimunit=micrometers;mediafeed=%d;mediaxfeed=%d;maxcapacity=500;level=%d;"
                         "status=0;name=%s;" % (10 * tray["height"], 10 * tray["width"], tray["level"], tray["source"])).encode())
        return {
            "media-col-ready": ipp.values(ipp.BEGIN_COLLECTION, *columns),
            "printer-input-tray": ipp.values(ipp.OCTETS, *rows),
        }

    def device_languages(self):
        names = {
            "application/pdf": "PDF",
            "image/pwg-raster": "PWGRaster",
            "image/urf": "URF",
            "image/jpeg": "JPEG",
            "application/postscript": "PS",
        }
        return ",".join(names[f] for f in self.formats() if f in names)
