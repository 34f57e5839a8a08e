// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The password of an encrypted document. It comes with the document or is given later, goes to the renderer
 * in front of the document, and is forgotten as soon as there is a PDF without one, which is sealed and
 * serves from then on. Until then it is in memory alone (core/unwritten.h): after a restart the job asks for
 * it again. What the job's owner hears, as the reason of a held job and of its inspection:
 *
 *      document-password-needed   it opens only with a password, and there is none (any more)
 *      document-password-error    it does not open with the one that was given
 */

#include "core/actor.h"

#define DOCUMENT_PASSWORD_OCTETS 127 /* of any PDF (ISO 32000-2, 7.6.4.3.3) */

/* Whether it can be one: not empty, not too long, no NUL. */
bool document_password_is_possible(struct text password);

/*
 * The owner gives it: the document is looked into anew. CORE_NOT_FOUND, CORE_NOT_HELD, CORE_NOT_ASKED (what
 * is known of the document does not ask for one), CORE_BAD_VALUE, CORE_BUSY (too many are kept).
 */
int document_password_give(struct core *core, const struct actor *actor, struct id job, struct text password);
