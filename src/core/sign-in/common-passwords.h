// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The commonest passwords of eight characters and more, in small letters: the first 32 bits of the SHA-256 of
 * each, ascending. One of a million others is taken for one of these.
 */

#include <stddef.h>
#include <stdint.h>

extern const uint32_t common_passwords[];
extern const size_t common_passwords_count;
