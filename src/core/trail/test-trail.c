// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/trail/trail.h"

#include <pthread.h>

#include "audit/verify.h"
#include "base/clock.h"
#include "base/scope.h"
#include "core/test-world.h"

#define THREADS 8
#define EACH    200
#define DAY_MS  86400000LL

static struct core_world world;

struct counts {
        uint64_t records, checkpoints, first, last;
        bool has_base;
        struct audit_checkpoint through;
};

static void add_line(enum trail_piece piece, const struct event *event,
                     const struct audit_checkpoint *checkpoint, struct buffer *to)
{
        struct audit_record record;

        if (piece != TRAIL_RECORD) {
                audit_checkpoint_line(piece == TRAIL_THROUGH ? AUDIT_THROUGH
                                      : piece == TRAIL_BASE  ? AUDIT_BASE
                                                             : AUDIT_CHECKPOINT,
                                      checkpoint, to);
                return;
        }
        event_to_record(event, world.tenant.id, &record);
        audit_record_line(&record, event->hash, to);
}

static enum audit_finding first_finding(enum audit_finding a, enum audit_finding b)
{
        return a ? a : b;
}

/* Exports the trail, and what the verifier says of it. */
static enum audit_finding verify_export(uint64_t after, const struct audit_checkpoint *anchor,
                                        struct counts *ret)
{
        SCOPED(buffer_done) struct buffer line = BUFFER(AUDIT_LINE_MAX);
        const struct audit_checkpoint *checkpoint;
        const struct event *event;
        struct trail_export *trail;
        struct audit_verify verify;
        enum audit_finding finding = 0;
        enum trail_piece piece;

        audit_verify_init(&verify, anchor); /* which may lie in *ret */
        *ret = (struct counts){ 0 };
        assert(trail_export_open(world.core, &world.admin, after, &trail) == 0);
        for (;;) {
                assert(trail_export_next(trail, &piece, &event, &checkpoint) == 0);
                if (piece == TRAIL_END)
                        break;
                add_line(piece, event, checkpoint, &line);
                line.len--;
                finding = first_finding(finding, audit_verify_line(&verify, buffer_text(&line)));
                buffer_clear(&line);
                ret->has_base |= piece == TRAIL_BASE;
                if (piece == TRAIL_RECORD && ret->first == 0)
                        ret->first = event->number;
        }
        trail_export_close(trail);
        ret->records = verify.records;
        ret->checkpoints = verify.checkpoints;
        ret->last = verify.number;
        ret->through = verify.through;
        return first_finding(finding, audit_verify_end(&verify));
}

static int refuse(struct db_tx *tx, void *context)
{
        (void)context;
        assert(event_add(tx, world.tenant.id, &world.admin, "test", (struct id){ 0 }, "rolled=back") == 0);
        assert(event_add(tx, world.tenant.id, &world.admin, "test", (struct id){ 0 }, "rolled=back") == 0);
        return CORE_TAKEN;
}

static void *add_many(void *context)
{
        (void)context;
        for (int i = 0; i < EACH; i++) {
                assert(event_note(world.core, world.tenant.id, &world.admin, "test", world.admin.id, "n=1") ==
                       0);
                if (i % 7 == 0)
                        assert(db_write(world.db, refuse, NULL) == CORE_TAKEN);
        }
        return NULL;
}

static void what_is_rolled_back_leaves_no_gap(void)
{
        pthread_t threads[THREADS];
        struct counts before, after;

        assert(verify_export(0, NULL, &before) == 0 && before.first == 1);
        for (int i = 0; i < THREADS; i++)
                assert(pthread_create(&threads[i], NULL, add_many, NULL) == 0);
        for (int i = 0; i < THREADS; i++)
                assert(pthread_join(threads[i], NULL) == 0);
        assert(verify_export(0, &before.through, &after) == 0);
        assert(after.last == before.last + THREADS * EACH + 1); /* and the export's own */
        assert(after.records == after.last && after.checkpoints == before.checkpoints + 1);
}

