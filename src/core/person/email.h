// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * E-mail addresses, as narrow as they are here: "local@domain" without quotes, comments or lists. What is
 * accepted can stand in a header and between "<" and ">" of SMTP as it is; whoever receives mail there proves
 * the rest.
 */

#include <stdbool.h>

#include "core/core.h"

/* Lower-case (ASCII), which is how addresses are kept and compared. False where it is no address. */
bool email_fold(struct text email, char ret[CORE_EMAIL]);

/* What stands after the "@" of a folded address. */
const char *email_domain(const char *email);

/* A domain alone: "example.org", folded. False where it is none. */
bool email_fold_domain(struct text domain, char ret[CORE_EMAIL]);
