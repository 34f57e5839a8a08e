// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Keys that are exchanged while people print: nobody waits, nothing fails to be found or read at any moment
 * of it, a kill in the middle is gone on from, and afterwards the old key is good for nothing.
 */

#include "core/tenant/tenant-keys.h"

#include <openssl/x509.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/accounting.h"
#include "core/site/agent.h"
#include "core/notice/alert.h"
#include "core/site/authority.h"
#include "core/person/badge.h"
#include "core/sign-in/code.h"
#include "core/printer/discovered-printer.h"
#include "core/printer/discovery.h"
#include "core/site/deposit-box.h"
#include "core/sign-in/factor.h"
#include "core/idempotency.h"
#include "core/job/inspection.h"
#include "core/job/intake.h"
#include "core/job/job.h"
#include "core/tenant/key-exchange-rows.h"
#include "core/notice/mail.h"
#include "core/sign-in/method.h"
#include "core/sign-in/outside-session.h"
#include "core/job/queue.h"
#include "core/sign-in/sign-in.h"
#include "core/test-world.h"
#include "crypt/certificate-request.h"
#include "crypt/random.h"

#define ROTATIONS 4
#define TENANTS   10000
#define BADGES    400
#define ADA       "ada@demo.example"
#define PASSWORD  "correct horse battery"
#define TITLE     "the minutes of the board"
#define OLD_CODES 2

static struct {
        struct core_world *world;
        struct actor ada;
        struct queue queue;
        struct job job;
        struct method method;
        struct outside_session outside;
        struct secret deposit;
        struct authority authority;
        uint8_t box[BOX_KEY_OCTETS], boxed[BOX_SEALED_OCTETS];
        char code[OLD_CODES][CODE_STRING];
        char recovery[RECOVERY_CODES][CODE_STRING];
        bool is_busy; /* people are swiping, signing in and reading */
        atomic_bool is_over;
        atomic_uint swipes, sign_ins, reads;
} all;

static void badge_number(int i, char ret[16])
{
        snprintf(ret, 16, "04B0%06X", i * 7919);
}

static int add_badge(int i)
{
        struct badge badge;
        char number[16];

        badge_number(i, number);
        return badge_add(all.world->core, &all.world->admin, all.ada.id,
                         &(struct badge_order){ text_from(number), TEXT_OF(""), BADGE_CARD }, &badge);
}

struct look {
        struct badge_number number;
        struct id person;
};

static int look_in(struct db_tx *tx, void *context)
{
        struct look *look = context;

        return badge_holder(tx, all.world->tenant.id, &look->number, &look->person);
}

static void swipe(int i)
{
        struct look look;
        char number[16];

        badge_number(i, number);
        assert(badge_number_read(all.world->core, all.world->tenant.id, text_from(number), &look.number) ==
               0);
        assert(db_read(all.world->db, look_in, &look) == 0 && id_equal(look.person, all.ada.id));
}

static void sign_in_both_ways(void)
{
        struct sign_in found = { .actor = { .via = VIA_API } };
        struct id *tenant = &all.world->tenant.id;

        assert(sign_in_by_password(all.world->core, tenant, TEXT_OF(ADA), TEXT_OF(PASSWORD),
                                   TEXT_OF("192.0.2.1"), &found) == 0);
        assert(sign_in_by_pin(all.world->core, tenant, TEXT_OF(ADA), TEXT_OF("314159"), TEXT_OF("192.0.2.1"),
                              &found) == 0);
        assert(id_equal(found.actor.id, all.ada.id));
}

struct found_document {
        struct document document;
};

static int find_document(struct db_tx *tx, void *context)
{
        return document_find(tx, all.world->tenant.id, all.job.id, KEYS_ORIGINAL, context);
}

static int open_document(struct secret *ret)
{
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;
        struct document document;
        struct keys_document names;

        assert(db_read(all.world->db, find_document, &document) == 0);
        assert(tenant_entry_get(all.world->core, all.world->tenant.id, &entry) == 0);
        assert(keys_of_version(all.world->core, entry, document.key_version, &keys) == 0);
        names = (struct keys_document){ all.job.id, KEYS_ORIGINAL, document.expiry_day };
        return keys_document_open(all.world->keys, keys, &names, &document.wrapped, KEYS_FOR_ARM, ret);
}

