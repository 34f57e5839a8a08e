// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Texts on their way to the reader of HTML: decoded, and made into a page of HTML that holds nothing but
 * them. Each writes to a descriptor, UTF-8 with a byte order mark, and is run where it can do nothing else
 * (render/confine.h).
 */

#include <iconv.h>

#include "base/text.h"
#include "conversion/order.h"

/* From the encoding of the converter, which was opened before; what is no character of it becomes U+FFFD. */
int markup_decode(iconv_t converter, struct text octets, uint64_t octets_max, int to);

/* CommonMark with tables, struck-out words and lists of tasks; HTML inside of it is shown as it is written.
 */
int markup_from_markdown(struct text text, uint64_t octets_max, int to);

/* Whether all of a UTF-8 text can be written with the fonts of every printer (render/wrap.h). */
bool markup_is_plain(struct text text);
