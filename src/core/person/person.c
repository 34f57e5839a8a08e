// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/person.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/sign-in/session.h"
#include "core/state.h"
#include "crypt/password.h"

#define COLUMNS                                                                                                      \
        "SELECT p.id, p.email, p.name, p.role, p.disabled, p.password IS NOT NULL, p.pin IS NOT NULL, p.created_ms," \
        " (SELECT count(*) FROM badge b WHERE b.tenant_id = p.tenant_id AND b.person_id = p.id), p.department,"      \
        " p.password_until_ms > 0, p.pin_given AND p.pin IS NOT NULL, p.asks_company,"                               \
        " p.role_method_id IS NOT NULL, p.guest_until_ms FROM person p WHERE p.tenant_id = ?1"

static void read_person(struct db_rows *rows, void *item)
{
        struct person *ret = item;

        ret->id = db_rows_id(rows, 0);
        db_rows_string(rows, 1, ret->email, sizeof(ret->email));
        db_rows_string(rows, 2, ret->name, sizeof(ret->name));
        ret->role = (enum role)db_rows_integer(rows, 3);
        ret->disabled = db_rows_integer(rows, 4);
        ret->has_password = db_rows_integer(rows, 5);
        ret->has_pin = db_rows_integer(rows, 6);
        ret->created_ms = db_rows_integer(rows, 7);
        ret->badges = (uint32_t)db_rows_integer(rows, 8);
        db_rows_string(rows, 9, ret->department, sizeof(ret->department));
        ret->password_given = db_rows_integer(rows, 10);
        ret->pin_given = db_rows_integer(rows, 11);
        ret->asks_company = db_rows_integer(rows, 12);
        ret->role_from_groups = db_rows_integer(rows, 13);
        ret->guest_until_ms = db_rows_integer(rows, 14);
}

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct id id;
        const char *email;
        const struct person_change *change;
        struct person person;
        char secret[VERIFIER_STRING];
        bool is_pin;
        bool is_given; /* by somebody else than whose it is */
        char before[VERIFIER_STRING];
};

static int ask_company_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = db_run(tx, c->tenant, "UPDATE person SET asks_company = ?3 WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&c->id), db_integer(c->person.asks_company)), NULL);

        return r ? fold(r)
                 : event_add(tx, c->tenant, c->actor, "person-changed", c->id,
                             c->person.asks_company ? "company-code=always" : "company-code=sometimes");
}