static void read_title_and_document(void)
{
        struct inspection inspection;
        struct secret key;
        struct job job;

        assert(job_find(all.world->core, &all.ada, all.job.id, &job) == 0 && strcmp(job.title, TITLE) == 0);
        assert(open_document(&key) == 0);
        assert(inspection_find(all.world->core, &all.ada, all.job.id, &inspection) == 0);
        assert(inspection.state == INSPECTION_DONE && inspection.facts.pages == 7);
}

static void read_accounting(void)
{
        struct accounting_rule rule;

        assert(accounting_rule_find(all.world->core, &all.world->admin, ACCOUNTING_OF_TENANT,
                                    (struct id){ { 0 } }, &rule) == 0);
        assert(strcmp(rule.usual.account, "4711") == 0);
}

/* The authority is the same, and what it signs now is good by the root from before. */
static void issue(void)
{
        static const char *const names[] = { "printer.example", NULL };
        SCOPED(buffer_wipe) struct buffer key = BUFFER(4096);
        SCOPED(buffer_done) struct buffer pem = BUFFER(4096), info = BUFFER(1024), der = BUFFER(4096);
        const unsigned char *root = all.authority.root, *leaf;
        struct issue_draft draft = { .tenant = all.world->tenant.id,
                                     .title = "",
                                     .subject = id_new(),
                                     .names = names,
                                     .from_ms = clock_unix_ms(),
                                     .until_ms = clock_unix_ms() + 86400000 };
        uint8_t serial[ISSUE_SERIAL_OCTETS];
        struct authority found;
        X509 *above, *issued;

        assert(certificate_request_make(TEXT_OF(""), &key, &pem) == 0);
        assert(certificate_request_read(buffer_text(&pem), &info) == 0);
        draft.key_info = buffer_text(&info);
        assert(authority_issue(all.world->core, &draft, &found, serial, &der) == 0);
        leaf = (const unsigned char *)der.at;
        above = d2i_X509(NULL, &root, (long)all.authority.root_len);
        issued = d2i_X509(NULL, &leaf, (long)der.len);
        assert(above && issued && X509_verify(issued, X509_get0_pubkey(above)) == 1);
        X509_free(above);
        X509_free(issued);
}

/* What lay on an agent while the key was exchanged. */
static void make_deposit(void)
{
        random_secret(&all.deposit);
        assert(deposit_box_key(all.world->core, all.world->tenant.id, all.box) == 0);
        assert(box_put(all.box, &all.deposit, all.boxed) == 0);
        assert(authority_make(all.world->core, &all.world->admin, &all.authority) == 0);
        assert(authority_make(all.world->core, &all.world->admin, &all.authority) == CORE_TAKEN);
}

static void open_deposit(void)
{
        struct id tenant = all.world->tenant.id, deposit = id_new();
        uint8_t key[BOX_KEY_OCTETS], other[BOX_KEY_OCTETS] = { 1 }, changed[BOX_SEALED_OCTETS];
        struct secret found;

        assert(deposit_box_key(all.world->core, tenant, key) == 0 && memcmp(key, all.box, sizeof(key)) == 0);
        assert(deposit_box_open(all.world->core, tenant, all.box, deposit, all.boxed, &found) == 0);
        assert(memcmp(&found, &all.deposit, sizeof(found)) == 0);
        assert(deposit_box_open(all.world->core, tenant, other, deposit, all.boxed, &found) ==
               CORE_NOT_FOUND);
        memcpy(changed, all.boxed, sizeof(changed));
        changed[50] ^= 1;
        assert(deposit_box_open(all.world->core, tenant, all.box, deposit, changed, &found) ==
               CORE_BAD_VALUE);
        issue();
}

static void read_discovered(void)
{
        SCOPED(buffer_done) struct buffer credentials = BUFFER(64);
        struct discovered_printer found[2];
        struct alert_route routes[1];
        size_t count;

        assert(discovered_list(all.world->core, &all.world->admin, DISCOVERED_ALL, (struct id){ { 0 } },
                               found, 2, &count) == 0);
        assert(count == 1 && strcmp(found[0].identity.serial, "4711") == 0);
        assert(alert_route_list(all.world->core, &all.world->admin, (struct id){ { 0 } }, routes, 1,
                                &count) == 0 &&
               count == 1 && strcmp(routes[0].target, "https://hook.example/") == 0);
        assert(discovery_find(all.world->core, &all.world->admin, found[0].agent, NULL, &credentials) == 0);
        assert(text_equal_string(buffer_text(&credentials), "[\"community\"]"));
}

