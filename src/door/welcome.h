// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The page that hangs beside a printer: what it is called, where it is, and how to print there, in the
 * tenant's language, with a QR code that holds an address of the printer here and nothing that could release
 * or change anything. It is HTML for the renderer's cell, which lays it out on any paper; words of people may
 * be in any script. Pure.
 */

#include "base/buffer.h"
#include "core/notice/mail-words.h"
#include "core/printer/printer.h"

struct welcome {
        const struct printer *printer;
        enum language language;
        const char *organisation; /* "": not told, as the next */
        const char *site;
        const char *origin;     /* "https://print.example:8443" */
        const char *pull_queue; /* to which queues people print for it; "": none */
        const char *direct_queue;
        const char *secure_queue;
        const char *tenant_name;
        bool has_reader; /* a badge can be held to something there */
};

struct request;
/* For whoever may change all of these printers: ids or names, at least one. Core's refusals. */
int welcome_pages_make(struct request *request, const char *origin, const struct text *names, size_t count,
                       struct buffer *html);

/* One page each; at least one. 0, or the buffer's failure. */
int welcome_format(const struct welcome *pages, size_t count, struct buffer *html);
