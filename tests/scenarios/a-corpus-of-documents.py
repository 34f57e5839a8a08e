# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""Some documents of each format through every language, and what lies on the paper; `make corpus` looks at all of them."""

from harness.corpus import families, run
from harness.corpus.judge import LANGUAGES
from harness.corpus.samples import OFFICE

WORLD = None
OTHERS = [language for language in LANGUAGES if language != "pdf"]
PICTURES = ("jpeg", "png", "tiff", "gif", "webp", "heic", "svg")


def look_at(*kinds):
    """As PDF, and in one other language after the other, every third without colours."""
    chosen = [s for s in families.samples() if s.quick and s.kind in kinds]
    wrong = []
    for turn, language in enumerate(OTHERS):
        samples = chosen[turn::len(OTHERS)]
        grey = ("pcl",) if language == "pxl" else (language,) if turn % 3 == 0 else ()
        wrong += [v for v in run.look(samples, ("pdf", language), grey, quick=True) if v.problem]
    assert not wrong, "\n".join("%s in %s: %s" % (v.sample.name, v.language, v.problem) for v in wrong)


def story_pdf(world):
    look_at("pdf")


def story_pictures(world):
    look_at(*PICTURES)


def story_rasters_and_postscript(world):
    look_at("pwg", "urf", "ps")


def story_texts(world):
    look_at("txt", "md", "html")


def story_documents_of_office_programs(world):
    look_at(*OFFICE)
