// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* By what people know the service: what is told to them, and mailed, must not be made of a name that somebody
 * else chose. */

#include <stdbool.h>

struct http_exchange;
struct tls_server;

#define PUBLIC_URL_STRING 320

/* "https://print.example": the settings' one, or, where that is "", the name by which the request came if it
 * is one of the certificate's. False where it is not. */
bool public_url(const char *settings, struct tls_server *tls, const struct http_exchange *x,
                char ret[PUBLIC_URL_STRING]);
