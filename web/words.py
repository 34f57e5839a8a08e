# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
"""words.py EN DE PROBLEMS_EN PROBLEMS_DE TO: the catalogues of the plain pages as one table of C, sorted by key (src/door/words.h).

What went wrong is said in the words that the application has for it (problem.CODE.title, problem.CODE.detail), and in a few of
the plain pages' own. Each language has every key of the others, and every word has the same {{values}}: else nothing is made.
"""

import json
import re
import sys


def values(words):
    return sorted(re.findall(r"\{\{(\w+)\}\}", words))


def read(path):
    with open(path, encoding="utf-8") as file:
        pairs = json.load(file, object_pairs_hook=list)
    keys = [key for key, _ in pairs]
    assert keys == sorted(set(keys)), "%s: keys stand twice or out of order near %s" % (
        path, next((b for a, b in zip(keys, keys[1:]) if a >= b), "?"))
    return dict(pairs)


def read_all(path, problems_path):
    words = read(path)
    with open(problems_path, encoding="utf-8") as file:
        problems = json.load(file)
    for code, problem in problems.items():
        for part, said in problem.items():
            key = "problem.%s.%s" % (code, part)
            assert key not in words, "%s: %s is the application's" % (path, key)
            words[key] = said
    return words


def literal(words):
    """Octet by octet, so that no reader of C is asked about UTF-8."""
    return "\"%s\"" % "".join(
        chr(octet) if 32 <= octet < 127 and chr(octet) not in "\"\\?" else "\\%03o" % octet for octet in words.encode())


def main(english_path, german_path, english_problems, german_problems, target):
    english, german = read_all(english_path, english_problems), read_all(german_path, german_problems)
    assert english.keys() == german.keys(), "in one language alone: %s" % sorted(english.keys() ^ german.keys())
    for key in english:
        assert values(english[key]) == values(german[key]), "%s: other values" % key
    with open(target, "w", encoding="utf-8") as file:
        print("#include \"door/words.h\"\n\nconst struct words page_words[] = {", file=file)
        for key in sorted(english):
            print("    { \"%s\", { %s, %s } }," % (key, literal(english[key]), literal(german[key])), file=file)
        print("};\n\nconst size_t page_words_count = %d;" % len(english), file=file)


main(*sys.argv[1:])
