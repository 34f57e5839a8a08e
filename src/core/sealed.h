// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Octets sealed with a tenant's field key, for those above core who must hand them out and get them back
 * unchanged: what is bound to is authenticated and not stored (crypt/field.h). Who has not that tenant, or
 * bound them to something else, cannot open them.
 */

#include "base/buffer.h"
#include "core/core.h"

/* CORE_BAD_VALUE: more than FIELD_MAX octets. */
int sealed_write(struct core *core, struct id tenant, struct text bound_to, struct text plain,
                 struct buffer *to);
/* Adds the plain octets, which the caller wipes where it matters. CORE_NOT_FOUND: not ours, or no such
 * tenant. */
int sealed_read(struct core *core, struct id tenant, struct text bound_to, struct text sealed,
                struct buffer *to);
