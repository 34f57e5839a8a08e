// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What some models keep from SNMP and say on pages of their own, over plain HTTP: serial number and meter. A
 * table of the models that are known to (make and model, page, how it is read); nothing is guessed of others.
 *
 *   CSV    a line of names and one of values     "Serial No.","Page Counter"  /  "U63885","12345"
 *   XML    the first element of that local name  <dd:SerialNumber>CN1234</dd:SerialNumber>
 *   HTML   the words after those words           <dt>Serial Number</dt><dd>X5KZ</dd>
 *
 * The reading is pure: no script runs, nothing else is loaded. What is not a serial number, or no number, is
 * not there.
 */

#include "discovery/device.h"

#define WEB_PAGE_OCTETS 65536 /* of one page; a larger one is not read */
#define WEB_PAGES_MAX   2     /* of one model */

struct web_page;

/* The pages of this model that may say what is not known yet; NULL behind the last. */
void web_pages_find(const struct device *device, const struct web_page *ret[WEB_PAGES_MAX + 1]);
const char *web_page_path(const struct web_page *page);
/* Fills what is empty. */
void web_page_read(const struct web_page *page, struct text octets, struct device *device);
/* Of the tests: the pages one by one; NULL behind the last. */
const struct web_page *web_page_at(size_t number);

/* Asks for each, no more than limit_ms for all of them; no redirect is followed. *ret_octets: both ways. */
void web_pages_ask(const struct web_page *const *pages, const char *address, uint16_t port, int64_t limit_ms,
                   struct device *device, uint64_t *ret_octets);
