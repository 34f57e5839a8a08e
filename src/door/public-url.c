// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/public-url.h"

#include <stdio.h>

#include "net/http-exchange.h"
#include "net/tls.h"

/* "print.example:8443" and "[::1]:8443", without what is around the name. */
static struct text host_name(struct text authority)
{
        struct text name, rest;

        if (!text_starts_with(authority, "["))
                return text_cut(authority, ':', &name, &rest) ? name : authority;
        authority.at++;
        authority.len--;
        text_cut(authority, ']', &name, &rest);
        return name;
}

bool public_url(const char *settings, struct tls_server *tls, const struct http_exchange *x,
                char ret[PUBLIC_URL_STRING])
{
        int length;

        if (settings[0]) {
                snprintf(ret, PUBLIC_URL_STRING, "%s", settings);
                return true;
        }
        length = snprintf(ret, PUBLIC_URL_STRING, "%s://%.*s", x->scheme, TEXT_ARGS(x->host));
        return length < PUBLIC_URL_STRING && tls_server_is_named(tls, host_name(x->host));
}
