# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that somebody said yes to, with a code that he typed on a page (RFC 8628)."""

import json
from urllib.parse import urlencode

from . import demo_world as demo
from .browser import Browser

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def ask(world, path, **form):
    status, _, content = world.connection.request("POST", path, urlencode(form), FORM)
    assert status == 200, (path, status, content)
    return json.loads(content)


def allow(world, email, client="imprimatur-client", password=demo.PASSWORD, label="a program", **more):
    """What its token endpoint gives a program of this client."""
    device = ask(world, "/oauth/device_authorization", client_id=client, device_name=label, **more)
    browser = Browser(world.connection)
    browser.sign_in(email, password, "/sign-in?" + urlencode({"next": "/device?user_code=" + device["user_code"]}))
    browser.submit("user_code", button="allow")
    return ask(world, "/oauth/token", grant_type="urn:ietf:params:oauth:grant-type:device_code", client_id=client, device_code=device["device_code"])


def refresh(world, given, client="imprimatur-client"):
    """Status and value of the next tokens."""
    form = {"grant_type": "refresh_token", "client_id": client, "refresh_token": given["refresh_token"]}
    status, _, content = world.connection.request("POST", "/oauth/token", urlencode(form), FORM)
    return status, json.loads(content)
