# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A browser without scripts: keeps cookies, follows our own redirects, fills in forms.

It behaves as browsers do where that matters here: cookies that say Secure and Path, Origin and Sec-Fetch-Site with
every form. Where a redirect leaves the service it stops, and `away` is where it would have gone.
"""

from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


class Form:
    def __init__(self, action):
        self.action, self.fields, self.buttons = action, {}, []


class Page(HTMLParser):
    """What stands on a page: its heading, words, forms and links."""

    def __init__(self, content):
        super().__init__()
        self.forms, self.links, self.words, self.heading, self.scripts = [], [], "", "", 0
        self._in, self._button = [], None
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in ("input", "meta", "link", "br", "hr", "img"):
            self._in.append(tag)
        if tag == "form":
            self.forms.append(Form(given["action"]))
        elif tag == "input":
            self.forms[-1].fields[given["name"]] = given.get("value", "")
            if given["name"] in ("password", "new_password", "again", "pin"):
                assert given["type"] == "password" and not given.get("value"), "a secret can be read on the screen: %s" % given
            if given["name"] in ("password", "new_password", "again"):
                assert given.get("autocomplete") in ("current-password", "new-password"), "kept from password managers: %s" % given
        elif tag == "button":
            self._button = given
            if self.forms:
                self.forms[-1].buttons.append((given.get("name"), given.get("value")))
        elif tag == "a":
            self.links.append(given["href"])
        elif tag == "script" or any(name.startswith("on") for name in given):
            self.scripts += 1
        assert "style" not in given, "style in the page"

    def handle_endtag(self, tag):
        assert self._in and self._in.pop() == tag, "<%s> is not closed in order" % tag

    def handle_data(self, data):
        self.words += data
        if self._in and self._in[-1] == "h1":
            self.heading += data

    def form(self, *names):
        """The form that has these fields."""
        for form in self.forms:
            if all(name in form.fields for name in names):
                return form
        raise AssertionError("no form with %s on: %s" % (names, self.words))


class Browser:
    def __init__(self, connection):
        self.connection = connection
        self.origin = "https://%s:%d" % (connection.host, connection.port)
        self.cookies = {}
        self.page = self.status = self.headers = self.away = None

    def open(self, path, method="GET", body=None, headers=None):
        for _ in range(8):
            sent = {"Accept": "text/html", "User-Agent": "Mozilla/5.0 (a test)", **(headers or {})}
            if self.cookies:
                sent["Cookie"] = "; ".join("%s=%s" % item for item in self.cookies.items())
            connection = self.connection.fresh()
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            content = self.content = answer.read().decode()
            self.headers, self.status = answer.headers, answer.status
            connection.close()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                self.take_cookie(cookie)
            if answer.status not in (302, 303):
                self.page = Page(content) if "html" in (answer.headers["Content-Type"] or "") else None
                return self
            target = urljoin(self.origin + path, answer.headers["Location"])
            if not target.startswith(self.origin + "/"):
                self.away, self.page = target, None
                return self
            parts = urlsplit(target)
            path, method, body, headers = parts.path + ("?" + parts.query if parts.query else ""), "GET", None, None
        raise AssertionError("sent round in circles")

    def take_cookie(self, cookie):
        pair, *attributes = [part.strip() for part in cookie.split(";")]
        name, value = pair.split("=", 1)
        # The application's scripts know the language, and nothing else.
        wanted = {"Secure", "Path=/", "SameSite=Lax"} | (set() if name == "__Host-imprimatur-language" else {"HttpOnly"})
        assert name.startswith("__Host-") and wanted <= set(attributes), cookie
        if "Max-Age=0" in attributes:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def submit(self, *names, button=None, headers=None, **values):
        """Fills in the form that has these fields, and presses a button by its value."""
        form = self.page.form(*(names or values))
        fields = {**form.fields, **values}
        if button:
            fields[next(name for name, value in form.buttons if value == button)] = button
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        self.away = None
        return self.open(form.action, "POST", urlencode(fields), {**sent, **(headers or {})})

    def sign_in(self, email, password, path="/sign-in"):
        self.open(path)
        self.submit(email=email)
        return self.submit("email", password=password)
