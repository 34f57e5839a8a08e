# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""An agent that reaches the service only through a web proxy: its own one, with a user and a password, and never the machine's."""

import configparser
import os
import subprocess

from harness import squid
from harness.converters import Converter
from harness.documents import pdf
from harness.process import wait_until
from harness.story import equal, skip

ADA = "ada@demo.example"


def needed():
    if not squid.is_there():
        skip("squid is not installed")


def credentials(world, user=squid.USER, password=squid.PASSWORD, mode=0o600):
    path = world.path("proxy-credentials")
    with open(path, "w", encoding="utf-8") as file:
        file.write("%s:%s\n" % (user, password))
    os.chmod(path, mode)
    return path


def write(world, **service):
    """The agent's settings, with these in [service] (None: without)."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(world.path("agent.ini"))
    for name, value in service.items():
        if value is None:
            settings.remove_option("service", name)
        else:
            settings.set("service", name, str(value))
    with open(world.path("agent.ini"), "w", encoding="utf-8") as file:
        settings.write(file)


def log(world):
    with open(world.programs.log("agent"), encoding="utf-8") as file:
        return file.read()


def restart(world, wait=True, **service):
    world.programs["agent"].stop()
    write(world, **service)
    world.programs["agent"].start(wait=False)
    if wait:
        world.programs.wait_agent()


def is_connected(world):
    return any(a["connected"] for a in world.admin.all("/v1/agents"))


def prints(world, name, document=None):
    job = world.api(ADA).submit(document or pdf(name))
    world.reader("lobby").close()
    world.swipe("lobby", world.badge(ADA))
    world.wait_job(world.api(ADA), job["id"], "done")


def log_of_start(world):
    return log(world).rpartition("agent-started")[2]


def goes_through(world, schemes, told):
    needed()
    with squid.Squid(world.ports["service"], schemes) as proxy:
        restart(world, proxy=proxy.url, proxy_credentials=credentials(world), proxy_auth=None)
        large = pdf("through-the-wall") + b"%" + os.urandom(300_000).hex().encode()
        prints(world, "through", large)
        assert squid.PASSWORD not in log(world), "the password is in the log"
        world.programs["agent"].stop()
        wait_until(lambda: sum(int(t["octets"]) for t in proxy.tunnels() if t["user"] == squid.USER) > len(large),
                   "the document went through the proxy: %s" % proxy.tunnels())
        good = [t for t in proxy.tunnels() if t["user"] == squid.USER]
        assert all(t["told"].startswith(told) for t in good), good
        equal({(t["method"], t["to"]) for t in good}, {("CONNECT", "localhost:%d" % world.ports["service"])}, "what was asked of it")


def story_basic(world):
    goes_through(world, ["basic"], "Basic")


def story_digest(world):
    goes_through(world, ["digest"], "Digest")


def story_digest_where_both_are_offered(world):
    goes_through(world, ["basic", "digest"], "Digest")


def story_it_is_the_only_way(world):
    """Where the proxy ends, so does the line; what the machine has in its environment is of no interest."""
    needed()
    with squid.Squid(world.ports["service"]) as proxy:
        agent = world.programs["agent"]
        agent.environment = dict(os.environ, http_proxy="http://127.0.0.1:9", https_proxy="http://127.0.0.1:9", all_proxy="http://127.0.0.1:9",
                                 no_proxy="localhost", NO_PROXY="*")
        restart(world, proxy=proxy.url, proxy_credentials=credentials(world))
        prints(world, "before")
        proxy.program.kill()
        wait_until(lambda: not is_connected(world), "the line is down")
        wait_until(lambda: "the proxy %s cannot be reached" % proxy.url in log_of_start(world), "it says why", 60)
        proxy.program.start()
        wait_until(lambda: is_connected(world), "it comes back", 60)
        prints(world, "after")
        restart(world, proxy=None, proxy_credentials=None)
        before = len(proxy.tunnels())
        prints(world, "without")
        equal(len(proxy.tunnels()), before, "what an agent without a proxy asks of it")
        agent.environment = None


def story_wrong_credentials_are_named_and_mended_without_a_start(world):
    needed()
    with squid.Squid(world.ports["service"], ["digest"]) as proxy:
        restart(world, wait=False, proxy=proxy.url, proxy_credentials=credentials(world, password="not this"))
        wait_until(lambda: "does not take our user and password" in log_of_start(world), "it says so")
        equal(is_connected(world), False, "whether it came through")
        credentials(world)
        wait_until(lambda: is_connected(world), "the file is read again", 60)
        restart(world, wait=False, proxy_credentials=None)
        wait_until(lambda: "asks for a user and a password" in log_of_start(world), "it says that it has none")
        # What is not offered is not told: the password stays here.
        restart(world, wait=False, proxy_credentials=credentials(world), proxy_auth="basic")
        wait_until(lambda: "does not take our user and password" in log_of_start(world), "Basic alone")
        assert not any(t["told"].startswith("Basic") and t["user"] == squid.USER for t in proxy.tunnels()), proxy.tunnels()


def story_a_proxy_that_will_not(world):
    needed()
    with squid.Squid(1) as proxy:
        restart(world, wait=False, proxy=proxy.url, proxy_credentials=credentials(world), proxy_auth=None)
        wait_until(lambda: "does not let us through to that server" in log_of_start(world), "forbidden")
    with squid.Squid(world.ports["service"]) as proxy:
        world.programs["service"].stop()
        restart(world, wait=False, proxy=proxy.url)
        wait_until(lambda: "cannot reach the server (HTTP status 503)" in log_of_start(world), "nobody behind it")
        world.programs.start("service")
        wait_until(lambda: is_connected(world), "it comes through when there is somebody", 60)


def story_enrolment_and_converters(world):
    needed()
    with squid.Squid(world.ports["service"], ["digest"]) as proxy:
        settings = {"service.proxy": proxy.url, "service.proxy_credentials": credentials(world), "render.cells": 1}
        converter = Converter(world, settings=settings)
        try:
            converter.start()
            wait_until(converter.is_connected, "the converter is connected")
            proxy.program.kill()
            wait_until(lambda: not converter.row()["connected"], "it was the proxy that it came through")
        finally:
            converter.stop()


def story_settings_that_are_refused(world):
    good = credentials(world)
    rows = (
        ({"proxy": "proxy.example:3128"}, "is http://HOST:PORT"),
        ({"proxy": "https://proxy.example:3128"}, "is http://HOST:PORT"),
        ({"proxy": "http://ada:secret@proxy.example"}, "user and password stand in the file"),
        ({"proxy": "http://p", "proxy_credentials": world.path("none")}, "no such file"),
        ({"proxy": "http://p", "proxy_credentials": credentials(world, mode=0o644)}, "read by everybody"),
        ({"proxy": "http://p", "proxy_auth": "ntlm"}, "any, digest or basic"),
        ({"proxy_credentials": good}, "is missing"),
    )
    for settings, sentence in rows:
        command = [world.programs.built("imprimatur-agent"), "--config", world.path("agent.ini"), "--set", "service.proxy="]
        command = command[:3] + [w for n in ("proxy", "proxy_credentials", "proxy_auth") if n in settings for w in ("--set", "service.%s=%s" % (n, settings[n]))]
        write(world, proxy=None, proxy_credentials=None, proxy_auth=None)
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        equal(done.returncode, 1, "the exit status with %s" % settings)
        assert sentence in done.stderr, (settings, done.stderr)
        if settings.get("proxy_credentials") == good:
            os.chmod(good, 0o600)
