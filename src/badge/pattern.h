// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Patterns: which part of a reader's frame is the card's number, as an administrator writes it down.
 *
 * The pattern is an administrator's and the frame is anybody's who can reach the port, so that neither may
 * cost more than is known beforehand. POSIX and Perl engines go back and try again, and some small patterns
 * keep them busy for years; this one walks the frame once, with all states that are possible at an octet side
 * by side (Thompson, 1968; Pike). It takes at most
 *
 *      (PATTERN_TEXT_MAX + 1) octets x PATTERN_STEPS states
 *
 * and no memory but its caller's, whatever both say.
 *
 *      a \. \x41       an octet; "\" before anything but a letter or digit takes its meaning away
 *      .               any octet
 *      [0-9a-f] [^;]   one of these; none of these
 *      \d \w \s        digits; letters, digits and "_"; a space. \D \W \S: anything else
 *      ab|cd           one or the other
 *      a* a+ a? a{2} a{2,} a{2,8}      as often; followed by "?" as seldom as possible, not as often
 *      (…) (?:…)       a group, and one that does not count
 *      (?<id>…) (?P<id>…)              a group with a name
 *      ^ $             the beginning and the end of the frame
 *
 * What is found is the leftmost place that fits, and of it the first group with a name; without one, the
 * first group; without any, all of it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define PATTERN_MAX      128 /* octets of a pattern, printable ASCII */
#define PATTERN_TEXT_MAX 256 /* of what is looked through */
#define PATTERN_STEPS    512
#define PATTERN_DEPTH    16 /* groups in groups */
#define PATTERN_TIMES    256

enum pattern_refusal {
        PATTERN_MALFORMED = 1,
        PATTERN_TOO_LARGE, /* more than PATTERN_STEPS, PATTERN_DEPTH or PATTERN_TIMES */
};

struct pattern_step {
        uint8_t kind;
        int16_t to, other; /* relative to this step; the first one is preferred */
        uint64_t set[2];   /* of ASCII */
};

struct pattern {
        size_t count;
        struct pattern_step steps[PATTERN_STEPS];
};

/* 0 or a pattern_refusal; *ret is written in any case, and is to be used after 0 only. */
int pattern_parse(struct text text, struct pattern *ret);

/* False where it fits nowhere, or its group took no part. *ret is a part of in. */
bool pattern_find(const struct pattern *pattern, struct text in, struct text *ret);
