// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What DNS-SD tells of a queue (RFC 6763; Bonjour Printing 1.2.1; PWG 5100.14, section 4.2): the strings of
 * its TXT record, and the records that a network's own DNS needs so that clients find it without multicast.
 * Pure.
 *
 * The strings are what IPP answers of the same queue: both come from one description.
 */

#include "base/buffer.h"
#include "base/text.h"

struct arena;
struct ipp_view;

#define DNS_SD_STRINGS  24
#define DNS_SD_STRING   256 /* "key=value" of at most 255 octets, and NUL */
#define DNS_SD_INSTANCE 64  /* a label of at most 63 octets, and NUL */

struct dns_sd {
        char instance[DNS_SD_INSTANCE]; /* what people choose the queue by */
        bool universal;                 /* it takes image/urf: AirPrint lists no others */
        char strings[DNS_SD_STRINGS][DNS_SD_STRING];
        size_t count;
};

/* view: the queue with what it can do. -ENOMEM where the arena is full. */
int dns_sd_describe(const struct ipp_view *view, struct arena *arena, struct dns_sd *ret);

/* Where the queues of a door are found. */
struct dns_sd_place {
        const char *domain; /* whose zone it is; without a dot at its end */
        const char *host;   /* likewise */
        uint16_t port;
        bool plain; /* also without TLS: _ipp beside _ipps */
};

/*
 * The records as lines of a zone file (RFC 1035, section 5), names absolute, those for browsing first. What
 * is no letter, digit or hyphen in a name is escaped, so that nothing a title holds can end its line.
 */
void dns_sd_format_zone(const struct dns_sd_place *place, const struct dns_sd *queues, size_t count,
                        struct buffer *to);