int person_ask_company(struct core *core, const struct actor *actor, bool always)
{
        struct context c = {
                .actor = actor, .tenant = actor->tenant, .id = actor->id, .person.asks_company = always
        };

        if (actor->kind != ACTOR_PERSON || !actor_may(actor, RIGHT_SESSIONS, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        return db_write(core->db, ask_company_in, &c);
}

int person_row_find(struct db_tx *tx, struct id tenant, struct id id, struct person *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, COLUMNS " AND p.id = ?2", DB_VALUES(db_id(&id)), &rows);

        if (r == 0)
                read_person(&rows, ret);
        return r;
}

int person_row_find_by_email(struct db_tx *tx, struct id tenant, const char *email, struct person *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, COLUMNS " AND p.email = ?2", DB_VALUES(db_string(email)), &rows);

        if (r == 0)
                read_person(&rows, ret);
        return r;
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        if (c->email)
                r = person_row_find_by_email(tx, c->tenant, c->email, &c->person);
        else
                r = person_row_find(tx, c->tenant, c->id, &c->person);
        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

int person_insert(struct db_tx *tx, struct id tenant, const struct actor *actor, const struct person *p,
                  const char *detail)
{
        int r;

        r = db_run(
                tx, tenant,
                "INSERT INTO person (tenant_id, id, email, name, department, role, disabled, secrets_version,"
                " jobs_waiting, created_ms, role_by_hand) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 1, 0, ?7, ?8)",
                DB_VALUES(db_id(&p->id), db_string(p->email), db_string(p->name), db_string(p->department),
                          db_integer(p->role), db_integer(p->created_ms), db_integer(p->role != ROLE_PERSON)),
                NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        return event_add(tx, tenant, actor, "person-made", p->id, detail);
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return person_insert(tx, c->tenant, c->actor, &c->person, "");
}

/* Machines are made by core itself; only operators make operators, for they reach every tenant. */
static bool may_give(const struct actor *actor, enum role role)
{
        if (!actor || role == ROLE_PERSON)
                return true;
        if (role >= ROLE_MACHINE)
                return false;
        if (role == ROLE_OPERATOR && !actor_may(actor, RIGHT_OPERATORS, whose_service()))
                return false;
        return actor_may(actor, RIGHT_PEOPLE_ROLE, whose_tenant());
}

int person_make(struct core *core, const struct actor *actor, struct id tenant, struct text email,
                struct text name, enum role role, struct person *ret)
{
        struct context c = { .core = core, .actor = actor, .tenant = tenant };

        if (actor && !actor_may(actor, RIGHT_PEOPLE_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!may_give(actor, role))
                return CORE_FORBIDDEN;
        if (!email_fold(email, c.person.email) || !text_is_printable(name) ||
            !text_copy(name, c.person.name, sizeof(c.person.name)))
                return CORE_BAD_VALUE;
        c.person.id = id_new();
        c.person.role = role;
        c.person.created_ms = clock_unix_ms();
        *ret = c.person;
        return db_write(core->db, make_in, &c);
}

static bool may_see(const struct actor *actor, struct id id)
{
        return actor_may(actor, id_equal(actor->id, id) ? RIGHT_ME : RIGHT_PEOPLE_READ, whose_person(id));
}

int person_find(struct core *core, const struct actor *actor, struct id id, struct person *ret)
{
        struct context c = { .tenant = actor->tenant, .id = id };
        int r;

        if (!may_see(actor, id))
                return CORE_NOT_FOUND;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.person;
        return r;
}

int person_find_by_email(struct core *core, const struct actor *actor, struct text email, struct person *ret)
{
        struct context c = { .tenant = actor->tenant };
        char folded[CORE_EMAIL];
        int r;

        if (!email_fold(email, folded))
                return CORE_NOT_FOUND;
        c.email = folded;
        r = db_read(core->db, find_in, &c);
        if (r)
                return r;
        if (!may_see(actor, c.person.id))
                return CORE_NOT_FOUND;
        *ret = c.person;
        return 0;
}

/* The words as a pattern for LIKE, in which they mean nothing but themselves. */
static void make_pattern(struct text words, char ret[2 * PERSON_WORDS + 3])
{
        size_t len = 0;

        ret[len++] = '%';
        for (size_t i = 0; i < words.len && i < PERSON_WORDS; i++) {
                if (strchr("%_\\", words.at[i]))
                        ret[len++] = '\\';
                ret[len++] = words.at[i];
        }
        ret[len++] = '%';
        ret[len] = 0;
}

int person_search(struct core *core, const struct actor *actor, const struct person_search *search,
                  struct id after, struct person *ret, size_t max, size_t *ret_count)
{
        char pattern[2 * PERSON_WORDS + 3];
        struct listing people = {
                .tenant = actor->tenant,
                .sql = COLUMNS
                " AND p.id > ?2 AND (?5 IS NULL OR p.role = ?5) AND (lower(p.email) LIKE lower(?4) ESCAPE '\\'"
                " OR lower(p.name) LIKE lower(?4) ESCAPE '\\' OR lower(p.department) LIKE lower(?4) ESCAPE '\\')"
                " ORDER BY p.id LIMIT ?3",
                .after = after,
                .read = read_person,
                LISTING_INTO(ret, max),
        };

        if (!actor_may(actor, RIGHT_PEOPLE_LIST, whose_tenant()))
                return CORE_FORBIDDEN;
        make_pattern(search->words, pattern);
        const struct db_value values[] = { db_string(pattern),
                                           search->role ? db_integer(*search->role) : db_null() };
        people.values = values;
        people.value_count = ARRAY_LENGTH(values);
        return listing_find(core, &people, ret_count);
}

int person_list(struct core *core, const struct actor *actor, struct id after, struct person *ret, size_t max,
                size_t *ret_count)
{
        struct listing people = { .tenant = actor->tenant,
                                  .sql = COLUMNS " AND p.id > ?2 ORDER BY p.id LIMIT ?3",
                                  .after = after,
                                  .read = read_person,
                                  LISTING_INTO(ret, max) };

        if (!actor_may(actor, RIGHT_PEOPLE_LIST, whose_tenant()))
                return CORE_FORBIDDEN;
        return listing_find(core, &people, ret_count);
}

/* A tenant without an administrator could never get one again; likewise the service without an operator. */
static int keeps_one(struct db_tx *tx, const struct context *c, enum role role)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        if (role != ROLE_ADMINISTRATOR && role != ROLE_OPERATOR)
                return 0;
        r = db_one(
                tx, c->tenant,
                "SELECT 1 FROM person WHERE tenant_id = ?1 AND role = ?2 AND disabled = 0 AND id <> ?3 LIMIT 1",
                DB_VALUES(db_integer(role), db_id(&c->id)), &rows);
        return r == DB_NO_ROW ? CORE_BAD_VALUE : fold(r);
}

/* Finds him for a change; an operator is changed by himself and by operators, whatever else somebody is. */
static int find_to_change(struct db_tx *tx, struct context *c)
{
        int r = find_in(tx, c);

        if (r)
                return r;
        if (c->person.role == ROLE_OPERATOR && c->actor && !id_equal(c->actor->id, c->person.id) &&
            !actor_may(c->actor, RIGHT_OPERATORS, whose_service()))
                return CORE_FORBIDDEN;
        return 0;
}

/* What was changed, not to what: an address in an event would outlive its owner's erasure. */
static const char *change_words(const struct person_change *change)
{
        if (change->disabled)
                return *change->disabled ? "disabled=yes" : "disabled=no";
        return change->email ? "email=changed" : "";
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct person_change *change = c->change;
        enum role was;
        int r;

        r = find_to_change(tx, c);
        if (r)
                return r;
        was = c->person.disabled ? ROLE_PERSON : c->person.role;
        if (change->name && !text_copy(text_from(change->name), c->person.name, sizeof(c->person.name)))
                return CORE_BAD_VALUE;
        if (change->email && !email_fold(text_from(change->email), c->person.email))
                return CORE_BAD_VALUE;
        if (change->department &&
            !text_copy(text_from(change->department), c->person.department, sizeof(c->person.department)))
                return CORE_BAD_VALUE;
        if (change->role) {
                c->person.role = change->role_by_groups ? ROLE_PERSON : *change->role;
                c->person.role_from_groups = false;
        }
        if (change->disabled)
                c->person.disabled = *change->disabled;
        if (c->person.role != was || c->person.disabled) {
                r = keeps_one(tx, c, was);
                if (r)
                        return r;
        }
        r = db_run(tx, c->tenant,
                   "UPDATE person SET name = ?3, role = ?4, disabled = ?5, department = ?6, email = ?7,"
                   " secrets_version = secrets_version + 1 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id), db_string(c->person.name), db_integer(c->person.role),
                             db_integer(c->person.disabled), db_string(c->person.department),
                             db_string(c->person.email)),
                   NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        if (change->role) {
                r = db_run(tx, c->tenant,
                           "UPDATE person SET role_by_hand = ?3, role_method_id = NULL WHERE tenant_id = ?1"
                           " AND id = ?2",
                           DB_VALUES(db_id(&c->id), db_integer(!change->role_by_groups)), NULL);
                if (r)
                        return fold(r);
        }
        r = c->person.disabled ? person_end_everything(tx, c->tenant, c->id) : 0;
        return r ? r : event_add(tx, c->tenant, c->actor, "person-changed", c->id, change_words(change));
}

int person_change(struct core *core, const struct actor *actor, struct id id,
                  const struct person_change *change, struct person *ret)
{
        struct context c = {
                .core = core, .actor = actor, .tenant = actor->tenant, .id = id, .change = change
        };
        int r;

        if (!actor_may(actor, RIGHT_PEOPLE_CHANGE, whose_tenant()) ||
            (change->role && !may_give(actor, *change->role)))
                return CORE_FORBIDDEN;
        if ((change->name && !text_is_printable(text_from(change->name))) ||
            (change->department && !text_is_printable(text_from(change->department))))
                return CORE_BAD_VALUE;
        r = db_write(core->db, change_in, &c);
        if (r == 0)
                *ret = c.person;
        return r;
}

/* Deletes what belongs to him, whatever it is, in the order of the foreign keys. */
static int delete_rows(struct db_tx *tx, const struct context *c)
{
        static const char *const statements[] = {
                "UPDATE tenant SET jobs_held = jobs_held - (SELECT jobs_waiting FROM person WHERE tenant_id = ?1 AND"
                " id = ?2), octets_kept = octets_kept - (SELECT coalesce(sum(d.sealed_octets), 0) FROM document d"
                " JOIN job j ON j.tenant_id = d.tenant_id AND j.id = d.job_id WHERE d.tenant_id = ?1"
                " AND j.owner_id = ?2) WHERE id = ?1",
                "DELETE FROM accounting WHERE tenant_id = ?1 AND owner_id = ?2",
                "DELETE FROM work WHERE tenant_id = ?1 AND owner_id = ?2",
                "DELETE FROM inspection WHERE tenant_id = ?1 AND job_id IN"
                " (SELECT id FROM job WHERE tenant_id = ?1 AND owner_id = ?2)",
                "DELETE FROM rendition WHERE tenant_id = ?1 AND job_id IN"
                " (SELECT id FROM job WHERE tenant_id = ?1 AND owner_id = ?2)",
                "DELETE FROM document WHERE tenant_id = ?1 AND job_id IN"
                " (SELECT id FROM job WHERE tenant_id = ?1 AND owner_id = ?2)",
                "DELETE FROM delivery WHERE tenant_id = ?1 AND job_id IN"
                " (SELECT id FROM job WHERE tenant_id = ?1 AND owner_id = ?2)",
                "DELETE FROM home WHERE tenant_id = ?1 AND job_id IN"
                " (SELECT id FROM job WHERE tenant_id = ?1 AND owner_id = ?2)",
                "UPDATE queue SET jobs_waiting = jobs_waiting - (SELECT count(*) FROM job j WHERE j.tenant_id = ?1"
                " AND j.owner_id = ?2 AND j.queue_id = queue.id AND j.state IN ('receiving', 'held', 'releasing'))"
                " WHERE tenant_id = ?1",
                "DELETE FROM job WHERE tenant_id = ?1 AND owner_id = ?2",
                "DELETE FROM release WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM token WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM session WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM client_grant WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM grant_code WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM device_code WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM client WHERE tenant_id = ?1 AND account_id = ?2",
                "DELETE FROM totp WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM recovery_code WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM passkey WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM one_time_code WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM known_source WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM ticket_default WHERE tenant_id = ?1 AND kind = 3 AND owner_id = ?2",
                "DELETE FROM machine_queue WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM machine WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM report_schedule WHERE tenant_id = ?1 AND (person_id = ?2 OR asked_id = ?2)",
                "DELETE FROM report_total WHERE tenant_id = ?1 AND kind = 1 AND subject_id = ?2",
                "DELETE FROM favourite WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM delegate WHERE tenant_id = ?1 AND (owner_id = ?2 OR person_id = ?2)",
                "DELETE FROM site_administrator WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM badge WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM submitter WHERE tenant_id = ?1 AND person_id = ?2",
                "UPDATE refused_deposit SET claimed_id = NULL WHERE tenant_id = ?1 AND claimed_id = ?2",
                "UPDATE refused_deposit SET person_id = NULL WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM panel_guest WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM badge_wait WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM roster_absence WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM outside_identity WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM membership WHERE tenant_id = ?1 AND person_id = ?2",
                ("DELETE FROM mail_part WHERE tenant_id = ?1 AND mail_id IN"
                 " (SELECT id FROM mail_out WHERE tenant_id = ?1 AND about_id = ?2)"),
                "DELETE FROM mail_out WHERE tenant_id = ?1 AND about_id = ?2",
                "DELETE FROM registration WHERE tenant_id = ?1 AND id = ?2",
                "DELETE FROM enrolment WHERE tenant_id = ?1 AND person_id = ?2",
                "DELETE FROM person WHERE tenant_id = ?1 AND id = ?2",
        };

        for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
                int r = db_run(tx, c->tenant, statements[i], DB_VALUES(db_id(&c->id)), NULL);

                if (r)
                        return fold(r);
        }
        return 0;
}

static int has_armed(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, c->tenant,
                "SELECT 1 FROM job j JOIN delivery d ON d.tenant_id = j.tenant_id AND d.id = j.delivery_id"
                " WHERE j.tenant_id = ?1 AND j.owner_id = ?2 AND j.state IN ('receiving', 'held', 'releasing')"
                " AND d.state = 'armed' LIMIT 1",
                DB_VALUES(db_id(&c->id)), &rows);
        return r == DB_NO_ROW ? 0 : r ? fold(r) : CORE_BUSY;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_to_change(tx, c);
        if (r)
                return r;
        r = keeps_one(tx, c, c->person.role);
        if (r == 0)
                r = has_armed(tx, c);
        if (r)
                return r;
        r = delete_rows(tx, c);
        if (r)
                return r;
        return event_add(tx, c->tenant, c->actor, "person-deleted", c->id, "");
}

