// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "pjl/filter.h"

#include <string.h>

#include "pjl/envelope.h"

#define ESCAPE_OCTETS (sizeof(PJL_UEL) - 1)

static const char escape[] = PJL_UEL;
static const char keyword[4] = "@PJL";

void pjl_filter_init(struct pjl_filter *filter)
{
        *filter = (struct pjl_filter){ .state = PJL_FILTER_LINE_START };
}

static void emit(struct pjl_filter *filter, const char *octets, size_t len, struct buffer *to)
{
        if (len == 0)
                return;
        if (filter->separate)
                buffer_add_octet(to, '\n');
        filter->separate = false;
        filter->begun = true;
        buffer_add(to, octets, len);
}

/* What was held back is no "@PJL". */
static void release(struct pjl_filter *filter, struct buffer *to)
{
        if (filter->keyword == 0)
                return;
        emit(filter, filter->held, filter->keyword, to);
        filter->keyword = 0;
        filter->state = PJL_FILTER_DOCUMENT;
}

static bool is_space(char c)
{
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char fold_case(char c)
{
        return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static void at_line_start(struct pjl_filter *filter, char c, struct buffer *to)
{
        /* Printers differ in whether they take "@pjl"; so nobody's spelling passes. */
        if (fold_case(c) == keyword[filter->keyword]) {
                filter->held[filter->keyword++] = c;
                if (filter->keyword == sizeof(keyword)) {
                        filter->keyword = 0;
                        filter->removed++;
                        filter->state = PJL_FILTER_LINE;
                }
                return;
        }
        release(filter, to);
        if (filter->state == PJL_FILTER_LINE_START && is_space(c)) {
                /* White space after an escape belongs to what was removed. */
                if (!filter->separate)
                        emit(filter, &c, 1, to);
                return;
        }
        emit(filter, &c, 1, to);
        filter->state = PJL_FILTER_DOCUMENT;
}

static void pass(struct pjl_filter *filter, char c, struct buffer *to)
{
        switch (filter->state) {
        case PJL_FILTER_LINE_START: at_line_start(filter, c, to); break;
        case PJL_FILTER_LINE:
                if (c == '\n') {
                        filter->separate = filter->begun;
                        filter->state = PJL_FILTER_LINE_START;
                }
                break;
        case PJL_FILTER_DOCUMENT: emit(filter, &c, 1, to); break;
        }
}

/* The part of an escape that was held back is none. */
static void pass_escape(struct pjl_filter *filter, struct buffer *to)
{
        unsigned held = filter->escape;

        filter->escape = 0;
        for (unsigned i = 0; i < held; i++)
                pass(filter, escape[i], to);
}

static void remove_escape(struct pjl_filter *filter)
{
        filter->escape = 0;
        filter->removed++;
        filter->separate = filter->begun;
        filter->state = PJL_FILTER_LINE_START;
}

static void push(struct pjl_filter *filter, char c, struct buffer *to)
{
        /* Only its first character can begin an escape, so that a mismatch needs no look back. */
        if (filter->escape > 0 && c != escape[filter->escape])
                pass_escape(filter, to);
        if (c == escape[filter->escape]) {
                if (filter->escape++ == 0)
                        release(filter, to);
                if (filter->escape == ESCAPE_OCTETS)
                        remove_escape(filter);
                return;
        }
        pass(filter, c, to);
}

/* The many octets of an ordinary document at once. */
static size_t plain_run(const struct pjl_filter *filter, struct text octets)
{
        const char *at;

        if (filter->state != PJL_FILTER_DOCUMENT || filter->escape > 0)
                return 0;
        at = memchr(octets.at, escape[0], octets.len);
        return at ? (size_t)(at - octets.at) : octets.len;
}

void pjl_filter_push(struct pjl_filter *filter, struct text octets, struct buffer *to)
{
        while (octets.len > 0) {
                size_t run = plain_run(filter, octets);

                if (run > 0) {
                        emit(filter, octets.at, run, to);
                } else {
                        push(filter, *octets.at, to);
                        run = 1;
                }
                octets.at += run;
                octets.len -= run;
        }
}

void pjl_filter_finish(struct pjl_filter *filter, struct buffer *to)
{
        pass_escape(filter, to);
        release(filter, to);
}