static void see_printer(void)
{
        struct alert_route route = { .title = "hook",
                                     .kind = ALERT_BY_HOOK,
                                     .target = "https://hook.example/" };
        struct sighting sighting = { .address = "192.0.2.1", .via = "snmp" };
        struct sightings sightings = {
                .purpose = DISCOVERY_STATUS, .outcome = DISCOVERY_GOING, .at = &sighting, .count = 1
        };
        struct actor actor = { .kind = ACTOR_AGENT, .tenant = all.world->tenant.id };
        char code[OUTPOST_CODE];
        struct agent agent;

        assert(agent_make(all.world->core, &all.world->admin, all.world->tenant.id, TEXT_OF("looker"),
                          (struct id){ { 0 } }, &agent, code) == 0);
        actor.id = agent.id;
        assert(alert_route_make(all.world->core, &all.world->admin, &route) == 0 &&
               strlen(route.secret) == 64);
        assert(discovery_set(all.world->core, &all.world->admin, agent.id, TEXT_OF("{}"),
                             TEXT_OF("[\"community\"]"), false) == 0);
        strcpy(sighting.identity.serial, "4711");
        strcpy(sighting.identity.mac, "00:11:22:33:44:55");
        assert(sightings_take(all.world->core, &actor, &sightings) == 0 && !sighting.refusal);
}

static void read_the_rest(void)
{
        SCOPED(buffer_done)
        struct buffer secret = BUFFER(METHOD_SECRET), refresh = BUFFER(4096), id_token = BUFFER(4096);
        uint8_t hash[32] = { 7 };
        char body[64];
        int status;
        size_t length;

        read_accounting();
        read_discovered();
        open_deposit();
        assert(method_secret(all.world->core, all.world->tenant.id, all.method.id, &secret) == 0);
        assert(text_equal_string(buffer_text(&secret), "client secret"));
        assert(outside_session_tokens(all.world->core, &all.outside, &refresh, &id_token) == 0);
        assert(text_equal_string(buffer_text(&refresh), "refresh") &&
               text_equal_string(buffer_text(&id_token), "id token"));
        assert(idempotency_begin(all.world->core, &all.ada, TEXT_OF("key"), hash, &status, body, sizeof(body),
                                 &length) == CORE_TAKEN);
        assert(status == 201 && length == 6 && memcmp(body, "answer", 6) == 0);
}

static void *swipe_on(void *context)
{
        for (int i = 0; !all.is_over; i++, all.swipes++) {
                swipe(i % BADGES);
                /* Whoever has it under whichever version: nobody gets it a second time. */
                if (i % 16 == 0)
                        assert(add_badge(i % BADGES) == CORE_TAKEN);
        }
        return context;
}

static void *sign_in_on(void *context)
{
        for (; !all.is_over; all.sign_ins++)
                sign_in_both_ways();
        return context;
}

static void *read_on(void *context)
{
        for (; !all.is_over; all.reads++) {
                read_title_and_document();
                read_the_rest();
        }
        return context;
}

static int want_inspection(struct db_tx *tx, void *context)
{
        struct job_row job;

        assert(job_row_find(tx, all.world->tenant.id, all.job.id, &job) == 0);
        return inspection_want(tx, all.world->tenant.id, &job, false);
}

static void make_facts(void)
{
        struct frame facts = { FRAME_FACTS, TEXT("pages=7\n") };
        struct work_order order;
        struct work *work;

        assert(accounting_rule_set(all.world->core, &all.world->admin, ACCOUNTING_OF_TENANT,
                                   (struct id){ { 0 } },
                                   &(struct accounting_rule){ .usual.account = "4711" }) == 0);
        assert(db_write(all.world->db, want_inspection, NULL) == 0);
        assert(work_begin(all.world->core, WORK_INSPECTION, all_formats, &order, &work) == 0);
        assert(order.kind == WORK_INSPECTION && work_write(work, &facts) == 0 && work_commit(work) == 0);
}

