# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What the demo tells a newcomer, last of all. A story runs these very lines.

A section is (sentence, [command, ...], name of the printer whose tray then has one file more). A command is a line for
a POSIX shell in the folder in which `make run` was typed.
"""

from . import demo_world as demo


def sections(world, folder, with_cups):
    """folder: how that shell names the demo's folder."""
    ports = world.ports
    ada = demo.PEOPLE[0]
    url = "https://localhost:%d" % ports["service"]
    secure = "--cacert %s/ca.pem" % folder
    signed_in = "%s -u %s:%s" % (secure, ada["email"], demo.PASSWORD)
    upload = "curl -sS %s -H 'Content-Type: application/pdf' --data-binary @%s/hello.pdf '%s/v1/jobs?queue=pull&name=hello'"
    upload = upload % (signed_in, folder, url)

    def badge(person, reader):
        port = next(ports[r["model"]] for r in demo.READERS if r["printer"] == reader)
        return "printf '%s\\r\\n' | nc -q 1 localhost %d" % (person["badge"], port)

    out = []
    if with_cups:
        out.append(
            (
                "Print a page to the follow-me queue as Ada, then hold her badge to the reader in the lobby:",
                [
                    "lp -h localhost:%d -d pull %s/hello.pdf" % (ports["cups"], folder),
                    "sleep 2    # lp hands over to CUPS, which prints in the background",
                    badge(ada, "lobby"),
                    "sleep 2; ls -l %s/paper/lobby/" % folder,
                ],
                "lobby",
            )
        )
    out += [
        (
            "The same without CUPS, and out in the laboratory (RAW, converted to PCL XL):",
            [upload, badge(ada, "lab")],
            "lab",
        ),
        (
            "In the library (LPD, converted to PostScript):",
            [upload, badge(ada, "library")],
            "library",
        ),
        (
            "By PIN, in the studio (PWG raster):",
            [
                upload,
                "curl -sS %s -H 'Content-Type: application/json' -d '%s' %s/v1/releases"
                % (
                    secure,
                    '{"printer":"%s","jobs":"all","identification":{"method":"pin","email":"%s","pin":"%s"}}'
                    % ("studio", ada["email"], ada["pin"]),
                    url,
                ),
            ],
            "studio",
        ),
    ]
    return out


def own_cups(world):
    """For people whose machine has a CUPS of its own; not run by the story, because it changes that machine."""
    ada = demo.PEOPLE[0]
    uri = "ipps://%s:%s@localhost:%d/ipp/print/demo/pull"
    uri = uri % (ada["email"].replace("@", "%40"), demo.PASSWORD, world.ports["service"])
    return ["sudo lpadmin -p imprimatur -E -v '%s' -m everywhere" % uri, "lp -d imprimatur FILE.pdf"]


def show(world, folder, with_cups):
    """The last lines of the demo."""
    lines = []
    for sentence, commands, printer in sections(world, folder, with_cups):
        lines += ["", sentence, ""]
        lines += ["    " + command for command in commands]
    lines += ["", "Every printed document is a file in %s/paper/PRINTER/." % folder]
    lines += ["To print from this machine's own CUPS instead:", ""]
    lines += ["    " + command for command in own_cups(world)]
    lines += ["", "Ctrl-C stops everything."]
    return "\n".join(lines)
