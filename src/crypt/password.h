// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Passwords and PINs, made slow to guess with argon2id (RFC 9106), one lane.
 *
 * What is stored is never the hash itself but what the keeper made of it (keys_pepper()), so a stolen
 * database cannot be guessed at without the keeper. A call takes cost.memory_octets of memory and some
 * hundred milliseconds of one core: whoever calls limits how many run at once. Safe from every thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define PASSWORD_STRING 128 /* "$argon2id$v=19$m=65536,t=3,p=1$...", with NUL */

enum password_refusal {
        PASSWORD_WRONG = 1, /* also where the string is none of ours */
};

struct password_cost {
        uint64_t memory_octets;
        uint32_t passes;
};

/* 64 MiB, three passes. */
extern const struct password_cost password_cost_default;

/* Faults with -ENOMEM where the memory is not to be had. */
int password_hash(struct text secret, const struct password_cost *cost, char ret[PASSWORD_STRING]);
int password_check(struct text secret, const char *string);

/* The hash that is the end of a string. */
#define PASSWORD_HASH_OCTETS 32
/* Makes it again of another secret, with the string's own salt and cost. PASSWORD_WRONG: none of ours. */
int password_remake(struct text secret, const char *string, uint8_t ret[PASSWORD_HASH_OCTETS]);
/* False where the string is none of ours. */
bool password_get_hash(const char *string, uint8_t ret[PASSWORD_HASH_OCTETS]);
bool password_set_hash(char string[PASSWORD_STRING], const uint8_t hash[PASSWORD_HASH_OCTETS]);

/* Whether the string was made at another cost, so that the next right password should be hashed again. */
bool password_is_dated(const char *string, const struct password_cost *cost);

/* Takes as long as a check: for people who do not exist, so that time does not tell them from those who do.
 */
int password_pretend(struct text secret, const struct password_cost *cost);
