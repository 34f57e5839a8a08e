// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The application of web/src, for browsers: its files, and its one page under every address that is a page of
 * it.
 *
 *   1. Everybody may read it: it holds no word of anybody's. What it shows, it asks of the API.
 *   2. Its page allows scripts and style sheets of ours alone, nothing that a string was made into, and no
 * frame (Content Security Policy Level 3, Trusted Types). Its style elements carry a nonce of that one
 * answer.
 *   3. Files come as small as the browser can read them (RFC 9110, section 12.5.3); those whose name changes
 * with their contents are kept for a year, the others are asked for again by their entity tag.
 */

#include "net/http-exchange.h"

/* NULL: no address of the application's. */
const struct http_handler *app_route(struct http_exchange *x);

/* Where that file is (struct app_file), such as "panel.css". One there is none of is our own mistake. */
const char *app_path_of(const char *name);

/* Whether this path, with or without a query, is a page of the application. */
bool app_has_page(struct text path);
