// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/health.h"

#include <poll.h>

#include "agent/appliances.h"
#include "agent/tally.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "outpost/thread.h"

#define LOOK_MS  10000
#define AGAIN_MS 60000 /* where the service could not be told */

static size_t journal_entries(const struct health *health)
{
        struct journal_entry entry;
        size_t count = 0;

        while (count < JOURNAL_OPEN_MAX && journal_get(health->journal, count, &entry))
                count++;
        return count;
}

bool health_disk_is_full(const struct health *health, uint64_t *ret_free, uint64_t *ret_total)
{
        *ret_free = *ret_total = 0;
        return directory_space(health->directory, ret_free, ret_total) == 0 && *ret_free < HEALTH_DISK_LEAST;
}

static json_t *describe_clock(const struct tally_clock *clock)
{
        char jumped[25];

        clock_format(clock->jumped_unix_ms, jumped);
        return json_pack("{s:o, s:s?, s:I}", "offset_ms",
                         clock->is_known ? json_integer(clock->offset_ms) : json_null(), "jumped",
                         clock->jumped_unix_ms ? jumped : NULL, "jumped_by_ms",
                         (json_int_t)clock->jumped_by_ms);
}

static json_t *describe_errors(const struct tally *tally)
{
        json_t *errors = json_array();

        for (size_t i = 0; errors && i < tally->reason_count; i++)
                json_array_append_new(errors, json_pack("{s:s, s:I}", "reason", tally->reasons[i].reason,
                                                        "count", (json_int_t)tally->reasons[i].count));
        return errors;
}

static json_t *describe_readers(const struct tally *tally)
{
        struct appliances_count count = appliances_count();

        return json_pack("{s:i, s:i, s:i, s:I}", "connected", (int)count.dialling_us, "dialled",
                         (int)count.dialled, "unbound", (int)count.unknown, "unknown_badges",
                         (json_int_t)tally->badges_unknown);
}

static json_t *describe_strangers(const struct health *health)
{
        struct stranger strangers[STRANGERS_MAX];
        size_t count = strangers_list(health->strangers, strangers);
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++) {
                char at[25];

                clock_format(strangers[i].at_ms, at);
                json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "model",
                                                       reader_model_name(strangers[i].model), "address",
                                                       strangers[i].address, "at", at));
        }
        return array;
}

static json_t *describe_offline(const struct health *health)
{
        struct offline_count count = offline_count(health->offline);

        return json_pack("{s:I, s:I, s:I, s:I}", "homes", (json_int_t)count.homes, "deposits",
                         (json_int_t)count.deposits, "snapshot_age", (json_int_t)count.age_s, "snapshot_left",
                         (json_int_t)count.left_s);
}

json_t *health_describe(const struct health *health)
{
        uint64_t room, total;
        struct tally tally;
        char features[256];

        tally_get(&tally);
        configuration_features(health->configuration, features, sizeof(features));
        (void)health_disk_is_full(health, &room, &total);
        return json_pack(
                "{s:s, s:I, s:{s:I, s:I, s:I, s:I}, s:o, s:s, s:o, s:{s:I, s:I}, s:{s:I, s:I}, s:b, s:o, s:o, s:o}",
                "version", IMPRIMATUR_VERSION, "uptime",
                (json_int_t)((clock_boot_ms() - health->started_ms) / 1000), "tasks", "printed",
                (json_int_t)tally.results[COURIER_PRINTED], "sent", (json_int_t)tally.results[COURIER_SENT],
                "not_printed", (json_int_t)tally.results[COURIER_NOT_PRINTED], "uncertain",
                (json_int_t)tally.results[COURIER_UNCERTAIN], "errors", describe_errors(&tally), "features",
                features, "clock", describe_clock(&tally.clock), "journal", "open",
                (json_int_t)journal_entries(health), "room",
                (json_int_t)(JOURNAL_OPEN_MAX - journal_entries(health)), "disk", "free", (json_int_t)room,
                "total", (json_int_t)total, "superseded", channel_is_superseded(health->channel), "readers",
                describe_readers(&tally), "strangers", describe_strangers(health), "offline",
                describe_offline(health));
}

/* The answer says which time it is there. */
static int tell_once(const struct health *health)
{
        int64_t before_ms = clock_unix_ms(), now_ms = 0;
        int r = service_health(health->service, health_describe(health), &now_ms);

        if (r == 0)
                tally_offset(now_ms - (before_ms + clock_unix_ms()) / 2);
        return r;
}

/* Twice where the offset was not known before. */
static bool tell(const struct health *health)
{
        struct tally tally;
        int r;

        tally_get(&tally);
        r = tell_once(health);
        if (r == 0 && !tally.clock.is_known)
                r = tell_once(health);
        if (r < 0)
                log_fault("health-not-told", r);
        return r == 0;
}

static void *run(void *context)
{
        const struct health *health = context;
        int64_t due_ms = clock_monotonic_ms(), told_ms = 0;
        uint64_t strangers_told = 0;
        bool was_full = false;

        (void)tally_look_at_clock(clock_unix_ms(), clock_boot_ms());
        for (;;) {
                uint64_t room, total;
                bool is_full = health_disk_is_full(health, &room, &total);

                if (is_full != was_full) {
                        log_write(
                                is_full ? LOG_ERROR : LOG_NOTICE, is_full ? "disk-full" : "disk-has-room",
                                "why",
                                is_full ? "The state folder has no room: nothing new can be journaled, and what cannot "
                                          "be journaled is not printed"
                                        : "",
                                NULL);
                        due_ms = 0;
                }
                was_full = is_full;
                if (tally_look_at_clock(clock_unix_ms(), clock_boot_ms()))
                        due_ms = 0;
                if (strangers_count(health->strangers) != strangers_told &&
                    clock_monotonic_ms() - told_ms >= AGAIN_MS)
                        due_ms = 0;
                if (health->every_ms && clock_monotonic_ms() >= due_ms) {
                        strangers_told = strangers_count(health->strangers);
                        told_ms = clock_monotonic_ms();
                        due_ms = told_ms + (tell(health) ? health->every_ms : AGAIN_MS);
                }
                (void)poll(NULL, 0, LOOK_MS);
        }
        return NULL;
}

int health_start(struct health *health)
{
        health->started_ms = clock_boot_ms();
        return thread_start(run, health);
}
