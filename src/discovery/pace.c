// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/pace.h"

#define TOKEN_US  1000000
#define BURST_PER 10 /* of a second */

static int64_t tokens_at(const struct pace *pace, int64_t now_us)
{
        int64_t most = (int64_t)pace->per_second * TOKEN_US / BURST_PER, passed_us = now_us - pace->at_us,
                tokens;

        if (most < TOKEN_US)
                most = TOKEN_US;
        /* Who slept for days owes nothing more, and has no more than a full bucket. */
        if (passed_us > 60 * (int64_t)TOKEN_US)
                passed_us = 60 * (int64_t)TOKEN_US;
        tokens = pace->tokens_us + (passed_us > 0 ? passed_us * pace->per_second : 0);
        return tokens > most ? most : tokens;
}

void pace_init(struct pace *pace, uint32_t per_second, int64_t now_us)
{
        *pace = (struct pace){ per_second, TOKEN_US, now_us };
}

bool pace_take(struct pace *pace, int64_t now_us)
{
        pace->tokens_us = tokens_at(pace, now_us);
        pace->at_us = now_us;
        if (pace->tokens_us < TOKEN_US)
                return false;
        pace->tokens_us -= TOKEN_US;
        return true;
}

void pace_charge(struct pace *pace, uint32_t packets)
{
        pace->tokens_us -= (int64_t)packets * TOKEN_US;
}

int64_t pace_wait_us(const struct pace *pace, int64_t now_us)
{
        int64_t missing = TOKEN_US - tokens_at(pace, now_us);

        return missing <= 0 ? 0 : (missing + pace->per_second - 1) / pace->per_second;
}
