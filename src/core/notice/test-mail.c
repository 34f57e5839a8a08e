// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/notice/mail.h"

#include "base/clock.h"
#include "base/scope.h"
#include "core/test-world.h"

static struct actor ada, grace;

static const struct {
        const char *to, *subject, *text;
        int outcome;
} orders[] = {
        { "ada@demo.example", "Your code", "one\ntwo\n", 0 },
        { "Ada@Demo.Example", "Ä", "", 0 },
        { "ada@demo.example\r\nBcc: eve@y.org", "x", "y", CORE_BAD_VALUE },
        { "nobody", "x", "y", CORE_BAD_VALUE },
        { "ada@demo.example", "x\r\nBcc: eve@y.org", "y", CORE_BAD_VALUE },
        { "ada@demo.example", "x", "one\r\ntwo", CORE_BAD_VALUE },
        { "ada@demo.example", "x", "\x01", CORE_BAD_VALUE },
        { "ada@demo.example", "x", "\xff", CORE_BAD_VALUE },
};

static int add_in(struct db_tx *tx, void *context)
{
        return mail_add(tx, context);
}

static int write_mail(struct core_world *world, const struct mail_order *order)
{
        SCOPED(mail_done) struct mail mail = { 0 };
        int r = mail_prepare(world->core, world->tenant.id, order, &mail);

        return r ? r : db_write(world->db, add_in, &mail);
}

static void what_cannot_be_a_mail_is_refused(struct core_world *world)
{
        for (size_t i = 0; i < ARRAY_LENGTH(orders); i++) {
                struct mail_order order = { .to = orders[i].to,
                                            .subject = orders[i].subject,
                                            .text = orders[i].text };
                struct mail_leased leased;

                assert(write_mail(world, &order) == orders[i].outcome);
                if (orders[i].outcome)
                        continue;
                assert(mail_lease(world->core, &leased) == 0);
                assert(strcmp(leased.to, "ada@demo.example") == 0);
                assert(strcmp(leased.subject, orders[i].subject) == 0);
                assert(text_equal_string(buffer_text(&leased.text), orders[i].text));
                assert(mail_end(world->core, &leased, MAIL_SENT) == 0);
                mail_leased_done(&leased);
        }
        assert(core_world_number(world, "SELECT count(*) FROM mail_out WHERE tenant_id = ?1") == 0);
}

/* Neither the address nor a word of the mail lies in the database. */
static void it_waits_sealed(struct core_world *world)
{
        const struct mail_order order = { "canary@demo.example", "canary", "canary", ada.id, 0 };

        assert(write_mail(world, &order) == 0);
        assert(core_world_number(world, "SELECT count(*) FROM mail_out WHERE tenant_id = ?1"
                                        " AND instr(sealed, CAST('canary' AS BLOB)) > 0") == 0);
        assert(core_world_number(world, "SELECT count(*) FROM mail_out WHERE tenant_id = ?1") == 1);
        core_world_run(world, "DELETE FROM mail_out WHERE tenant_id = ?1");
}

/* Files of some pieces come back as they were, and go with their mail. */
static void files_wait_with_it(struct core_world *world)
{
        static char large[200000];
        const struct mail_attachment files[] = { { "a.csv", "text/csv", TEXT_OF("a,b\r\n") },
                                                 { "b.pdf", "application/pdf", { large, sizeof(large) } } };
        struct mail_order order = {
                .to = "ada@demo.example", .subject = "x", .text = "y", .files = files, .file_count = 2
        };
        struct mail_attachment too_large = { "a", "b", { large, MAIL_FILES_OCTETS + 1 } };
        struct mail_leased leased;

        for (size_t i = 0; i < sizeof(large); i++)
                large[i] = (char)(i * 7 + i / 251);
        assert(write_mail(world, &order) == 0);
        assert(core_world_number(world, "SELECT count(*) FROM mail_part WHERE tenant_id = ?1") == 5);
        assert(mail_lease(world->core, &leased) == 0);
        assert(leased.file_count == 2 && strcmp(leased.files[0].name, "a.csv") == 0);
        assert(text_equal(leased.files[0].octets, files[0].octets));
        assert(strcmp(leased.files[1].type, "application/pdf") == 0);
        assert(text_equal(leased.files[1].octets, files[1].octets));
        assert(mail_end(world->core, &leased, MAIL_SENT) == 0);
        mail_leased_done(&leased);
        assert(core_world_number(world, "SELECT count(*) FROM mail_part WHERE tenant_id = ?1") == 0);
        order.files = &too_large;
        order.file_count = 1;
        assert(write_mail(world, &order) == CORE_BAD_VALUE);
        order.files = files;
        for (int i = 0; i < MAIL_WITH_FILES_MAX; i++)
                assert(write_mail(world, &order) == 0);
        assert(write_mail(world, &order) == CORE_BUSY);
        core_world_run(world, "DELETE FROM mail_part WHERE tenant_id = ?1");
        core_world_run(world, "DELETE FROM mail_out WHERE tenant_id = ?1");
}

