# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What a camera reads off paper: the QR codes on the sheets of a PDF, page by page (pdftoppm, zbarimg)."""

import os
import shutil
import subprocess
import tempfile

from .story import skip

# A phone is held nearer or farther until it reads; this one looks at a whole sheet from three distances, and what it sees best counts.
RESOLUTIONS = ("250", "200", "320")


def read_picture(path):
    words = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split()


def codes(pdf):
    if shutil.which("pdftoppm") is None or shutil.which("zbarimg") is None:
        skip("no pdftoppm or no zbarimg")
    best = {}
    for resolution in RESOLUTIONS:
        with tempfile.TemporaryDirectory(prefix="imprimatur-codes-") as folder:
            subprocess.run(["pdftoppm", "-r", resolution, "-gray", pdf, os.path.join(folder, "page")], check=True)
            for name in os.listdir(folder):
                best[name] = max(best.get(name, []), read_picture(os.path.join(folder, name)), key=len)
    return [code for name in sorted(best) for code in best[name]]
