// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What IPP clients see of a queue: the printer description, as a pure function of the queue, what it can do,
 * the address the client used and the time.
 *
 * The "printer" of IPP is our queue. A direct queue shows what its printer and our conversion can do; a pull
 * queue shows what any printer it may be released at could do (ipp_view_pull_printer), because options are
 * intent until release.
 */

#include <stdbool.h>
#include <stdint.h>

#include "core/printer/printer.h"
#include "core/job/queue.h"
#include "core/job/ticket.h"
#include "ipp/build.h"

#define IPP_HOST 256 /* "name:port", NUL included */

struct ipp_view {
        const struct queue *queue;
        const struct printer *printer; /* its abilities; ipp_view_pull_printer() for a pull queue */
        struct ticket defaults;        /* the queue's, its site's and its tenant's; nobody's own */
        char host[IPP_HOST];           /* as the client used it, checked by ipp_view_set_host() */
        struct text address;           /* a device's token in the URI that was called; else empty */
        bool is_secure;                /* over TLS */
        int64_t now_ms;
        int64_t started_ms;       /* the service */
        uint32_t queued;          /* jobs waiting in the queue */
        int64_t time_out_ms;      /* a job without its document ends after */
        uint64_t octets_max;      /* of a document */
        bool opens_documents;     /* with the passwords that come with them */
        const char *organization; /* settings; "" where none */
};

/* The abilities of a pull queue, before what the tenant's printers add to them (printer_unite()). */
const struct printer *ipp_view_pull_printer(void);

/* Keeps host where it is a host name or address with an optional port, and "localhost" otherwise. */
void ipp_view_set_host(struct ipp_view *view, struct text host);

/* "ipps://host/ipp/print/tenant/queue", in the arena; number 0: the queue, else a job's URI. */
const char *ipp_view_uri(const struct ipp_view *view, struct arena *arena, uint32_t number);

/* Seconds since the queue was made, at least 1: printer-up-time and its kin (RFC 8011, section 5.4.29). */
int32_t ipp_view_seconds(const struct ipp_view *view, int64_t unix_ms);

/* What the queue, or the printer of a direct one, asks for. */
enum accounting_needs ipp_view_accounting(const struct ipp_view *view);

/* Whether documents of this media type may be sent to the queue; application/octet-stream is one. */
bool ipp_view_takes(const struct ipp_view *view, struct text format);

/* Adds the printer attributes; the caller has begun the group and set the filter. */
void ipp_describe_printer(struct ipp_builder *b, const struct ipp_view *view);
