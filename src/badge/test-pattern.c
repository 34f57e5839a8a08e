// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "badge/pattern.h"
#include "base/scope.h"

/* NULL: found nowhere. */
static const struct {
        const char *pattern, *in, *found;
} rows[] = {
        { "abc", "xxabcxx", "abc" },
        { "abc", "xxabxcx", NULL },
        { "a.c", "xxa;cxx", "a;c" },
        { "^abc", "abcabc", "abc" },
        { "^abc", "xabc", NULL },
        { "abc$", "abcx", NULL },
        { "abc$", "abcabc", "abc" },
        { "^$", "", "" },
        { "^$", "a", NULL },
        { "a*", "aaab", "aaa" },
        { "a*?", "aaab", "" },
        { "a+", "baaab", "aaa" },
        { "a+?", "baaab", "a" },
        { "ba?", "bab", "ba" },
        { "ba?\?", "bab", "b" },
        { "a{3}", "aaaa", "aaa" },
        { "a{2,3}", "aaaa", "aaa" },
        { "a{2,3}?", "aaaa", "aa" },
        { "a{2,}", "aaaa", "aaaa" },
        { "a{2,}", "a", NULL },
        { "a{0}b", "ab", "b" },
        { "a{0,2}b", "aaab", "aab" },
        { "cat|dog|bird", "a bird", "bird" },
        { "ab|abc", "abc", "ab" },
        { "(?:ab|abc)$", "abc", "abc" },
        { "x(|a)y", "xy", "" },
        { "[0-9a-f]+", "xyz12afg", "12af" },
        { "[^;]+", ";;ab;", "ab" },
        { "[]x]+", "a]x]b", "]x]" },
        { "[a-]+", "b-a-c", "-a-" },
        { "[\\d;]+", "ab1;2c", "1;2" },
        { "\\d+", "ab12", "12" },
        { "\\D+", "12ab", "ab" },
        { "\\w+", "; a_1;", "a_1" },
        { "\\s", "a b", " " },
        { "\\x41\\.", "xA.", "A." },
        { "\\\\\\[", "a\\[", "\\[" },
        { "^;(\\d+)=", ";1234=5?", "1234" },
        { "^%B(?:\\d{2})(\\d{6})", "%B12345678^X", "345678" },
        { "(a)(?<id>b)(c)", "abc", "b" },
        { "(?P<id>\\d{4})(\\d)", "12345", "1234" },
        { "(a)|b", "b", NULL },
        { "(a|b)*", "abab", "b" },
        { "(a*)*", "aaa", "aaa" },
        { "(a*)+$", "aaa", "aaa" },
        { "(?:a|aa)+$", "aaaa", "aaaa" },
        { "(.*?)=(.*)", "ab=cd", "ab" },
};

static const struct {
        const char *pattern;
        int refusal;
} bad[] = {
        { "", PATTERN_MALFORMED },
        { "*a", PATTERN_MALFORMED },
        { "a**", PATTERN_MALFORMED },
        { "(", PATTERN_MALFORMED },
        { ")", PATTERN_MALFORMED },
        { "(a", PATTERN_MALFORMED },
        { "a)", PATTERN_MALFORMED },
        { "[", PATTERN_MALFORMED },
        { "[]", PATTERN_MALFORMED },
        { "[b-a]", PATTERN_MALFORMED },
        { "[a-\\d]", PATTERN_MALFORMED },
        { "a{", PATTERN_MALFORMED },
        { "a{}", PATTERN_MALFORMED },
        { "a{3,2}", PATTERN_MALFORMED },
        { "a{,2}", PATTERN_MALFORMED },
        { "\\", PATTERN_MALFORMED },
        { "\\k", PATTERN_MALFORMED },
        { "\\1", PATTERN_MALFORMED },
        { "\\x4", PATTERN_MALFORMED },
        { "\\x80", PATTERN_MALFORMED },
        { "(?<>a)", PATTERN_MALFORMED },
        { "(?<id a)", PATTERN_MALFORMED },
        { "(?=a)", PATTERN_MALFORMED },
        { "a\tb", PATTERN_MALFORMED },
        { "\xc3\xa4", PATTERN_MALFORMED },
        { "a{257}", PATTERN_TOO_LARGE },
        { "(?:a{100}){100}", PATTERN_TOO_LARGE },
        { "(?:(?:(?:(?:){256}){256}){256}){256}", PATTERN_TOO_LARGE },
        { "((((((((((((((((((a))))))))))))))))))", PATTERN_TOO_LARGE },
};

/* What keeps engines that go back busy for longer than the universe is old. */
static void test_bombs(void)
{
        static const char *const bombs[] = { "^(a+)+$", "^(a|aa)+$", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)(.*)=$",
                                             "(?:a?){120}a{120}" };
        char frame[PATTERN_TEXT_MAX + 1];
        struct pattern pattern;
        struct text found;
        clock_t before = clock();

        memset(frame, 'a', sizeof(frame));
        for (size_t i = 0; i < ARRAY_LENGTH(bombs); i++) {
                struct text in = text_from_octets(frame, PATTERN_TEXT_MAX);

                frame[PATTERN_TEXT_MAX - 1] = '!';
                assert(pattern_parse(text_from(bombs[i]), &pattern) == 0);
                assert(pattern_find(&pattern, in, &found) == (i == 4));
        }
        assert(!pattern_find(&pattern, text_from_octets(frame, PATTERN_TEXT_MAX + 1), &found));
        /* Of the processor's time, and a thousand times what it takes. */
        assert(clock() - before < 20 * CLOCKS_PER_SEC);
}

int main(void)
{
        struct pattern pattern;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct text found = TEXT("");

                printf("%s in %s\n", rows[i].pattern, rows[i].in);
                assert(pattern_parse(text_from(rows[i].pattern), &pattern) == 0);
                assert(pattern_find(&pattern, text_from(rows[i].in), &found) == !!rows[i].found);
                assert(!rows[i].found || text_equal_string(found, rows[i].found));
        }
        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
                printf("bad: %s\n", bad[i].pattern);
                assert(pattern_parse(text_from(bad[i].pattern), &pattern) == bad[i].refusal);
        }
        test_bombs();
        return 0;
}