/* What outsiders wrote cannot break a line, and does not keep an event from being written. */
static void what_others_wrote_is_made_readable(void)
{
        char longest[400];
        struct actor actor = world.admin;
        struct event events[4];
        struct counts counts;
        size_t count;

        memset(longest, 'x', sizeof(longest));
        memcpy(longest + CORE_WORDS - 2, "\xc3\xa9", 2); /* cut in two */
        longest[sizeof(longest) - 1] = 0;
        strcpy(actor.source, "a\nb\t\xff");
        assert(verify_export(0, NULL, &counts) == 0);
        assert(event_note(world.core, world.tenant.id, &actor, "test", (struct id){ 0 }, longest) == 0);
        assert(event_list(world.core, &world.admin, NULL, counts.last, events, 4, &count) == 0 && count == 1);
        assert(strlen(events[0].detail) == CORE_WORDS - 2 && strcmp(events[0].source, "a?b??") == 0);
        assert(verify_export(0, &counts.through, &counts) == 0);
}

/* Numbers of what was found, as a text, and after what to go on. */
static void searched(const struct event_search *search, const char *wanted, uint64_t wanted_looked,
                     uint64_t base)
{
        struct event events[8];
        char found[80] = "";
        uint64_t looked;
        size_t count;

        assert(event_search(world.core, &world.admin, search, events, 8, &count, &looked) == 0);
        for (size_t i = 0; i < count; i++)
                sprintf(found + strlen(found), "%llu ", (unsigned long long)(events[i].number - base));
        if (strcmp(found, wanted) || looked != wanted_looked)
                fprintf(stderr, "\"%s\" and %llu\n", found, (unsigned long long)looked);
        assert(strcmp(found, wanted) == 0 && looked == wanted_looked);
}

static void what_is_looked_for_is_found(void)
{
        const struct id about = { { 7 } };
        struct counts counts;
        struct event event;
        int64_t now;
        size_t count;

        assert(verify_export(0, NULL, &counts) == 0);
        for (int i = 0; i < 4; i++)
                assert(event_note(world.core, world.tenant.id, i == 2 ? NULL : &world.admin,
                                  i % 2 ? "sought-odd" : "sought-even", i ? about : (struct id){ 0 },
                                  "") == 0);
        assert(event_list(world.core, &world.admin, &about, 0, &event, 1, &count) == 0 && count == 1);
        now = event.at_ms;
        searched(&(struct event_search){ .kind = "sought-" }, "1 2 3 4 ", 0, counts.last);
        searched(&(struct event_search){ .kind = "sought-", .newest = true }, "4 3 2 1 ", 0, counts.last);
        searched(&(struct event_search){ .kind = "sought-", .newest = true, .after = counts.last + 3 },
                 "2 1 ", 0, counts.last);
        searched(&(struct event_search){ .kind = "sought-", .after = counts.last + 3 }, "4 ", 0, counts.last);
        searched(&(struct event_search){ .kind = "sought-odd", .actor = &world.admin.id }, "2 4 ", 0,
                 counts.last);
        searched(&(struct event_search){ .kind = "sought-even", .actor = &world.admin.id }, "1 ", 0,
                 counts.last);
        searched(&(struct event_search){ .subject = &about, .newest = true }, "4 3 2 ", 0, counts.last);
        searched(&(struct event_search){ .kind = "sought-", .since_ms = now + DAY_MS }, "", 0, counts.last);
        searched(&(struct event_search){ .kind = "sought-", .until_ms = now - DAY_MS }, "", 0, counts.last);
        searched(&(struct event_search){ .kind = "sought_" }, "", 0, counts.last);
}

static const struct id traced = { { 1, 2, 3 } };

static int trace_and_refuse(struct db_tx *tx, void *context)
{
        assert(trace_transition(world.core, tx, "job", traced, "none", "held", "submitted", 0) == 0);
        return *(int *)context;
}

