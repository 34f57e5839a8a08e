# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Small words for stories."""

import contextlib
import importlib.machinery
import importlib.util
import os
import re

from .client import Refused


class Skipped(Exception):
    pass


def skip(reason):
    raise Skipped(reason)


@contextlib.contextmanager
def refused(status, code=None):
    """The block must be answered with this status, and as this problem."""
    try:
        yield
    except Refused as answer:
        assert answer.status == status, "refused with %s where %s was due" % (answer, status)
        assert code is None or answer.body["code"] == code, "refused with %s where %s was due" % (answer, code)
        return
    raise AssertionError("it was not refused, where %s was due" % status)


def equal(got, wanted, what="value"):
    if got != wanted:
        shown = [v if not isinstance(v, (bytes, str)) or len(v) < 300 else v[:120] for v in (got, wanted)]
        raise AssertionError("%s: %r where %r was due" % (what, shown[0], shown[1]))


def says(text, word):
    """Whether the word stands in it as a word: an id may well have the letters of "ada" in it."""
    return re.search(r"(?<!\w)%s(?!\w)" % re.escape(word), text) is not None


def load(path):
    """A file of stories."""
    name = os.path.basename(path)[:-3].replace("-", "_")
    loader = importlib.machinery.SourceFileLoader("scenario_" + name, path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module