static void submit(void)
{
        struct intake_order order = { .queue = &all.queue,
                                      .actor = &all.ada,
                                      .title = TEXT_OF(TITLE),
                                      .format = TEXT_OF("application/pdf") };
        struct intake *intake;

        assert(intake_open(all.world->core, &order, &intake) == 0);
        assert(intake_write(intake, TEXT_OF("%PDF-1.4 something that is held")) == 0);
        assert(intake_commit(intake, &all.job) == 0);
        make_facts();
}

static int set_method_secret(struct db_tx *tx, void *context)
{
        struct buffer *sealed = context;

        return db_run(tx, all.world->tenant.id,
                      "UPDATE method SET secret = ?3 WHERE tenant_id = ?1 AND id = ?2",
                      DB_VALUES(db_id(&all.method.id), db_octets(sealed->at, sealed->len)), NULL);
}

static void make_method_secret(void)
{
        SCOPED(buffer_done) struct buffer sealed = BUFFER(256), bound = BUFFER(64);
        struct method methods[8];
        const struct tenant_entry *entry;
        size_t count;

        assert(method_list(all.world->core, all.world->tenant.id, methods, 8, &count) == 0 && count > 0);
        all.method = methods[0];
        buffer_add_string(&bound, "method");
        buffer_add(&bound, all.method.id.octets, ID_OCTETS);
        assert(tenant_entry_get(all.world->core, all.world->tenant.id, &entry) == 0);
        assert(tenant_seal(all.world->core, entry, buffer_text(&bound), TEXT_OF("client secret"), &sealed) ==
               0);
        assert(db_write(all.world->db, set_method_secret, &sealed) == 0);
}

static int add_mail(struct db_tx *tx, void *context)
{
        return mail_add(tx, context);
}

/* Something in every table that anything of a tenant's key is in. */
static void make_everything(struct core_world *world)
{
        struct person person = core_world_make_person(world, ADA, ROLE_PERSON);
        const struct mail_attachment file = { "a.csv", "text/csv", TEXT_OF("a") };
        struct mail_order order = { .to = "somebody@demo.example",
                                    .subject = "subject",
                                    .text = "text",
                                    .files = &file,
                                    .file_count = 1 };
        SCOPED(mail_done) struct mail mail = { 0 };
        uint8_t hash[32] = { 7 };
        char totp[TOTP_STRING], body[8];
        struct code code;
        int status;
        size_t length;

        all.world = world;
        all.ada = core_world_actor(world, &person);
        assert(person_set_password(world->core, &world->admin, world->tenant.id, all.ada.id,
                                   TEXT_OF(PASSWORD)) == 0);
        assert(person_set_pin(world->core, &world->admin, all.ada.id, TEXT_OF("314159")) == 0);
        all.queue = (struct queue){ .name = "pull", .kind = QUEUE_PULL, .accepting = true };
        assert(queue_make(world->core, &world->admin, world->tenant.id, &all.queue) == 0);
        submit();
        for (int i = 0; i < BADGES; i++)
                assert(add_badge(i) == 0);
        for (int i = 0; i < OLD_CODES; i++)
                assert(code_make(world->core, &world->admin, all.ada.id, 0, &code, all.code[i]) == 0);
        assert(totp_make(world->core, &all.ada, totp) == 0);
        core_world_run(world, "UPDATE totp SET confirmed_ms = 1 WHERE tenant_id = ?1");
        assert(recovery_make(world->core, &all.ada, all.recovery) == 0);
        /* Ada signs in without it here. */
        make_method_secret();
        see_printer();
        make_deposit();
        assert(mail_prepare(world->core, world->tenant.id, &order, &mail) == 0);
        assert(db_write(world->db, add_mail, &mail) == 0);
        all.outside = (struct outside_session){
                .tenant = world->tenant.id, .method = all.method.id, .person = all.ada.id, .name = "session"
        };
        assert(outside_session_keep(world->core, &all.outside, TEXT_OF("refresh"), TEXT_OF("id token")) == 0);
        assert(idempotency_begin(world->core, &all.ada, TEXT_OF("key"), hash, &status, body, sizeof(body),
                                 &length) == 0);
        assert(idempotency_end(world->core, &all.ada, TEXT_OF("key"), 201, TEXT_OF("answer")) == 0);
}

struct count {
        const struct carried *what;
        struct db_value older;
        int64_t rows;
};