/* How often the log has a line of the transition, after a work that ends so. */
static int traces_after(int outcome)
{
        FILE *log = tmpfile();
        int before = dup(STDERR_FILENO), count = 0;
        char line[1024];

        assert(log && before >= 0 && dup2(fileno(log), STDERR_FILENO) >= 0);
        assert(db_write(world.db, trace_and_refuse, &outcome) == outcome);
        assert(dup2(before, STDERR_FILENO) >= 0);
        close(before);
        rewind(log);
        while (fgets(line, sizeof(line), log))
                count += strstr(line, "\"event\":\"transition\"") && strstr(line, "01020300-0000");
        fclose(log);
        return count;
}

static void what_is_rolled_back_is_not_traced(void)
{
        world.core->settings.trace = true;
        assert(traces_after(0) == 1);
        assert(traces_after(CORE_TAKEN) == 0);
        world.core->settings.trace = false;
}

static void what_is_due_is_signed(void)
{
        struct audit_checkpoint checkpoints[64], newest[1];
        size_t before, after, count;
        int64_t now = clock_unix_ms();

        assert(trail_sign(world.core, world.tenant.id) == 0);
        assert(trail_checkpoints(world.core, &world.admin, 0, false, checkpoints, 64, &before) == 0);
        assert(event_note(world.core, world.tenant.id, NULL, "test", (struct id){ 0 }, "") == 0);
        assert(trail_sign_due(world.core, now) == 0);
        assert(trail_checkpoints(world.core, &world.admin, 0, false, checkpoints, 64, &after) == 0 &&
               after == before);
        assert(trail_sign_due(world.core, now + 61000) == 0);
        assert(trail_checkpoints(world.core, &world.admin, 0, false, checkpoints, 64, &after) == 0 &&
               after == before + 1);
        /* The newest first, and then what came before it. */
        assert(trail_checkpoints(world.core, &world.admin, 0, true, newest, 1, &count) == 0 && count == 1 &&
               newest[0].sequence == checkpoints[after - 1].sequence);
        assert(trail_checkpoints(world.core, &world.admin, newest[0].sequence, true, newest, 1, &count) ==
                       0 &&
               (before ? count == 1 && newest[0].sequence == checkpoints[before - 1].sequence : !count));
        /* Nothing new, nothing to sign. */
        assert(trail_sign_due(world.core, now + 122000) == 0);
        assert(trail_checkpoints(world.core, &world.admin, checkpoints[after - 1].sequence, false,
                                 checkpoints, 64, &after) == 0 &&
               after == 0);
}

static void many_new_ones_are_due_at_once(void)
{
        struct audit_checkpoint checkpoints[64];
        size_t before, after;

        assert(trail_checkpoints(world.core, &world.admin, 0, false, checkpoints, 64, &before) == 0);
        for (uint64_t i = 0; i < world.settings.trail_sign_records; i++)
                assert(event_note(world.core, world.tenant.id, NULL, "test", (struct id){ 0 }, "") == 0);
        assert(trail_sign_due(world.core, clock_unix_ms()) == 0);
        assert(trail_checkpoints(world.core, &world.admin, 0, false, checkpoints, 64, &after) == 0 &&
               after == before + 1);
}

static void told_once(void)
{
        struct audit_checkpoint checkpoints[64];
        size_t count;

        assert(trail_untold(world.core, checkpoints, 64, &count) == 0 && count > 0);
        assert(trail_told(world.core, checkpoints, count) == 0);
        assert(trail_untold(world.core, checkpoints, 64, &count) == 0 && count == 0);
}

static void an_export_may_begin_later(void)
{
        struct counts all, part, again;

        assert(verify_export(0, NULL, &all) == 0);
        /* Only with an anchor is it known what it goes on from. */
        assert(verify_export(all.last, NULL, &part) == AUDIT_BEGINNING_UNKNOWN && part.has_base);
        assert(part.first == all.last + 1 && part.records == 1);
        assert(verify_export(part.last, &part.through, &again) == 0);
        assert(again.first == part.last + 1);
}

