# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""A corpus of documents of every format, all made here or by programs of Debian, and what each must give on paper.

    samples.py      what a document is, and what is known of it
    pdfs.py ...     the documents, a file a family
    marks.py        what most of them show, in the words of PDF and as a picture
    workshop.py     the programs that make or change some of them, and what they made, kept
    looks.py        pages as pictures: drawn by other programs, laid on paper by the rules of docs/documents.md
    pcl.py          raster pages of PCL 5
    judge.py        one document in one language: is it right?
    run.py          all of them, side by side, and the report
"""
