# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A mail relay (aiosmtpd) that keeps what it is given: STARTTLS or TLS from the start, and AUTH, are demanded."""

import email
import email.policy
import logging
import os
import ssl
import threading
import warnings

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from .process import free_ports, wait_until

# It warns of what it does itself.
logging.getLogger("mail.log").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")

USER, PASSWORD = "relay", "relay:password"


class Mail:
    def __init__(self, envelope):
        self.sender, self.recipients, self.octets = envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content
        self.message = email.message_from_bytes(self.octets, policy=email.policy.default)
        self.subject = self.message["Subject"]
        self.text = self.message.get_body(("plain",)).get_content()
        self.files = {part.get_filename(): part.get_content() for part in self.message.iter_attachments()}


class MailSink:
    def __init__(self, certificate, key, starttls=True):
        self.mails, self.lock = [], threading.Lock()
        self.recipient_answers = []  # to say instead of 250, in turn
        self.connections = 0
        self.port = free_ports(1)[0]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        sink = self

        class Server(Controller):
            def factory(self):
                sink.connections += 1
                more = {"tls_context": context, "require_starttls": True} if starttls else {"auth_require_tls": False}
                return SMTP(self.handler, authenticator=sink.authenticate, auth_required=True, hostname="sink.example", **more)

        self.controller = Server(self, hostname="127.0.0.1", port=self.port, ssl_context=None if starttls else context)
        self.url = "%s://localhost:%d" % ("smtp" if starttls else "smtps", self.port)

    def start(self):
        # The controller tries a connection of its own, without TLS, which means nothing here.
        try:
            self.controller.start()
        except ssl.SSLError:
            pass
        return self

    def stop(self):
        self.controller.stop()

    @staticmethod
    def authenticate(_server, _session, _envelope, _mechanism, data):
        good = data.login == USER.encode() and data.password == PASSWORD.encode()
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # pylint: disable=invalid-name
        with self.lock:
            if self.recipient_answers:
                return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # pylint: disable=invalid-name
        with self.lock:
            self.mails.append(Mail(envelope))
        return "250 OK"

    def to(self, address):
        with self.lock:
            return [m for m in self.mails if m.recipients == [address]]

    def wait(self, address, count=1):
        """The last of so many mails to the address."""
        wait_until(lambda: len(self.to(address)) >= count, "%d mails to %s" % (count, address), 30, 0.05)
        return self.to(address)[count - 1]


def relay_settings(world, sink, **more):
    """For the service, with its credentials in a file."""
    path = world.path("relay-credentials")
    with open(path, "w", encoding="utf-8") as file:
        file.write("%s:%s\n" % (USER, PASSWORD))
    os.chmod(path, 0o600)
    settings = {"relay": sink.url, "from": "print@demo.example", "credentials": path, "ca": world.programs.authority()}
    settings.update(more)
    return {"mail." + name: value for name, value in settings.items()}


def use_relay(world, sink, **more):
    """The service starts again with this relay; None is without one."""
    service = world.settings.setdefault("service", {})
    for name in [n for n in service if n.startswith("mail.")]:
        del service[name]
    if sink is not None:
        service.update(relay_settings(world, sink, **more))
    world.programs.write_settings()
    world.programs.restart("service")
