// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Whether a document of an office program opens only with a password: told after LibreOffice could not open
 * it, which does not say why. Pure; of damaged documents the answer is worth nothing.
 */

#include <stdbool.h>

#include "base/text.h"

bool office_is_locked(struct text octets);
