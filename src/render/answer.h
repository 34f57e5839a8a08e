// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The program's answer on standard output, as frames (conversion/frame.h). */

#include "base/text.h"
#include "conversion/facts.h"
#include "conversion/frame.h"

/* Any number of octets. Those of the document are gathered into whole frames; others leave at once. */
int answer_write(enum frame_type type, struct text octets);
/* The same for cell_order.collect(): a piece of the document; no context. */
int answer_document(void *context, struct text octets);
int answer_facts(const struct facts *facts);
/* All of it has been said, and is good. */
int answer_end(void);