static int count_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct count *count = context;
        int r = db_one(tx, all.world->tenant.id, count->what->count,
                       DB_VALUES(db_octets("", 0), count->older), &rows);

        if (r == 0)
                count->rows = db_rows_integer(&rows, 0);
        return r;
}

/* Of this kind, whatever the version; where version is given only what is older. */
static int64_t count_rows(const struct carried *what, uint32_t version)
{
        struct count count = { .what = what };
        uint8_t prefix[4];
        char pattern[16];

        snprintf(pattern, sizeof(pattern), "%u$%%", version);
        tenant_seal_prefix(version, prefix);
        count.older = what->form == CARRIED_FIELD      ? db_octets(prefix, sizeof(prefix))
                      : what->form == CARRIED_VERIFIER ? db_string(pattern)
                                                       : db_integer(version);
        assert(db_read(all.world->db, count_in, &count) == 0);
        return count.rows;
}

static struct key_exchange exchange_now(void)
{
        static struct key_state state;

        assert(keys_state(all.world->core, &all.world->admin, &state) == 0);
        assert(state.version_count == (state.exchange.version ? 2 : 1));
        return state.exchange;
}

/* Whoever has read something has used it: what settling means, however slow this machine is just now. */
static void settle(void)
{
        atomic_uint *const counts[] = { &all.swipes, &all.sign_ins, &all.reads };
        unsigned before[ARRAY_LENGTH(counts)];

        for (size_t i = 0; i < ARRAY_LENGTH(counts); i++)
                before[i] = *counts[i];
        for (size_t i = 0; all.is_busy && i < ARRAY_LENGTH(counts); i++)
                while (*counts[i] == before[i])
                        clock_pause(1);
}

static void exchange_to_the_end(void)
{
        int64_t until = clock_monotonic_ms() + 60000;

        while (exchange_now().version) {
                bool more = false;

                assert(core_chore(all.world->core, &more) == 0);
                assert(clock_monotonic_ms() < until);
                if (!more)
                        settle();
        }
}

static void keeper_runs(struct core_world *world, const char *option, int expected)
{
        int status;

        assert(waitpid(core_world_run_keeper(world, option), &status, 0) > 0);
        assert(WIFEXITED(status) && WEXITSTATUS(status) == expected);
}

static void exchange_master(struct core_world *world, uint64_t expected)
{
        uint64_t count;

        keeper_runs(world, "--rotate-master", 0);
        keeper_runs(world, "--rotate-master", 1); /* one at a time */
        assert(keys_follow_master(world->core, &count) == 0 && count == expected);
        assert(keys_follow_master(world->core, &count) == 0 && count == 0);
        settle();
        keeper_runs(world, "--forget-old-master", 0);
        keeper_runs(world, "--forget-old-master", 1);
}

static void nobody_notices_that_keys_are_exchanged(struct core_world *world)
{
        void *(*const runs[])(void *) = { swipe_on, sign_in_on, read_on };
        pthread_t threads[ARRAY_LENGTH(runs)];

        for (size_t i = 0; i < ARRAY_LENGTH(runs); i++)
                assert(pthread_create(&threads[i], NULL, runs[i], NULL) == 0);
        all.is_busy = true;
        for (uint32_t i = 0; i < ROTATIONS; i++) {
                assert(keys_rotate(world->core, &world->admin) == 0);
                assert(keys_rotate(world->core, &world->admin) == CORE_TAKEN);
                exchange_master(world, 2);
                exchange_to_the_end();
        }
        all.is_busy = false;
        all.is_over = true;
        for (size_t i = 0; i < ARRAY_LENGTH(runs); i++)
                pthread_join(threads[i], NULL);
        printf("%u swipes, %u sign-ins, %u reads while %d tenant and master keys were exchanged, none failed\n",
               all.swipes, all.sign_ins, all.reads, ROTATIONS);
        assert(all.swipes > 100 && all.reads > 20 && all.sign_ins > 2);
}

/* What somebody took away before: the row of a backup, all that it opened, and the look-up of a badge. */
static struct {
        struct keys_tenant keys;
        struct field_key field;
        struct secret document;
        struct keys_document names;
        struct wrapped_key wrapped;
        struct marks badge;
} taken;