/* Taken away in the database, and all that follows made to fit: the checkpoints tell. */
static void what_is_changed_in_the_database_is_found(void)
{
        static const struct {
                const char *change, *back;
        } rows[] = {
                { "UPDATE event SET detail = 'n=2' WHERE tenant_id = ?1 AND number = 50",
                  "UPDATE event SET detail = 'n=1' WHERE tenant_id = ?1 AND number = 50" },
                { "UPDATE event SET at_ms = at_ms + 1 WHERE tenant_id = ?1 AND number = 50",
                  "UPDATE event SET at_ms = at_ms - 1 WHERE tenant_id = ?1 AND number = 50" },
                { "UPDATE event SET subject_id = NULL WHERE tenant_id = ?1 AND number = 50",
                  "UPDATE event SET subject_id = actor_id WHERE tenant_id = ?1 AND number = 50" },
                { "DELETE FROM audit_checkpoint WHERE tenant_id = ?1 AND sequence = 1", NULL },
                { "DELETE FROM event WHERE tenant_id = ?1 AND number = 50", NULL },
        };
        struct counts counts;

        assert(verify_export(0, NULL, &counts) == 0);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                core_world_run(&world, rows[i].change);
                assert(verify_export(0, NULL, &counts) != 0);
                if (rows[i].back) {
                        core_world_run(&world, rows[i].back);
                        assert(verify_export(0, NULL, &counts) == 0);
                }
        }
}

static void what_is_old_is_pruned_and_the_rest_still_verifies(void)
{
        struct counts before, after, later;
        int64_t now = clock_unix_ms();

        assert(verify_export(0, NULL, &before) == 0 && !before.has_base);
        /* Nothing is old enough. */
        assert(trail_prune(world.core, now) == 0);
        assert(verify_export(0, NULL, &before) == 0 && !before.has_base && before.first == 1);
        /* In two years everything that was signed by now is. */
        assert(trail_prune(world.core, now + 730 * DAY_MS) == 0);
        assert(verify_export(0, NULL, &after) == 0 && after.has_base);
        assert(after.first == before.last + 1);
        assert(verify_export(0, &before.through, &after) == 0);
        /* Again, until what there was at first is long gone. */
        for (int i = 0; i < 3; i++)
                assert(trail_prune(world.core, now + (731 + i) * DAY_MS) == 0);
        assert(verify_export(0, NULL, &later) == 0 && later.first > after.first);
        assert(verify_export(0, &after.through, &later) == 0);
        assert(event_note(world.core, world.tenant.id, NULL, "test", (struct id){ 0 }, "") == 0);
        assert(verify_export(0, &later.through, &after) == 0 && after.last == later.last + 2);
}

static void whoever_may_not_is_refused(void)
{
        struct person ada = core_world_make_person(&world, "ada@demo.example", ROLE_PERSON);
        struct actor actor = core_world_actor(&world, &ada);
        struct audit_checkpoint checkpoints[4];
        struct trail_export *trail;
        size_t count;

        assert(trail_export_open(world.core, &actor, 0, &trail) == CORE_FORBIDDEN);
        assert(trail_checkpoints(world.core, &actor, 0, false, checkpoints, 4, &count) == CORE_FORBIDDEN);
}

int main(void)
{
        core_world_open(&world);
        what_is_rolled_back_leaves_no_gap();
        what_is_rolled_back_is_not_traced();
        what_others_wrote_is_made_readable();
        what_is_looked_for_is_found();
        what_is_due_is_signed();
        many_new_ones_are_due_at_once();
        told_once();
        an_export_may_begin_later();
        whoever_may_not_is_refused();
        what_is_old_is_pruned_and_the_rest_still_verifies();
        core_world_close(&world);
        core_world_open(&world);
        for (int i = 0; i < 60; i++)
                assert(event_note(world.core, world.tenant.id, &world.admin, "test", world.admin.id, "n=1") ==
                       0);
        what_is_changed_in_the_database_is_found();
        core_world_close(&world);
        return 0;
}
