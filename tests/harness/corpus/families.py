# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""All documents of the corpus."""

import os
import shutil

from . import offices, pdfs, pictures, rasters, texts


def samples():
    found = [sample for family in (pdfs, pictures, rasters, texts, offices) for sample in family.samples()]
    names = [sample.name for sample in found]
    assert len(names) == len(set(names)), "two documents of one name"
    return [s for s in found if not s.needs or shutil.which(s.needs) or os.path.exists(s.needs)]
