# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Clients of the service: the HTTP API and IPP, over TLS, with nothing of the product's own code."""

import base64
import http.client
import json
import ssl
import threading
import uuid

import ippwire as ipp


def is_json(kind):
    """Whether content of this type is one JSON value; lines of JSON are not."""
    return kind.split(";")[0] in ("application/json", "application/problem+json")


class Refused(Exception):
    """An answer that is not a success."""

    def __init__(self, status, body):
        super().__init__("HTTP %d: %s" % (status, json.dumps(body)[:500] if not isinstance(body, bytes) else body[:500]))
        self.status, self.body = status, body


def basic(name, secret):
    return "Basic " + base64.b64encode(("%s:%s" % (name, secret)).encode()).decode()


class Connection:
    """One kept TLS connection a thread; made again when the service was restarted."""

    def __init__(self, port, ca, host="localhost", timeout=30):
        self.host, self.port, self.timeout = host, port, timeout
        self.context = ssl.create_default_context(cafile=ca)
        self.local = threading.local()

    def fresh(self):
        return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout, context=self.context)

    def request_all(self, method, path, body=None, headers=None):
        """With every header of the answer, those that come twice too; over a connection of its own."""
        connection = self.fresh()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def request(self, method, path, body=None, headers=None, again=True):
        """again: a request that is safe to repeat is sent once more where a kept connection had died."""
        kept = getattr(self.local, "kept", None)
        connection = kept or self.fresh()
        self.local.kept = None
        try:
            try:
                connection.request(method, path, body=body, headers=headers or {})
            except OSError:
                # Refused before the whole body was taken: the answer is there nevertheless.
                if not body or connection.sock is None:
                    raise
            answer = connection.getresponse()
            # Of a stream without an end its first line is enough.
            is_stream = (answer.getheader("Content-Type") or "").startswith("text/event-stream")
            content = answer.readline() if is_stream else answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            if kept and again:
                return self.request(method, path, body, headers, again=False)
            raise
        if answer.will_close:
            connection.close()
        else:
            self.local.kept = connection
        return answer.status, dict(answer.getheaders()), content


def give_password(connection, admin, person, password, name=None):
    """How a password becomes somebody's own: an administrator gives him a first one, and he sets this one."""
    first = "a-first-one-%s" % uuid.uuid4()
    admin.call("PUT", "/v1/people/%s/password" % person, {"password": first})
    name = name or admin.call("GET", "/v1/people/%s" % person)["email"]
    own_password(connection, name, first, password)


def own_password(connection, name, first, password):
    """Whoever was given a first one sets another, which is his own; and the API with it."""
    Api(connection, name, first).put("/v1/people/me/password", {"password": password})
    return Api(connection, name, password)


class Api:
    """The HTTP API as one person sees it."""

    def __init__(self, connection, email=None, secret=None, token=None):
        self.connection = connection
        self.email, self.secret = email, secret
        self.authorization = "Bearer " + token if token else basic(email, secret) if email else None

    def call(self, method, path, body=None, headers=None, content_type="application/json", again=None):
        sent = dict(headers or {})
        if self.authorization:
            sent.setdefault("Authorization", self.authorization)
        if body is not None and not isinstance(body, (bytes, str)) and content_type == "application/json":
            body = json.dumps(body).encode()
        if body is not None:
            sent.setdefault("Content-Type", content_type)
        if again is None:
            again = method in ("GET", "PUT", "DELETE") or "Idempotency-Key" in sent
        status, answered, content = self.connection.request(method, path, body, sent, again)
        kind = next((v for k, v in answered.items() if k.lower() == "content-type"), "")
        value = json.loads(content) if content and is_json(kind) else content
        if not 200 <= status < 300:
            raise Refused(status, value)
        return value

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body, key=None, **more):
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self.call("POST", path, body, headers=headers, **more)

    def put(self, path, body):
        return self.call("PUT", path, body)

    def patch(self, path, body):
        return self.call("PATCH", path, body)

    def delete(self, path):
        return self.call("DELETE", path)

    def all(self, path):
        """Every item of a list, page by page."""
        items, after = [], None
        while True:
            page = self.get(path + ("&" if "?" in path else "?") + "limit=50" + ("&after=" + after if after else ""))
            items += page["items"]
            after = page.get("next")
            if not after:
                return items

    # ---- the words of the product -----------------------------------------------------------------------------

    def submit(self, document, name="a document", queue="pull", content_type="application/pdf", key=None):
        from urllib.parse import quote

        path = "/v1/jobs?queue=%s&name=%s" % (quote(queue), quote(name))
        return self.post(path, document, key=key, content_type=content_type)

    def job(self, job):
        return self.get("/v1/jobs/" + job)

    def jobs(self, **filters):
        query = "&".join("%s=%s" % item for item in filters.items())
        return self.all("/v1/jobs" + ("?" + query if query else ""))

    def release(self, printer, jobs="all", key=None, **more):
        return self.post("/v1/releases", dict({"printer": printer, "jobs": jobs}, **more), key=key)


class IppQueue:
    """A queue of ours, spoken to like a CUPS client does."""

    def __init__(self, connection, queue, email, secret, tenant="demo"):
        self.connection = connection
        self.path = "/ipp/print/%s/%s" % (tenant, queue)
        self.authorization = basic(email, secret) if email else None
        self.user = (email or "nobody").split("@")[0]

    def uri(self):
        return "ipps://%s:%d%s" % (self.connection.host, self.connection.port, self.path)

    def ask(self, operation, document=b"", job=None, again=False, version=0x0200, **attributes):
        given = {
            "attributes-charset": ipp.values(ipp.CHARSET, "utf-8"),
            "attributes-natural-language": ipp.values(ipp.LANGUAGE, "en"),
            "printer-uri": ipp.values(ipp.URI, self.uri()),
            "requesting-user-name": ipp.values(ipp.NAME, self.user),
        }
        for name, value in attributes.items():
            given[name.replace("_", "-")] = value if isinstance(value, list) else [value]
        groups = [(ipp.OPERATION, given)] + ([(ipp.JOB, job)] if job else [])
        headers = {"Content-Type": "application/ipp"}
        if self.authorization:
            headers["Authorization"] = self.authorization
        body = ipp.format(version, operation, 1, groups) + document
        status, _, content = self.connection.request("POST", self.path, body, headers, again)
        if status != 200:
            raise Refused(status, content)
        place = [0]

        def read(count):
            place[0] += count
            if place[0] > len(content):
                raise ipp.Malformed("cut")
            return content[place[0] - count : place[0]]

        _, code, _, answer = ipp.parse(read)
        return code, answer

    def print_job(self, document, name="a document", content_type="application/pdf", **attributes):
        """The number of the job, when the printer says successful-ok."""
        code, groups = self.ask(
            0x02,
            document,
            job_name=(ipp.NAME, name),
            document_format=(ipp.MIME, content_type),
            **attributes,
        )
        if code > 0x00FF:
            raise Refused(code, ipp.first(ipp.group(groups, ipp.OPERATION), "status-message", ""))
        return ipp.group(groups, ipp.JOB)

    def job(self, number):
        code, groups = self.ask(0x09, job_id=(ipp.INTEGER, number), again=True)
        if code > 0x00FF:
            raise Refused(code, "")
        return ipp.group(groups, ipp.JOB)
