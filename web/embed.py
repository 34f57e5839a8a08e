# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""embed.py FILE TO NAME: a file as an array of C, ended by NUL."""

import sys

source, target, name = sys.argv[1:]
with open(source, "rb") as file:
    octets = file.read() + b"\0"
with open(target, "w", encoding="utf-8") as file:
    print("extern const char %s[];\nconst char %s[] = {" % (name, name), file=file)
    for at in range(0, len(octets), 16):
        print("    " + "".join("%d," % (octet if octet < 128 else octet - 256) for octet in octets[at : at + 16]), file=file)
    print("};", file=file)
