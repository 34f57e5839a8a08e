# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""OpenID providers that other people wrote, and the browser that signs in at them.

`NodeProvider` is npm's oidc-provider in the version that tests/openid/package-lock.json pins; `Glewlwyd` is Debian's
glewlwyd. A story that needs one that is not here is skipped.
"""

import base64
import fcntl
import gzip
import hashlib
import http.client
import http.cookies
import http.server
import json
import os
import shutil
import sqlite3
import ssl
import subprocess
import threading
import time
import urllib.parse

from . import ROOT
from .process import Program, accepts, free_ports
from .story import skip

CALLBACK = "/v1/sign-in/oidc/callback"


class Answer:
    def __init__(self, url, status, headers, body):
        self.url, self.status, self.headers, self.body = url, status, headers, body

    def json(self):
        return json.loads(self.body)

    def header(self, name):
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    def parameter(self, name):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.url).query).get(name, [None])[0]


class Browser:
    """Follows redirects and keeps cookies, each host and port its own."""

    def __init__(self, ca):
        self.context = ssl.create_default_context(cafile=ca)
        self.cookies = {}  # (host, port) -> {name: value}

    def of(self, url):
        parts = urllib.parse.urlsplit(url)
        return self.cookies.setdefault((parts.hostname, parts.port), {})

    def once(self, url, method="GET", body=None, headers=None):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=30, context=self.context)
        else:
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        sent = dict(headers or {})
        kept = self.of(url)
        if kept:
            sent["Cookie"] = "; ".join("%s=%s" % item for item in kept.items())
        target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        connection.request(method, target, body=body, headers=sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.keep(kept, value)
        return Answer(url, answer.status, answer.getheaders(), content)

    @staticmethod
    def keep(kept, header):
        for morsel in http.cookies.SimpleCookie(header).values():
            if morsel["max-age"] == "0" or morsel["expires"].startswith("Thu, 01 Jan 1970"):
                kept.pop(morsel.key, None)
            else:
                kept[morsel.key] = morsel.value

    def go(self, url, stop=None, **more):
        """Follows redirects to their end, or to the first address that begins with stop, which is not visited."""
        for _ in range(20):
            answer = self.once(url, **more)
            if answer.status not in (301, 302, 303, 307):
                return answer
            url, more = urllib.parse.urljoin(url, answer.header("Location")), {}
            if stop and url.startswith(stop):
                return Answer(url, 0, [], b"")
        raise AssertionError("too many redirects: " + url)


def build_of_packages():
    """The folder with the packages of the lock file, installed once; skips the story where that cannot be."""
    source = os.path.join(ROOT, "tests", "openid")
    if not shutil.which("node") or not shutil.which("npm"):
        skip("node and npm are not here")
    with open(os.path.join(source, "package-lock.json"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()[:16]
    base = os.path.join(os.environ.get("IMPRIMATUR_BUILD") or os.path.join(ROOT, "build"), "openid-" + digest)
    os.makedirs(base, exist_ok=True)
    with open(os.path.join(base, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(os.path.join(base, "whole")):
            for name in ("package.json", "package-lock.json"):
                shutil.copy(os.path.join(source, name), base)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=base, capture_output=True, text=True, check=False, timeout=300)
            if done.returncode:
                skip("npm could not fetch oidc-provider: " + done.stderr.strip().splitlines()[-1])
            with open(os.path.join(base, "whole"), "w", encoding="utf-8"):
                pass
        shutil.copy(os.path.join(source, "provider.mjs"), base)
    return base


class NodeProvider:
    """npm's oidc-provider over HTTPS, with the certificate of the world."""

    client, secret, kind = "print", "a secret of a test, not of anybody", "basic"

    def __init__(self, world):
        self.world = world
        self.folder = world.path("openid-node")
        os.makedirs(self.folder, exist_ok=True)
        self.base = build_of_packages()
        self.port = free_ports(1)[0]
        self.issuer = "https://localhost:%d" % self.port
        self.people_path = os.path.join(self.folder, "people.json")

    def start(self, method=None):
        """method: the id of ours, for its back channel."""
        origin = "https://localhost:%d" % self.world.ports["service"]
        settings = {
            "port": self.port,
            "certificate": self.world.path("service.pem"),
            "key": self.world.path("service-key.pem"),
            "people": self.people_path,
            "secret": self.secret,
            "redirect": origin + CALLBACK,
            "logout": "%s/v1/sign-in/oidc/%s/back-channel-logout" % (origin, method),
            "post_logout": origin + "/sign-in",
        }
        path = os.path.join(self.folder, "settings.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(settings, file)
        environment = dict(os.environ, NODE_EXTRA_CA_CERTS=self.world.programs.authority(), NODE_ENV="production")
        command = ["node", os.path.join(self.base, "provider.mjs"), path]
        program = Program("openid-node", command, os.path.join(self.folder, "log"), lambda: accepts(self.port),
                          environment=environment)
        self.world.programs.programs["openid-node"] = program
        program.start()
        return self

    def people(self, **people):
        """Everybody there is from now on: ada={"email": …}."""
        with open(self.people_path + ".new", "w", encoding="utf-8") as file:
            json.dump(people, file)
        os.rename(self.people_path + ".new", self.people_path)

    def asked_again(self):
        """How often it has said that somebody is still there."""
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            return file.read().count("granted refresh_token")

    def asked_for_a_secret(self):
        """How often it has asked somebody who he is, instead of believing his session there."""
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            return file.read().count("asked ")

    def sign_in(self, browser, url, who, stop):
        """From our own address at which it begins to the callback, which is not visited."""
        return browser.go(url + ("&" if "?" in url else "?") + "login_hint=" + who, stop=stop)


class Glewlwyd:
    """Debian's glewlwyd with SQLite, over plain HTTP on this machine, set up by its own API."""

    client, secret, kind = "print", "a-secret-of-a-test", "basic"
    password = "let-it-be-printed"

    def __init__(self, world):
        if not shutil.which("glewlwyd"):
            skip("glewlwyd is not here")
        self.world = world
        self.folder = world.path("glewlwyd")
        os.makedirs(self.folder, exist_ok=True)
        self.port = free_ports(1)[0]
        self.origin = "http://127.0.0.1:%d" % self.port
        self.issuer = self.origin + "/api/oidc"
        self.admin = None

    def start(self, method=None):
        self.make_database()
        self.make_settings()
        program = Program("glewlwyd", ["glewlwyd", "-c", os.path.join(self.folder, "g.conf")],
                          os.path.join(self.folder, "log"), lambda: accepts(self.port))
        self.world.programs.programs["glewlwyd"] = program
        program.start()
        self.admin = self.session("admin", "password")
        self.make_plugin()
        self.make_client()
        return self

    def make_database(self):
        path = "/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz"
        database = sqlite3.connect(os.path.join(self.folder, "g.db"))
        with gzip.open(path, "rt", encoding="utf-8") as file:
            database.executescript(file.read())
        database.commit()
        database.close()

    def make_settings(self):
        """Debian's own file, with our port, address and database."""
        with open("/etc/glewlwyd/glewlwyd.conf", encoding="utf-8") as file:
            lines = file.read().splitlines()
        own = {
            "port=": 'port=%d\nbind_address="127.0.0.1"' % self.port,
            "external_url=": 'external_url="%s"' % self.origin,
            "log_mode=": 'log_mode="console"',
            "@include": 'database = { type = "sqlite3"; path = "%s"; };' % os.path.join(self.folder, "g.db"),
        }
        changed = [next((new for start, new in own.items() if line.startswith(start)), line) for line in lines]
        with open(os.path.join(self.folder, "g.conf"), "w", encoding="utf-8") as file:
            file.write("\n".join(changed) + "\n")

    def call(self, browser, method, path, body=None):
        headers = {"Content-Type": "application/json"}
        answer = browser.once(self.origin + "/api" + path, method=method, headers=headers,
                              body=None if body is None else json.dumps(body))
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer

    def session(self, name, password):
        browser = Browser(self.world.programs.authority())
        self.call(browser, "POST", "/auth/", {"username": name, "password": password})
        return browser

    def make_plugin(self):
        key = os.path.join(self.folder, "key.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key],
                       check=True, stderr=subprocess.DEVNULL)
        public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True)
        with open(key, encoding="utf-8") as file:
            private = file.read()
        parameters = {
            "iss": self.issuer, "jwt-type": "rsa", "jwt-key-size": "256", "key": private, "cert": public.stdout,
            "access-token-duration": 3600, "refresh-token-duration": 1209600, "code-duration": 600,
            "refresh-token-rolling": True, "allow-non-oidc": True, "auth-type-code-enabled": True,
            "auth-type-token-enabled": False, "auth-type-id-token-enabled": True, "auth-type-none-enabled": False,
            "auth-type-password-enabled": False, "auth-type-client-enabled": False, "auth-type-device-enabled": False,
            "auth-type-refresh-enabled": True, "pkce-allowed": True, "pkce-method-plain-allowed": False,
            "jwks-show": True, "subject-type": "public", "email-claim": "mandatory", "name-claim": "mandatory",
            "scope": [{"name": "openid", "refresh-token-rolling": True}], "address-claim": {"type": "no"},
            "claims": [],
        }
        self.call(self.admin, "POST", "/mod/plugin/",
                  {"module": "oidc", "name": "oidc", "display_name": "OIDC", "enabled": True, "parameters": parameters})

    def make_client(self):
        callback = "https://localhost:%d%s" % (self.world.ports["service"], CALLBACK)
        self.call(self.admin, "POST", "/client/",
                  {"client_id": self.client, "name": "Print", "confidential": True, "client_secret": self.secret,
                   "password": self.secret, "redirect_uri": [callback],
                   "authorization_type": ["code", "refresh_token"],
                   "token_endpoint_auth_method": ["client_secret_basic"], "scope": ["openid"], "enabled": True})

    def add_person(self, name, full_name, email):
        self.call(self.admin, "POST", "/user/",
                  {"username": name, "name": full_name, "email": email, "password": self.password,
                   "scope": ["openid", "g_profile"], "enabled": True})

    def remove_person(self, name):
        self.call(self.admin, "DELETE", "/user/" + name)

    def asked_again(self):
        """How often it has said that somebody is still there: access tokens without an ID token beside them."""
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            log = file.read()
        return log.count("Access token generated") - log.count("id_token generated")

    def sign_in(self, browser, url, who, stop):
        """The person signs in with the password and says yes, as glewlwyd's own pages do, and comes back."""
        first = browser.once(url)
        assert first.status == 302, (first.status, first.body)
        there = first.header("Location")
        self.call(browser, "POST", "/auth/", {"username": who, "password": self.password})
        self.call(browser, "PUT", "/auth/grant/" + self.client, {"scope": "openid"})
        return browser.go(there + "&g_continue", stop=stop)


