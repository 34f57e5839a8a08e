// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What converters are leased: whose it is, how long, in which order, and what becomes of it otherwise. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "core/sign-in/authenticate.h"
#include "core/rendering/converter.h"
#include "core/job/inspection.h"
#include "core/job/intake.h"
#include "core/rendering/lease.h"
#include "core/job/queue.h"
#include "core/test-world.h"

#define DOCUMENT "what was sent"

static struct {
        struct core_world world;
        struct core *core;
        struct actor the_operator, ada, first, second;
        struct queue queue;
} all;

static struct format_set only(enum format format)
{
        struct format_set set = { 0 };

        format_set_add(&set, format);
        return set;
}

static struct actor let_in(const char *name, struct format_set formats)
{
        struct actor enrolled, known = { .via = VIA_CONVERTER };
        uint8_t fingerprint[HASH_OCTETS], other[HASH_OCTETS];
        struct converter converter;
        char code[OUTPOST_CODE], again[OUTPOST_CODE];

        assert(converter_make(all.core, &all.ada, text_from(name), &converter, code) == CORE_FORBIDDEN);
        assert(converter_make(all.core, &all.the_operator, text_from(name), &converter, code) == 0);
        assert(converter_make(all.core, &all.the_operator, text_from(name), &converter, again) == CORE_TAKEN);
        hash_sha256(text_from(name), fingerprint);
        hash_sha256(TEXT_OF("another key"), other);
        assert(authenticate_outpost(all.core, ACTOR_CONVERTER, fingerprint, &known) ==
               CORE_WRONG_CREDENTIALS);
        assert(converter_enrol(all.core, TEXT_OF("000"), fingerprint, TEXT_OF("::1"), &enrolled) ==
               CORE_WRONG_CREDENTIALS);
        assert(converter_enrol(all.core, text_from(code), fingerprint, TEXT_OF("::1"), &enrolled) == 0);
        assert(converter_enrol(all.core, text_from(code), other, TEXT_OF("::1"), &enrolled) ==
               CORE_WRONG_CREDENTIALS);
        assert(authenticate_outpost(all.core, ACTOR_CONVERTER, fingerprint, &known) == 0);
        assert(authenticate_outpost(all.core, ACTOR_AGENT, fingerprint, &enrolled) == CORE_WRONG_CREDENTIALS);
        assert(known.kind == ACTOR_CONVERTER && strcmp(known.name, name) == 0);
        assert(converter_set_formats(all.core, &known, formats) == 0);
        return known;
}

static int want_in(struct db_tx *tx, void *context)
{
        const struct job *job = context;
        struct job_row row;

        assert(job_row_find(tx, all.world.tenant.id, job->id, &row) == 0);
        return inspection_want(tx, all.world.tenant.id, &row, false);
}

static struct job submit(const char *format)
{
        struct intake_order order = { .queue = &all.queue,
                                      .actor = &all.ada,
                                      .title = TEXT_OF("a document"),
                                      .format = text_from(format) };
        struct intake *intake;
        struct job job;

        assert(intake_open(all.core, &order, &intake) == 0);
        assert(intake_write(intake, TEXT_OF(DOCUMENT)) == 0);
        assert(intake_commit(intake, &job) == 0);
        assert(db_write(all.world.db, want_in, &job) == 0);
        return job;
}

static void drop(struct job *job)
{
        assert(job_delete(all.core, &all.world.admin, job->id) == 0);
}

static struct id begin(const struct actor *converter)
{
        struct work_order order;

        assert(lease_begin(all.core, converter, WORK_INSPECTION, &order) == 0);
        return order.id;
}

static void has_none(const struct actor *converter)
{
        struct work_order order;

        assert(lease_begin(all.core, converter, WORK_INSPECTION, &order) == CORE_NOTHING_HELD);
}

static struct lease *taken(const struct actor *converter, struct id work)
{
        struct lease *lease;

        assert(lease_take(all.core, converter, work, &lease) == 0);
        return lease;
}

static void is_stale(const struct actor *converter, struct id work)
{
        struct lease *lease;

        assert(lease_take(all.core, converter, work, &lease) == CORE_STALE);
        assert(lease_expect(all.core, converter, work) == CORE_STALE);
}

/* Facts and the end, as a stream of frames. */
static struct text frames(void)
{
        static char octets[64];
        const char *facts = "pages=3\n";
        size_t length = FRAME_HEADER_OCTETS;

        frame_header(FRAME_FACTS, strlen(facts), (uint8_t *)octets);
        memcpy(octets + length, facts, strlen(facts));
        length += strlen(facts);
        frame_header(FRAME_END, 0, (uint8_t *)octets + length);
        return text_from_octets(octets, length + FRAME_HEADER_OCTETS);
}

static enum inspection_state state_of(struct job *job)
{
        struct inspection inspection;

        assert(inspection_find(all.core, &all.ada, job->id, &inspection) == 0);
        return inspection.state;
}

