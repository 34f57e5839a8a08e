// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Request targets (RFC 9112, section 3.2) and the octets that may stand in each part of a head. Part of
 * http-message.h; only its files include this.
 */

#include <stdbool.h>
#include <stdint.h>

#include "net/http-message.h"

enum http_octet {
        HTTP_OCTET_TOKEN = 1,  /* RFC 9110, section 5.6.2: tchar */
        HTTP_OCTET_VALUE = 2,  /* section 5.5: field-vchar, blank and tab */
        HTTP_OCTET_PATH = 4,   /* RFC 3986: pchar and '/'; '%' is looked at apart */
        HTTP_OCTET_QUERY = 8,  /* pchar, '/' and '?' */
        HTTP_OCTET_HOST = 16,  /* a name, an IPv4 address, a port's colon */
        HTTP_OCTET_DIGIT = 32, /* decimal */
};

/* Whether all octets are of the class; so is the empty text. */
bool http_octets_are(struct text t, uint8_t class);

/* host [ ":" port ] without userinfo; an IPv6 address stands in brackets. */
bool http_authority_is_good(struct text t);

/* Fills path, query and, for the absolute form, authority; ret->method is read already. */
int http_target_parse(struct text target, struct http_head *ret);