#define JOBS_ONCE PLACES_JOBS_MAX

struct removal {
        struct context context;
        struct id jobs[JOBS_ONCE];
        size_t count;
        struct places places;
};

/* From here on he sends nothing more, so that there is an end. */
static int disable_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_to_change(tx, c);
        if (r == 0)
                r = keeps_one(tx, c, c->person.role);
        if (r == 0)
                r = has_armed(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->tenant,
                   "UPDATE person SET disabled = 1, secrets_version = secrets_version + 1"
                   " WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        return r ? fold(r) : person_end_everything(tx, c->tenant, c->id);
}

static int find_documents(struct db_tx *tx, struct removal *removal)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        removal->count = 0;
        r = db_find(
                tx, removal->context.tenant,
                "SELECT j.id FROM job j WHERE j.tenant_id = ?1 AND j.owner_id = ?2 AND EXISTS"
                " (SELECT 1 FROM document d WHERE d.tenant_id = ?1 AND d.job_id = j.id UNION ALL"
                " SELECT 1 FROM stay s WHERE s.tenant_id = ?1 AND s.job_id = j.id AND s.box IS NOT NULL) LIMIT ?3",
                DB_VALUES(db_id(&removal->context.id), db_integer(JOBS_ONCE)), &rows);
        if (r)
                return fold(r);
        while (removal->count < JOBS_ONCE && db_rows_next(&rows, &r))
                removal->jobs[removal->count++] = db_rows_id(&rows, 0);
        return fold(r);
}

