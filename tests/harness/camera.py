# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""What the camera of a browser in a test sees: a film of one picture, a QR code."""

import os
import shutil
import subprocess

from .story import skip


def film_of_code(folder, words):
    """The path of a film (MJPEG) in which this QR code stands still."""
    if not shutil.which("qrencode") or not shutil.which("ffmpeg"):
        skip("there is no qrencode or ffmpeg here")
    picture, film = os.path.join(folder, "code.png"), os.path.join(folder, "code.mjpeg")
    subprocess.run(["qrencode", "-s", "8", "-m", "4", "-o", picture, words], check=True)
    shape = "scale=400:400,pad=640:480:(ow-iw)/2:(oh-ih)/2:white"
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-loop", "1", "-i", picture, "-vf", shape, "-t", "2", "-r", "10",
                    "-pix_fmt", "yuvj420p", "-c:v", "mjpeg", film], check=True)
    return film
