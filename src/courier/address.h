// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Addresses: where and how a printer takes documents.
 *
 *      ipps://host[:631]/path      IPP over TLS
 *      ipp://host[:631]/path       IPP
 *      socket://host[:9100]        raw port; "?pjl=no" for a printer that would print the envelope
 *      lpd://host[:515]/queue      RFC 1179
 *
 * host is a name, an IPv4 address or an IPv6 address in brackets. Whatever is not spelled so is refused:
 * addresses reach a resolver, an HTTP head and a log.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define ADDRESS_HOST 254
#define ADDRESS_PATH 256
#define ADDRESS_URI  512

enum address_scheme {
        ADDRESS_IPPS, /* in the order in which they are tried */
        ADDRESS_IPP,
        ADDRESS_RAW,
        ADDRESS_LPD,
};

struct courier_address {
        enum address_scheme scheme;
        char host[ADDRESS_HOST];
        uint16_t port;
        char path[ADDRESS_PATH]; /* with its slash; of LPD the queue, without */
        bool bare;               /* raw without a PJL envelope */
        char uri[ADDRESS_URI];   /* canonical; of IPP what stands in printer-uri */
};

enum address_refusal {
        ADDRESS_MALFORMED = 1,
        ADDRESS_UNKNOWN_SCHEME,
};

/* Returns 0 or an address_refusal; *ret is written only on 0. */
int courier_address_parse(struct text text, struct courier_address *ret);

/* "ipps", "ipp", "raw", "lpd". */
const char *address_scheme_name(enum address_scheme scheme);
