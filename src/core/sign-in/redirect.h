// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Redirect URIs: where an authorization's answer may go. They are compared octet by octet (RFC 9700, section
 * 2.1), except that a program on the person's own machine, which listens on the loopback address, may choose
 * its port anew each time (RFC 8252, section 7.3).
 */

#include <stdbool.h>

#include "base/text.h"

#define REDIRECT_OCTETS 512

/*
 * Whether it can be registered: https://host[:port][/path][?query], or http:// with 127.0.0.1 or [::1] as the
 * host. No fragment, no user, no octet that a URI does not have (RFC 3986).
 */
bool redirect_is_valid(struct text uri);
/* Whether an answer may go to given when registered is registered. */
bool redirect_matches(struct text registered, struct text given);
/* "https://host:port", as a browser's policy wants it: borrowed from a valid URI. */
struct text redirect_origin(struct text uri);
