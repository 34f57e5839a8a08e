# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""The whole corpus through every language, side by side, and the report."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from . import families
from .judge import LANGUAGES, Judge
from .workshop import Workshop

GREY = ("pdf", "ps", "pwg", "pcl")


def keep_pictures(folder, verdict):
    if folder and verdict.pictures:
        os.makedirs(folder, exist_ok=True)
        for word, picture in zip(("got", "due"), verdict.pictures):
            picture.save(os.path.join(folder, "%s.%s.%s.png" % (verdict.sample.name, verdict.language, word)))


def look(samples, languages=LANGUAGES, grey=GREY, workers=2, tell=None, pictures=None, quick=False):
    """A verdict for each document in each language."""
    workshop = Workshop()
    judge = Judge(workshop, quick)
    verdicts, lock = [], threading.Lock()

    def one(sample):
        made = [judge.judge(sample, language) for language in languages]
        made += [judge.judge_grey(sample, language) for language in grey]
        for verdict in made:
            keep_pictures(pictures, verdict)
        workshop.forget(sample.name)
        with lock:
            verdicts.extend(made)
            if tell:
                tell(sample, made)

    try:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for done in [pool.submit(one, sample) for sample in samples]:
                done.result()
    finally:
        workshop.close()
    return verdicts


def table(verdicts):
    """The report: a line a language, and the worst of those that are held to the usual tolerance and to one of their own."""
    lines = ["%-10s %5s %5s %6s %6s   %-24s %-24s" % ("language", "files", "right", "pages", "looked", "worst mean", "worst share")]
    for language in dict.fromkeys(v.language for v in verdicts):
        of = [v for v in verdicts if v.language == language]
        mean, share = (max(of, key=lambda v, what=what: getattr(v, what)) for what in ("mean", "share"))
        lines.append("%-10s %5d %5d %6d %6d   %.4f %-24s %.4f %s" % (
            language, len(of), sum(not v.problem for v in of), sum(v.pages for v in of), sum(v.looked_at for v in of),
            mean.mean, mean.sample.name if mean.looked_at else "", share.share, share.sample.name if share.looked_at else ""))
    return lines


def run(names=(), workers=2, pictures=None):
    """All whose names hold one of names; the number of verdicts that are right and of those that are not."""
    samples = [s for s in families.samples() if not names or any(n in s.name for n in names)]
    started = time.monotonic()

    def tell(sample, made):
        wrong = [v for v in made if v.problem]
        worst = max(made, key=lambda v: v.mean)
        print("%-6s %6.1f s  %-34s worst %.4f %.4f %.2f" % ("FAILED" if wrong else "ok", time.monotonic() - started, sample.name,
              worst.mean, max(v.share for v in made), max(v.ink for v in made)), flush=True)
        for verdict in wrong:
            print("    | %s: %s" % (verdict.language, verdict.problem), flush=True)

    verdicts = look(samples, workers=workers, tell=tell, pictures=pictures)
    print("\n%d documents of %d formats, %.0f s\n" % (len(samples), len({s.kind for s in samples}), time.monotonic() - started))
    print("\n".join(table(verdicts)))
    return sum(not v.problem for v in verdicts), sum(bool(v.problem) for v in verdicts)