static void a_lease_is_its_converters_alone(void)
{
        struct job job = submit("application/pdf");
        struct id work = begin(&all.first);
        struct actor ada = all.ada;
        struct work_order order;
        struct lease *lease;
        char octets[64];
        size_t length;

        has_none(&all.second);
        is_stale(&all.second, work);
        is_stale(&all.first, id_new());
        assert(lease_begin(all.core, &ada, WORK_INSPECTION, &order) == CORE_FORBIDDEN);
        /* One request at a time. */
        lease = taken(&all.first, work);
        assert(lease_take(all.core, &all.first, work, &lease) == CORE_BUSY);
        assert(lease_expect(all.core, &all.first, work) == 0);
        assert(lease_expect(all.core, &all.first, work) == CORE_BUSY);
        lease_expect_no_more(all.core, &all.first, work);
        assert(lease_expect(all.core, &all.first, work) == 0);
        lease_expect_no_more(all.core, &all.first, work);
        /* Once, and in order. */
        assert(lease_reads_at(lease, 0) && !lease_reads_at(lease, 1));
        assert(lease_read(all.core, lease, octets, 4, &length) == 0 && length == 4);
        assert(lease_reads_at(lease, 4));
        assert(lease_read(all.core, lease, octets, sizeof(octets), &length) == 0);
        assert(length == strlen(DOCUMENT) - 4 && memcmp(octets, &DOCUMENT[4], length) == 0);
        assert(lease_read(all.core, lease, octets, sizeof(octets), &length) == 0 && length == 0);
        assert(lease_write(all.core, lease, 1, frames()) == CORE_STALE);
        assert(lease_write(all.core, lease, 0, frames()) == 0);
        assert(lease_write(all.core, lease, 0, frames()) == 0); /* its answer got lost */
        assert(lease_commit(all.core, lease) == 0);
        is_stale(&all.first, work);
        assert(state_of(&job) == INSPECTION_DONE);
        drop(&job);
}

static void what_is_not_whole_is_a_failure(void)
{
        struct job job = submit("application/pdf");
        struct lease *lease = taken(&all.first, begin(&all.first));
        struct text whole = frames();

        whole.len -= FRAME_HEADER_OCTETS;
        assert(lease_write(all.core, lease, 0, whole) == 0);
        assert(lease_commit(all.core, lease) == CORE_BAD_VALUE);
        assert(state_of(&job) == INSPECTION_FAILED);
        drop(&job);
}

static void after_garbage_nothing_more_is_taken(void)
{
        struct job job = submit("application/pdf");
        struct lease *lease = taken(&all.first, begin(&all.first));

        assert(lease_write(all.core, lease, 0, TEXT_OF("no frame at all")) == CORE_BAD_VALUE);
        assert(lease_write(all.core, lease, 0, frames()) == CORE_STALE);
        /* The machine's failure, which is not the document's. */
        assert(lease_fail(all.core, lease, TEXT_OF("conversion-failed"), false) == 0);
        assert(state_of(&job) == INSPECTION_WAITING);
        lease = taken(&all.second, begin(&all.second));
        assert(lease_fail(all.core, lease, TEXT_OF("document-unprintable-error"), true) == 0);
        assert(state_of(&job) == INSPECTION_FAILED);
        has_none(&all.first);
        drop(&job);
}

static void one_that_is_not_renewed_is_somebody_elses(void)
{
        struct job job = submit("application/pdf");
        struct id work = begin(&all.first);
        struct lease *lease, *late;

        lease_sweep(all.core);
        has_none(&all.second);
        late = taken(&all.first, work);
        lease_give(all.core, late);
        all.core->settings.converter_lease_ms = 0;
        lease_give(all.core, taken(&all.first, work)); /* renewed until now */
        is_stale(&all.first, work);
        all.core->settings.converter_lease_ms = 30000;
        lease_sweep(all.core);
        lease = taken(&all.second, begin(&all.second));
        assert(lease_write(all.core, lease, 0, frames()) == 0);
        is_stale(&all.first, work);
        assert(lease_commit(all.core, lease) == 0);
        assert(state_of(&job) == INSPECTION_DONE);
        drop(&job);
}

/* Also while a request has it: what that does then comes to nothing. */
static void a_revoked_one_has_nothing_at_once(void)
{
        struct actor third = let_in("third", only(FORMAT_PDF));
        struct job jobs[] = { submit("application/pdf"), submit("application/pdf") };
        struct id works[] = { begin(&third), begin(&third) };
        struct lease *lease = taken(&third, works[0]);
        struct actor again = { .via = VIA_CONVERTER };
        uint8_t fingerprint[HASH_OCTETS];
        char octets[64];
        size_t length;

        assert(converter_delete(all.core, &all.ada, third.id) == CORE_FORBIDDEN);
        assert(converter_delete(all.core, &all.the_operator, third.id) == 0);
        assert(converter_delete(all.core, &all.the_operator, third.id) == CORE_NOT_FOUND);
        is_stale(&third, works[1]);
        assert(lease_read(all.core, lease, octets, sizeof(octets), &length) == CORE_STALE);
        assert(lease_write(all.core, lease, 0, frames()) == CORE_STALE);
        assert(lease_commit(all.core, lease) == CORE_STALE);
        hash_sha256(TEXT_OF("third"), fingerprint);
        assert(authenticate_outpost(all.core, ACTOR_CONVERTER, fingerprint, &again) ==
               CORE_WRONG_CREDENTIALS);
        for (int i = 0; i < 2; i++) {
                assert(state_of(&jobs[i]) == INSPECTION_WAITING);
                lease_abandon(all.core, taken(&all.first, begin(&all.first)));
                drop(&jobs[i]);
        }
        has_none(&all.first);
}