static int delete_documents_in(struct db_tx *tx, void *context)
{
        struct removal *removal = context;
        int r;

        removal->places.count = 0;
        r = has_armed(tx, &removal->context);
        if (r == 0)
                r = find_documents(tx, removal);
        for (size_t i = 0; r == 0 && i < removal->count; i++)
                r = document_delete(tx, removal->context.tenant, removal->jobs[i], &removal->places);
        return r;
}

/* First his documents, some at a time, with their octets; then all that is left of him, in one transaction.
 */
int person_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct removal removal = {
                .context = { .core = core, .actor = actor, .tenant = actor->tenant, .id = id }
        };
        int r;

        if (!actor_may(actor, RIGHT_PERSON_ERASE, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_write(core->db, disable_in, &removal.context);
        if (r)
                return r;
        do {
                r = db_write(core->db, delete_documents_in, &removal);
                if (r)
                        return r;
                places_free(core, &removal.places);
        } while (removal.count == JOBS_ONCE);
        return db_write(core->db, delete_in, &removal.context);
}

static int set_secret_in(struct db_tx *tx, void *context)
{
        static const char password[] =
                "UPDATE person SET password = ?3, password_until_ms = ?4, secrets_version = secrets_version + 1"
                " WHERE tenant_id = ?1 AND id = ?2";
        static const char pin[] =
                "UPDATE person SET pin = ?3, pin_given = ?4 <> 0, secrets_version = secrets_version + 1"
                " WHERE tenant_id = ?1 AND id = ?2";
        struct context *c = context;
        int64_t until_ms = c->is_given ? clock_unix_ms() + c->core->settings.code_ms : 0;
        int r;

        r = find_to_change(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->tenant, c->is_pin ? pin : password,
                   DB_VALUES(db_id(&c->id), db_string(c->secret), db_integer(until_ms)), NULL);
        if (r)
                return fold(r);
        /* Whoever came in with the old password is out; the one who sets the new one stays. */
        if (!c->is_pin) {
                r = session_end_within(tx, c->tenant, c->id, c->actor ? c->actor->session : (struct id){ 0 });
                if (r == 0)
                        r = grant_end_all(tx, c->tenant, c->id);
                if (r)
                        return r;
        }
        return event_add(tx, c->tenant, c->actor, c->is_pin ? "pin-set" : "password-set", c->id,
                         c->is_given ? "by=another" : "");
}

/* The one that somebody else knows; "" where there is none. */
static int find_given_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant,
                   "SELECT password FROM person WHERE tenant_id = ?1 AND id = ?2 AND password_until_ms > 0",
                   DB_VALUES(db_id(&c->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        db_rows_string(&rows, 0, c->before, sizeof(c->before));
        return 0;
}

/* Setting the very one again would keep it known to two. */
static int check_is_another(struct context *c, const struct verifier_order *order)
{
        int r;

        if (!c->before[0])
                return 0;
        r = verifier_check(c->core, order, c->before);
        return r < 0 ? r : r == 0 ? CORE_KNOWN_PASSWORD : 0;
}

static int hash_secret(struct context *c, struct text secret)
{
        struct verifier_order order = { c->tenant, c->id, c->is_pin ? KEYS_PIN : KEYS_PASSWORD, secret };
        int r;

        r = password_gate_enter(c->core);
        if (r)
                return r;
        r = check_is_another(c, &order);
        if (r == 0)
                r = verifier_make(c->core, &order, c->secret);
        password_gate_leave(c->core);
        return r;
}

static int set_secret(struct context *c, struct text secret)
{
        enum right right = c->is_pin ? RIGHT_PIN : RIGHT_PASSWORD;
        int r;

        if (c->actor && !actor_may(c->actor, right, whose_some()))
                return CORE_FORBIDDEN;
        if (c->actor && !actor_may(c->actor, right, whose_person(c->id)))
                return CORE_NOT_FOUND;
        if (c->actor && !id_equal(c->actor->id, c->id))
                c->is_given = true;
        r = c->is_pin || c->is_given ? 0 : db_read(c->core->db, find_given_in, c);
        if (r == 0)
                r = hash_secret(c, secret);
        if (r)
                return r;
        r = db_write(c->core->db, set_secret_in, c);
        if (r)
                return r;
        return guesses_forget_account(c->core, text_from(c->person.email), c->is_pin);
}

/* His own address is what anybody would try first. */
static int judge(const struct context *c, struct text password)
{
        struct context found = { .tenant = c->tenant, .id = c->id };
        int r = db_read(c->core->db, find_in, &found);

        if (r && r != CORE_NOT_FOUND)
                return r;
        return password_judge(c->core, c->tenant, r ? NULL : found.person.email, password);
}

int person_set_password(struct core *core, const struct actor *actor, struct id tenant, struct id id,
                        struct text password)
{
        struct context c = { .core = core, .actor = actor, .tenant = tenant, .id = id };

        int r = judge(&c, password);

        return r ? r : set_secret(&c, password);
}

int person_set_first_password(struct core *core, struct id tenant, struct id id, struct text password)
{
        struct context c = { .core = core, .tenant = tenant, .id = id, .is_given = true };
        int r = judge(&c, password);

        return r ? r : set_secret(&c, password);
}

int person_hash_password(struct core *core, struct id tenant, struct id id, struct text password,
                         char ret[VERIFIER_STRING])
{
        struct context c = { .core = core, .tenant = tenant, .id = id };
        int r;

        r = judge(&c, password);
        if (r == 0)
                r = hash_secret(&c, password);
        if (r == 0)
                memcpy(ret, c.secret, VERIFIER_STRING);
        explicit_bzero(c.secret, sizeof(c.secret));
        return r;
}

bool person_pin_is_good(struct text pin)
{
        for (size_t i = 0; i < pin.len; i++)
                if (pin.at[i] < '0' || pin.at[i] > '9')
                        return false;
        return pin.len >= 6 && pin.len <= 12;
}

int person_set_pin(struct core *core, const struct actor *actor, struct id id, struct text pin)
{
        struct context c = {
                .core = core, .actor = actor, .tenant = actor->tenant, .id = id, .is_pin = true
        };

        if (!person_pin_is_good(pin))
                return CORE_BAD_VALUE;
        return set_secret(&c, pin);
}
