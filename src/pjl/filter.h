// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The filter: a document on a raw port without any PJL but ours.
 *
 * A document that carries "ESC%-12345X" leaves the printer's page language and may then command the printer:
 * read its files, keep or reprint what others send, change its settings for all. So each such escape is
 * removed, and with it the "@PJL" lines that follow it or begin the document. Drivers put harmless ones
 * around what they make; the envelope takes their place.
 *
 * It promises: what has come out never contains the escape, and never begins with "@PJL" after white space;
 * a document without either comes out unchanged. Removing one escape cannot make another out of its halves: a
 * line feed goes in its place where more follows.
 *
 * Octets are pushed in pieces of any size; the filter holds back at most nine of them.
 */

#include "base/buffer.h"
#include "base/text.h"

enum pjl_filter_state {
        PJL_FILTER_LINE_START, /* of the document, or after an escape or a removed line */
        PJL_FILTER_LINE,       /* inside a line that is being removed */
        PJL_FILTER_DOCUMENT,
};

struct pjl_filter {
        enum pjl_filter_state state;
        unsigned escape;  /* how much of the escape has been matched and is held back */
        unsigned keyword; /* how much of "@PJL" likewise */
        char held[4];     /* that part, as it was spelled */
        bool begun;       /* something has come out */
        bool separate;    /* an escape was removed: a line feed is due before more comes out */
        uint64_t removed; /* escapes and lines removed so far */
};

void pjl_filter_init(struct pjl_filter *filter);
/* Adds to *to what may pass; at most octets.len + 16 octets. */
void pjl_filter_push(struct pjl_filter *filter, struct text octets, struct buffer *to);
/* At the end of the document: what was held back and turned out to be harmless. */
void pjl_filter_finish(struct pjl_filter *filter, struct buffer *to);
