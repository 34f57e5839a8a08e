// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Random octets from the kernel's generator. They cannot be refused: where the kernel has none to give, the
 * process stops, since everything that follows would be unsafe. Safe from every thread.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

void random_octets(void *ret, size_t len);
uint64_t random_u64(void);
void random_secret(struct secret *ret);