static void take_all_there_is(struct core_world *world)
{
        const struct tenant_entry *entry;
        struct document document;
        struct badge_number number;
        char string[16];

        assert(tenant_entry_get(world->core, world->tenant.id, &entry) == 0);
        taken.keys = *keys_newest(entry);
        taken.field = entry->field_keys[0];
        assert(db_read(world->db, find_document, &document) == 0);
        taken.names = (struct keys_document){ all.job.id, KEYS_ORIGINAL, document.expiry_day };
        taken.wrapped = document.wrapped;
        badge_number(3, string);
        assert(badge_number_read(world->core, world->tenant.id, text_from(string), &number) == 0);
        taken.badge = number.marks;
}

struct
try {
        const struct carried *what;
        size_t rows;
};

/* With the key that was taken, whatever the row says of its version. */
static int try_fields(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct try *try = context;
        int r = db_find(tx, all.world->tenant.id, try->what->find,
                        DB_VALUES(db_octets("", 0), db_octets("\377\377\377\377", 4), db_integer(100)),
                        &rows);

        while (r == 0 && db_rows_next(&rows, &r)) {
                SCOPED(buffer_done) struct buffer bound = BUFFER(1024), plain = BUFFER(FIELD_MAX);
                struct text sealed = db_rows_text(&rows, 2);

                try->what->bind(all.world->tenant.id, db_rows_text(&rows, 0), db_rows_text(&rows, 1), &bound);
                sealed = text_from_octets(sealed.at + 4, sealed.len - 4);
                assert(field_open(&taken.field.key, buffer_text(&bound), sealed, &plain) == FIELD_WRONG);
                try->rows++;
        }
        return r;
}

static void the_old_key_is_good_for_nothing(struct core_world *world)
{
        struct secret key;
        struct look look = { .number.marks = taken.badge };
        uint8_t mark[KEYS_MAC_OCTETS];

        for (size_t i = 0; i < carried_count; i++) {
                struct try try = { .what = &carried[i] };

                if (carried[i].form != CARRIED_FIELD)
                        continue;
                assert(db_read(world->db, try_fields, &try) == 0 && try.rows > 0);
        }
        assert(db_read(world->db, look_in, &look) == CORE_NOT_FOUND);
        /* The keeper, asked with the row out of the backup. */
        assert(keys_field_key(world->keys, &taken.keys, &key) == KEYS_DESTROYED);
        assert(keys_card_mac(world->keys, &taken.keys, TEXT_OF("04b0000001"), mark) == KEYS_DESTROYED);
        assert(keys_tenant_rewrap(world->keys, &taken.keys, &taken.wrapped) == KEYS_DESTROYED);
        assert(keys_document_open(world->keys, &taken.keys, &taken.names, &taken.wrapped, KEYS_FOR_ARM,
                                  &key) == KEYS_DESTROYED);
}

/* A process that does nothing but to carry rows over, and tells of each step. */
static pid_t carry_in_a_process(struct core_world *world, int told)
{
        pid_t pid = fork();

        assert(pid >= 0);
        if (pid)
                return pid;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        core_world_open_core(world);
        for (;;) {
                bool more = false;

                assert(core_chore(world->core, &more) == 0);
                if (more)
                        assert(write(told, "s", 1) == 1);
        }
}

static void a_kill_in_the_middle_is_gone_on_from(struct core_world *world)
{
        struct key_exchange exchange;
        int pipes[2], steps = 0;
        char octet;
        pid_t pid;

        take_all_there_is(world);
        for (size_t i = 0; i < carried_count; i++)
                assert(count_rows(&carried[i], UINT32_MAX) > 0 || strcmp(carried[i].name, "enrolments") == 0);
        assert(keys_rotate(world->core, &world->admin) == 0);
        core_world_close_core(world);
        assert(pipe(pipes) == 0);
        pid = carry_in_a_process(world, pipes[1]);
        while (steps < 3 && read(pipes[0], &octet, 1) == 1)
                steps++;
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        close(pipes[0]);
        close(pipes[1]);

        core_world_open_core(world);
        exchange = exchange_now();
        printf("killed after %lld of %lld rows\n", (long long)exchange.carried, (long long)exchange.rows);
        assert(exchange.version && exchange.carried > 0 && exchange.carried < exchange.rows);
        /* Half of it is under each: everything is found and read. */
        for (int i = 0; i < BADGES; i++)
                swipe(i);
        sign_in_both_ways();
        read_title_and_document();
        read_the_rest();
        exchange_to_the_end();
        for (int i = 0; i < BADGES; i++)
                swipe(i);
        sign_in_both_ways();
        read_title_and_document();
        read_the_rest();
}

