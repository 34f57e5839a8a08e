#!/usr/bin/python3
# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""
Request smuggling: requests whose end can be read in two ways, straight to the server and through nginx.

    test_smuggling.py ECHO-PROGRAM

Each payload is one request, /front-N, with something behind it that could be taken for its body or for a second
request, /hidden-N. Straight: only what has one meaning is taken, and after an answer that refuses nothing more is
answered on that connection. Through nginx: the server sees exactly the requests that nginx says it passed on, so
nobody can put one between them.
"""
import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

CODINGS = [
    b"",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding : chunked",
    b"Transfer-Encoding:\tchunked",
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding: CHUNKED",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: identity, chunked",
    b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding:\x0bchunked",
    b"Transfer-Encoding: chunked;a=b",
    b"Transfer-Encoding: chunked\x00",
    b"Transfer-Encoding: chun\x00ked",
    b'Transfer-Encoding: "chunked"',
    b"Transfer-Encoding:\r\n chunked",
    b"\x00Transfer-Encoding: chunked",
    b"transfer_encoding: chunked",
    b"X: y\nTransfer-Encoding: chunked",
    b"X: y\rTransfer-Encoding: chunked",
    b"X: y\r\n Transfer-Encoding: chunked",
]
LENGTHS = [
    b"",
    b"Content-Length: 5",
    b"Content-Length: 30",
    b"Content-Length: 5\r\nContent-Length: 30",
    b"Content-Length: 5\r\nContent-Length: 5",
    b"Content-Length : 5",
    b"Content-Length: +5",
    b"Content-Length: -0",
    b"Content-Length: 0x5",
    b"Content-Length: 5,5",
    b"Content-Length: 5 5",
    b"Content-Length: 00005",
    b"Content-Length: 18446744073709551621",
    b"Content-Length: 5\n",
    b"Content-Length:\r\n 5",
    b"content_length: 5",
]
BODIES = [
    b"0\r\n\r\n%s",
    b"0\r\nX: %s",
    b"2\r\nab\r\n0\r\n\r\n%s",
    b"2\r\nab\n0\r\n\r\n%s",
    b"2\rXab\r\n0\r\n\r\n%s",
    b"2;\nab\r\n0\r\n\r\n%s",
    b"0;\n%s",
    b"0\r\n\n%s",
    b"5\n12345\n0\n\n%s",
    b"00000000000000000\r\n\r\n%s",
    b"ffffffffffffffff0\r\n\r\n%s",
    b"-1\r\n\r\n%s",
]

# What has one meaning: exactly one of these lines, and for chunked one of these bodies.
CLEAR_CODINGS = [b"Transfer-Encoding: chunked", b"Transfer-Encoding:\tchunked", b"Transfer-Encoding: CHUNKED"]
CLEAR_LENGTHS = [b"Content-Length: 5", b"Content-Length: 30", b"Content-Length: 00005"]
CLEAR_BODIES = [b"0\r\n\r\n%s", b"0\r\nX: %s", b"2\r\nab\r\n0\r\n\r\n%s"]

NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    log_format line "$request_method $uri"; access_log {folder}/access.log line;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; client_body_timeout 2s; client_header_timeout 2s;
    upstream echo {{ server 127.0.0.1:{echo}; keepalive 2; }}
    server {{
        listen unix:{folder}/front; underscores_in_headers on; ignore_invalid_headers off;
        location / {{
            proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
            proxy_ignore_client_abort on; proxy_request_buffering {buffering}; proxy_pass http://echo;
        }}
    }}
}}
"""


def payloads():
    for number, (coding, length, body) in enumerate(itertools.product(CODINGS, LENGTHS, BODIES)):
        hidden = b"GET /hidden-%d HTTP/1.1\r\nHost: a\r\n\r\n" % number
        head = b"POST /front-%d HTTP/1.1\r\nHost: a\r\n" % number
        for line in (coding, length):
            head += line + b"\r\n" if line else b""
        yield number, head + b"\r\n" + body % hidden


def clear_numbers():
    for number, (coding, length, body) in enumerate(itertools.product(CODINGS, LENGTHS, BODIES)):
        if not coding and not length:
            yield number  # no body: what follows is the next request, and a bad one
        elif coding in CLEAR_CODINGS and not length and body in CLEAR_BODIES:
            yield number
        elif length in CLEAR_LENGTHS and not coding:
            yield number


def exchange(family, address, octets):
    """What comes back until the other side closes; ours ends with the payload."""
    with socket.socket(family) as s:
        s.settimeout(20)
        s.connect(address)
        answer = b""
        try:
            s.sendall(octets)
            s.shutdown(socket.SHUT_WR)
            while piece := s.recv(65536):
                answer += piece
        except (ConnectionResetError, BrokenPipeError, OSError) as e:
            if isinstance(e, TimeoutError):
                raise
        return answer


class Echo:
    """The server; seen() is what it was asked so far."""

    def __init__(self):
        self.process = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        self.lines = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout))
        self.reader.start()

    def seen(self):
        """Ends the server, so that nothing can come later."""
        self.process.stdin.close()
        assert self.process.wait(30) == 0
        self.reader.join()
        self.process.stdout.close()
        return sorted(line.decode().strip() for line in self.lines)


class Smuggling(unittest.TestCase):
    def test_straight(self):
        echo = Echo()
        for _, octets in payloads():
            answer = exchange(socket.AF_INET, ("127.0.0.1", echo.port), octets)
            statuses = [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]
            bad = [i for i, status in enumerate(statuses) if status != b"200"]
            self.assertTrue(not bad or bad[0] == len(statuses) - 1, (octets, answer))
        seen = echo.seen()
        fronts = sorted(int(line.split("-")[1]) for line in seen if line.startswith("POST /front-"))
        self.assertEqual(fronts, sorted(clear_numbers()))
        for line in seen:
            self.assertIn(int(line.split("-")[1]), fronts, line)

    def through_nginx(self, buffering):
        if not shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"):
            self.skipTest("nginx is not installed")
        echo = Echo()
        with tempfile.TemporaryDirectory(prefix="smuggling-") as folder:
            with open(os.path.join(folder, "conf"), "w", encoding="utf-8") as f:
                f.write(NGINX.format(folder=folder, echo=echo.port, buffering=buffering))
            nginx = subprocess.Popen(
                [shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-p", folder, "-e", "error.log",
                 "-c", os.path.join(folder, "conf")],
                stderr=subprocess.DEVNULL,
            )
            front = os.path.join(folder, "front")
            while True:
                try:
                    with socket.socket(socket.AF_UNIX) as s:
                        s.connect(front)
                    break
                except (FileNotFoundError, ConnectionRefusedError):
                    self.assertIsNone(nginx.poll())
            for _, octets in payloads():
                exchange(socket.AF_UNIX, front, octets)
            nginx.terminate()
            nginx.wait(30)
            with open(os.path.join(folder, "access.log"), encoding="utf-8", errors="replace") as f:
                passed = {line.strip() for line in f}
        seen = echo.seen()
        self.assertGreater(len(seen), 50)
        self.assertEqual([line for line in seen if line not in passed], [])
        self.assertEqual(len(seen), len(set(seen)))

    def test_through_nginx_that_streams(self):
        self.through_nginx("off")

    def test_through_nginx_that_buffers(self):
        self.through_nginx("on")


if __name__ == "__main__":
    PROGRAM = sys.argv.pop()
    unittest.main()
