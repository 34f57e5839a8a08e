// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The families that sniff() asks one after the other. Pure. */

#include "conversion/sniff.h"

/* Office documents in zip archives. wants_more: it is a zip archive, and nothing seen so far says of what. */
struct sniffed sniff_zip(struct text octets, bool is_whole, enum format declared);

/* Office documents in compound files (MS-CFB). */
struct sniffed sniff_compound(struct text octets, bool is_whole, enum format declared);

/* Any text in any encoding. */
struct sniffed sniff_text(struct text octets, bool is_whole, enum format declared);

/* The part of a long document that is looked at: its beginning, or its end. */
struct text sniff_head(struct text octets);
struct text sniff_tail(struct text octets);