static void it_is_tried_again_and_given_up(struct core_world *world)
{
        const struct mail_order order = { "ada@demo.example", "x", "y", ada.id, 60000 };
        struct mail_leased leased;

        assert(write_mail(world, &order) == 0);
        for (uint32_t attempt = 0; attempt < 3; attempt++) {
                int64_t due;

                assert(mail_lease(world->core, &leased) == 0 && leased.attempts == attempt);
                assert(mail_lease(world->core, &(struct mail_leased){ 0 }) == CORE_NOT_FOUND);
                assert(mail_end(world->core, &leased, MAIL_DELAYED) == 0);
                mail_leased_done(&leased);
                due = core_world_number(world, "SELECT due_ms FROM mail_out WHERE tenant_id = ?1");
                assert(due > clock_unix_ms() + 50000 * (1 << attempt));
                core_world_run(world, "UPDATE mail_out SET due_ms = 1 WHERE tenant_id = ?1");
        }
        core_world_run(world, "UPDATE mail_out SET expires_ms = 1 WHERE tenant_id = ?1");
        assert(mail_lease(world->core, &leased) == CORE_NOT_FOUND);
        assert(core_world_number(world, "SELECT count(*) FROM mail_out WHERE tenant_id = ?1") == 0);
        assert(core_world_number(world, "SELECT count(*) FROM event WHERE tenant_id = ?1"
                                        " AND kind = 'mail-expired'") == 1);
}

static void a_moved_row_does_not_open(struct core_world *world)
{
        const struct mail_order order = { .to = "ada@demo.example", .subject = "x", .text = "y" };
        struct mail_leased leased;

        assert(write_mail(world, &order) == 0 && write_mail(world, &order) == 0);
        core_world_run(
                world,
                "UPDATE mail_out SET sealed = (SELECT sealed FROM mail_out ORDER BY id DESC LIMIT 1) WHERE tenant_id = ?1");
        assert(mail_lease(world->core, &leased) < 0);
        assert(mail_lease(world->core, &leased) == 0);
        assert(mail_end(world->core, &leased, MAIL_SENT) == 0);
        mail_leased_done(&leased);
        core_world_run(world, "DELETE FROM mail_out WHERE tenant_id = ?1");
}

static void it_goes_with_whom_it_is_about(struct core_world *world)
{
        const struct mail_order order = { "grace@demo.example", "x", "y", grace.id, 0 };
        struct mail_leased leased;

        assert(write_mail(world, &order) == 0 && mail_lease(world->core, &leased) == 0);
        assert(person_delete(world->core, &world->admin, grace.id) == 0);
        assert(core_world_number(world, "SELECT count(*) FROM mail_out WHERE tenant_id = ?1") == 0);
        assert(mail_end(world->core, &leased, MAIL_SENT) == 0);
        mail_leased_done(&leased);
}

static void too_many_wait(struct core_world *world)
{
        const struct mail_order order = { .to = "ada@demo.example", .subject = "x", .text = "y" };

        core_world_run(
                world,
                "INSERT INTO mail_out (tenant_id, id, sealed, attempts, due_ms, created_ms, expires_ms)"
                " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
                " SELECT ?1, i, x'00', 0, 1, 1, 1 FROM n");
        assert(write_mail(world, &order) == CORE_BUSY);
        world->core->settings.has_mail = false;
        assert(write_mail(world, &order) == CORE_NO_MAIL);
}

static void open_world(struct core_world *world)
{
        world->settings = core_world_settings();
        world->settings.has_mail = true;
        core_world_open(world);
        ada = core_world_make_actor(world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_actor(world, "grace@demo.example", ROLE_PERSON);
}

int main(void)
{
        static struct core_world world;

        open_world(&world);
        what_cannot_be_a_mail_is_refused(&world);
        files_wait_with_it(&world);
        it_waits_sealed(&world);
        it_is_tried_again_and_given_up(&world);
        a_moved_row_does_not_open(&world);
        it_goes_with_whom_it_is_about(&world);
        too_many_wait(&world);
        core_world_close(&world);
        return 0;
}
