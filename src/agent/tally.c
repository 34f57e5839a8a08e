// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/tally.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

#define JUMP_MS 2000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tally tally;
static struct {
        char address[64];
        char make_and_model[128];
} printers[TALLY_PRINTERS_MAX];
static size_t printer_count;

/* Under the lock. The last place gathers what is of no kind that was there before. */
static void count_reason(const char *reason)
{
        size_t i = 0;

        while (i < tally.reason_count && strcmp(tally.reasons[i].reason, reason) != 0)
                i++;
        if (i == TALLY_REASONS_MAX) {
                i--;
                (void)text_copy(text_from("other"), tally.reasons[i].reason, sizeof(tally.reasons[i].reason));
        } else if (i == tally.reason_count) {
                if (!text_copy(text_from(reason), tally.reasons[i].reason, sizeof(tally.reasons[i].reason)))
                        return;
                tally.reason_count++;
        }
        tally.reasons[i].count++;
}

void tally_delivery(const struct courier_outcome *outcome)
{
        pthread_mutex_lock(&lock);
        if ((size_t)outcome->result < sizeof(tally.results) / sizeof(tally.results[0]))
                tally.results[outcome->result]++;
        if (outcome->result == COURIER_NOT_PRINTED || outcome->result == COURIER_UNCERTAIN)
                count_reason(outcome->reason[0] ? outcome->reason : "unknown");
        pthread_mutex_unlock(&lock);
}

void tally_badge_unknown(void)
{
        pthread_mutex_lock(&lock);
        tally.badges_unknown++;
        pthread_mutex_unlock(&lock);
}

void tally_printer(const char *address, const char *make_and_model)
{
        size_t i = 0;

        pthread_mutex_lock(&lock);
        while (i < printer_count && strcmp(printers[i].address, address) != 0)
                i++;
        if (i < TALLY_PRINTERS_MAX &&
            text_copy(text_from(address), printers[i].address, sizeof(printers[i].address))) {
                if (make_and_model[0] || i == printer_count)
                        (void)text_copy(text_from(make_and_model), printers[i].make_and_model,
                                        sizeof(printers[i].make_and_model));
                printer_count += i == printer_count;
        }
        pthread_mutex_unlock(&lock);
}

void tally_offset(int64_t offset_ms)
{
        pthread_mutex_lock(&lock);
        tally.clock.is_known = true;
        tally.clock.offset_ms = offset_ms;
        pthread_mutex_unlock(&lock);
}

bool tally_look_at_clock(int64_t unix_ms, int64_t boot_ms)
{
        static int64_t last_ms;
        int64_t now_ms = unix_ms - boot_ms, by_ms = last_ms ? now_ms - last_ms : 0;
        char number[24];

        last_ms = now_ms;
        if (by_ms > -JUMP_MS && by_ms < JUMP_MS)
                return false;
        snprintf(number, sizeof(number), "%lld", (long long)by_ms);
        log_write(LOG_WARNING, "clock-jumped", "by_ms", number, NULL);
        pthread_mutex_lock(&lock);
        tally.clock.is_known = false;
        tally.clock.jumped_unix_ms = unix_ms;
        tally.clock.jumped_by_ms = by_ms;
        pthread_mutex_unlock(&lock);
        return true;
}

void tally_get(struct tally *ret)
{
        pthread_mutex_lock(&lock);
        *ret = tally;
        pthread_mutex_unlock(&lock);
}

bool tally_get_printer(size_t index, char ret_address[64], char ret_make_and_model[128])
{
        bool is_there;

        pthread_mutex_lock(&lock);
        is_there = index < printer_count;
        if (is_there) {
                memcpy(ret_address, printers[index].address, sizeof(printers[index].address));
                memcpy(ret_make_and_model, printers[index].make_and_model,
                       sizeof(printers[index].make_and_model));
        }
        pthread_mutex_unlock(&lock);
        return is_there;
}