class LyingProvider:
    """A provider of a few lines, whose ID tokens are whatever a test says: over plain HTTP on this machine."""

    client, secret, kind = "print", "a-secret-of-a-test", "basic"

    def __init__(self, world):
        self.folder = world.path("openid-lying")
        os.makedirs(self.folder, exist_ok=True)
        self.keys = {name: self.make_key(name) for name in ("ours", "other")}
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.issuer = "http://127.0.0.1:%d" % self.server.server_address[1]
        self.asked = []  # forms of the token endpoint
        self.nonce = None
        # What a test changes: the token of an honest one is given, and what is to be answered comes back.
        self.lie = lambda honest: honest
        self.description = {}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def make_key(self, name):
        path = os.path.join(self.folder, name + ".pem")
        subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, stderr=subprocess.DEVNULL)
        return path

    def modulus(self, name):
        done = subprocess.run(["openssl", "rsa", "-in", self.keys[name], "-modulus", "-noout"], check=True,
                              capture_output=True, text=True)
        return base64url(bytes.fromhex(done.stdout.strip().split("=")[1]))

    def sign(self, header, claims, key="ours"):
        octets = (encode(header) + "." + encode(claims)).encode()
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.keys[key]], input=octets, check=True,
                                   capture_output=True).stdout
        return octets.decode() + "." + base64url(signature)

    def honest(self):
        now, port = int(time.time()), self.server.server_address[1]
        return {"iss": self.issuer, "aud": self.client, "sub": "mallory", "exp": now + 300, "iat": now,
                "nonce": self.nonce, "email": "mallory-%d@demo.example" % port, "email_verified": True, "name": "Mallory",
                "department": "Lies", "groups": []}

    def document(self):
        said = {"issuer": self.issuer, "authorization_endpoint": self.issuer + "/auth",
                "token_endpoint": self.issuer + "/token", "jwks_uri": self.issuer + "/keys",
                "scopes_supported": ["openid", "email"]}
        said.update(self.description)
        return said

    def answer(self, path, form):
        if path == "/.well-known/openid-configuration":
            return 200, self.document()
        if path == "/keys":
            return 200, {"keys": [{"kty": "RSA", "kid": "k", "use": "sig", "n": self.modulus("ours"), "e": "AQAB"}]}
        if path == "/token":
            self.asked.append(form)
            return self.token()
        return 404, {}

    def token(self):
        token = self.lie(self.honest())
        if isinstance(token, tuple):
            return token
        if isinstance(token, dict):
            token = self.sign({"alg": "RS256", "kid": "k"}, token)
        # A refresh token is good for one question, as careful providers have it.
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": token,
                     "refresh_token": "r%d" % len(self.asked)}

    def asked_again(self):
        return sum(form["grant_type"] == "refresh_token" for form in self.asked)

    def handler(self):
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.respond({})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self.respond({k: v[0] for k, v in urllib.parse.parse_qs(body).items()})

            def respond(self, form):
                status, value = provider.answer(urllib.parse.urlsplit(self.path).path, form)
                octets = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(octets)))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, *_):
                pass

        return Handler

    def come_back(self, browser, url, **changes):
        """Begins at our own address and comes back at once, with a code and whatever a test changes."""
        first = browser.once(url)
        assert first.status == 302, (first.status, first.body)
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(first.header("Location")).query)
        self.nonce = asked["nonce"][0]
        back = {"code": "c", "state": asked["state"][0]}
        back.update(changes)
        query = urllib.parse.urlencode({k: v for k, v in back.items() if v is not None})
        return browser.once(asked["redirect_uri"][0] + "?" + query)


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def encode(value):
    return base64url(value if isinstance(value, bytes) else json.dumps(value).encode())