static void works_go_to_who_can_read_them(void)
{
        struct actor office = let_in("office", only(FORMAT_DOCX));
        struct job text, document;

        /* Nobody here reads it, but a PDF is. */
        all.core->settings.own_formats = (struct format_set){ 0 };
        assert(converters_count_in(all.core) == 0);
        assert(format_is_source(FORMAT_PDF) && format_is_source(FORMAT_DOCX) &&
               !format_is_source(FORMAT_ODT));
        document = submit(format_media_type(FORMAT_DOCX));
        has_none(&all.first);
        lease_abandon(all.core, taken(&office, begin(&office)));
        text = submit("application/pdf");
        lease_abandon(all.core, taken(&all.first, begin(&all.first)));
        drop(&document);
        has_none(&office);
        drop(&text);
        /* After a while without a word it counts no more. */
        all.core->settings.converter_seen_ms = -1000;
        assert(converters_count_in(all.core) == 0);
        assert(!format_is_source(FORMAT_DOCX));
        all.core->settings.converter_seen_ms = 300000;
        assert(converters_count_in(all.core) == 0 && format_is_source(FORMAT_DOCX));
        assert(converter_delete(all.core, &all.the_operator, office.id) == 0);
        assert(!format_is_source(FORMAT_DOCX));
        all.core->settings.own_formats = all_formats;
        assert(converters_count_in(all.core) == 0);
}

static void nobody_has_more_than_his_share(void)
{
        struct job jobs[LEASES_OF_CONVERTER_MAX + 1];
        struct id works[LEASES_OF_CONVERTER_MAX];
        struct work_order order;

        for (size_t i = 0; i < ARRAY_LENGTH(jobs); i++)
                jobs[i] = submit("application/pdf");
        for (size_t i = 0; i < ARRAY_LENGTH(works); i++)
                works[i] = begin(&all.first);
        assert(lease_begin(all.core, &all.first, WORK_INSPECTION, &order) == CORE_LIMIT_REACHED);
        lease_abandon(all.core, taken(&all.second, begin(&all.second)));
        for (size_t i = 0; i < ARRAY_LENGTH(works); i++)
                lease_abandon(all.core, taken(&all.first, works[i]));
        for (size_t i = 0; i < ARRAY_LENGTH(jobs); i++)
                drop(&jobs[i]);
}

static void what_is_leased_when_the_service_ends_is_wanted_again(void)
{
        struct job job = submit("application/pdf");
        struct core_parts parts = all.core->parts;

        begin(&all.first);
        core_close(all.core);
        parts.settings.converters = true;
        assert(core_open(&parts, &all.world.core) == 0);
        all.core = all.world.core;
        lease_abandon(all.core, taken(&all.second, begin(&all.second)));
        drop(&job);
}

static void none_is_let_in_where_the_settings_say_no(void)
{
        struct converter converter;
        char code[OUTPOST_CODE];

        assert(converter_make(all.core, &all.the_operator, TEXT_OF("first"), &converter, code) ==
               CORE_NOT_ACCEPTING);
        all.core->settings.converters = true;
}

int main(void)
{
        struct queue queue = { .name = "pull", .title = "Pull", .kind = QUEUE_PULL, .accepting = true };

        core_world_open(&all.world);
        all.core = all.world.core;
        all.ada = core_world_make_actor(&all.world, "ada@demo.example", ROLE_PERSON);
        all.the_operator = all.world.admin;
        all.the_operator.role = ROLE_OPERATOR;
        assert(queue_make(all.core, &all.world.admin, all.world.tenant.id, &queue) == 0);
        all.queue = queue;
        none_is_let_in_where_the_settings_say_no();
        all.first = let_in("first", only(FORMAT_PDF));
        all.second = let_in("second", only(FORMAT_PDF));

        a_lease_is_its_converters_alone();
        what_is_not_whole_is_a_failure();
        after_garbage_nothing_more_is_taken();
        one_that_is_not_renewed_is_somebody_elses();
        a_revoked_one_has_nothing_at_once();
        works_go_to_who_can_read_them();
        nobody_has_more_than_his_share();
        what_is_leased_when_the_service_ends_is_wanted_again();
        core_world_close(&all.world);
        return 0;
}