static void codes_from_before_are_good_once(struct core_world *world)
{
        struct id person;
        uint32_t version = taken.keys.version + 1;

        for (int i = 0; i < OLD_CODES; i++) {
                assert(code_use(world->core, world->tenant.id, text_from(all.code[i]), &person) == 0);
                assert(id_equal(person, all.ada.id));
                assert(code_use(world->core, world->tenant.id, text_from(all.code[i]), &person) ==
                       CORE_WRONG_CREDENTIALS);
        }
        assert(recovery_show(world->core, &all.ada, text_from(all.recovery[0])) == 0);
        assert(recovery_show(world->core, &all.ada, text_from(all.recovery[0])) == CORE_WRONG_CREDENTIALS);
        for (size_t i = 0; i < carried_count; i++)
                assert(count_rows(&carried[i], version) == 0);
}

static void an_administrator_alone_exchanges_keys(struct core_world *world)
{
        static struct key_state state;

        assert(keys_state(world->core, &all.ada, &state) == CORE_FORBIDDEN);
        assert(keys_rotate(world->core, &all.ada) == CORE_FORBIDDEN);
        assert(keys_state(world->core, &world->admin, &state) == 0);
        assert(state.version_count == 1 && state.versions[0].version == ROTATIONS + 2);
        assert(state.versions[0].documents == 1);
}

static int insert_many(struct db_tx *tx, void *context)
{
        struct core_world *world = context;

        for (int i = 0; i < TENANTS; i++) {
                struct keys_tenant keys;
                struct id id = id_new();
                char name[32];
                uint64_t master;

                snprintf(name, sizeof(name), "tenant-%d", i);
                assert(keys_tenant_make(world->keys, id, 1, &keys, &master) == 0);
                assert(db_run(tx, id,
                              "INSERT INTO tenant (id, name, title, company_code, company_code_folded, state,"
                              " is_operators, plan, is_over_plan, inside, outside, held_ms, printed_ms, next_job,"
                              " jobs_held, octets_kept, hour, hour_jobs, created_ms) VALUES (?1, ?2, '', ?2, ?2,"
                              " 'active', 0, '', 0, '', 'nothing', 1000, 0, 1, 0, 0, 0, 0, 1)",
                              DB_VALUES(db_string(name)), NULL) == 0);
                assert(tenant_key_insert(tx, &keys, master) == 0);
        }
        return 0;
}

static void ten_thousand_tenants_follow_in_a_second(struct core_world *world)
{
        int64_t from_ms, took_ms;
        uint64_t count;

        assert(db_write(world->db, insert_many, world) == 0);
        keeper_runs(world, "--rotate-master", 0);
        from_ms = clock_monotonic_ms();
        assert(keys_follow_master(world->core, &count) == 0);
        took_ms = clock_monotonic_ms() - from_ms;
        printf("%llu tenant keys wrapped by another master key in %lld ms\n", (unsigned long long)count,
               (long long)took_ms);
        assert(count == TENANTS + 1);
        /* A second on an idle machine; tests share theirs. */
        assert(took_ms < 10000);
        keeper_runs(world, "--forget-old-master", 0);
}

int main(void)
{
        static struct core_world world;

        log_init("test-tenant-keys", LOG_ERROR);
        world.settings = core_settings_default();
        world.settings.password_memory_octets = 8 << 20;
        world.settings.password_passes = 1;
        world.settings.password_cache_ms = 0;
        world.settings.has_mail = true;
        world.settings.key_settle_ms = 1000;
        core_world_open(&world);
        make_everything(&world);
        nobody_notices_that_keys_are_exchanged(&world);
        a_kill_in_the_middle_is_gone_on_from(&world);
        the_old_key_is_good_for_nothing(&world);
        codes_from_before_are_good_once(&world);
        an_administrator_alone_exchanges_keys(&world);
        ten_thousand_tenants_follow_in_a_second(&world);
        core_world_close(&world);
        return 0;
}
