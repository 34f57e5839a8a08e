// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Sealed octets to an agent, whole or from some octet on. Takes the reader over. */

#include "door/request.h"

struct vault_reader;

int answer_sealed_octets(struct request *request, struct vault_reader *reader, uint64_t size);
