// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The icons that printer-icons points to (PWG 5100.13, section 5.6.29): PNG of 48, 128 and 512 pixels. */

struct http_exchange;
struct http_handler;

/* GET /ipp/icons/128.png; NULL where there is none of that name. */
const struct http_handler *ipp_icon_route(struct http_exchange *x);
