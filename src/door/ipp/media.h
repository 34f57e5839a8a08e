// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Media: self-describing size names (PWG 5101.1, section 5) and their dimensions. Pure.
 *
 *      iso_a4_210x297mm        class, name, width x height, unit
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct ipp_builder;
struct printer;
struct ticket;

struct ipp_media_size {
        int32_t width; /* hundredths of a millimetre, as in media-size */
        int32_t height;
};

/* False where the name is no self-describing one, or a side is not between 1 mm and 10 m. */
bool ipp_media_size_parse(struct text name, struct ipp_media_size *ret);

/* The printer's medium of this size, to half a millimetre; NULL where it has none. Borrowed. */
const char *ipp_media_find(const struct printer *printer, struct ipp_media_size size);

/* media-*, as far as they describe a printer; the caller has begun the group and set the filter. */
/* usual: what the queue usually takes. */
void ipp_describe_media(struct ipp_builder *b, const struct printer *printer, const struct ticket *usual);
