// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/outside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/admission.h"
#include "core/trail/event.h"
#include "core/person/group.h"
#include "core/sign-in/outside-role.h"
#include "core/state.h"

#define MINUTE_MS 60000

/* One identity on its way in. */
struct arrival {
        struct id tenant;
        const struct outside_identity *identity;
        const struct outside_claims *claims;
        const struct outside_policy *policy;
        int64_t now;
        struct person person;
        const char *why_not; /* for the event of a refusal */
};

static bool identity_is_valid(const struct outside_identity *identity)
{
        return identity->subject.len > 0 && identity->subject.len < OUTSIDE_SUBJECT &&
               text_is_printable(identity->subject) && identity->issuer.len < OUTSIDE_ISSUER &&
               text_is_printable(identity->issuer) && !id_is_zero(identity->method);
}

static int refuse(struct arrival *a, int refusal, const char *why)
{
        a->why_not = why;
        return refusal;
}

/* DB_NO_ROW. */
static int identity_find(struct db_tx *tx, struct id tenant, const struct outside_identity *identity,
                         struct id *ret_person, int64_t *ret_seen_ms)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant,
                   "SELECT person_id, seen_ms FROM outside_identity"
                   " WHERE tenant_id = ?1 AND method_id = ?2 AND issuer = ?3 AND subject = ?4",
                   DB_VALUES(db_id(&identity->method), db_text(identity->issuer), db_text(identity->subject)),
                   &rows);
        if (r)
                return r;
        *ret_person = db_rows_id(&rows, 0);
        *ret_seen_ms = db_rows_integer(&rows, 1);
        return 0;
}

static int identity_insert(struct db_tx *tx, const struct arrival *a)
{
        const struct outside_identity *identity = a->identity;

        return fold(db_run(
                tx, a->tenant,
                "INSERT INTO outside_identity (tenant_id, method_id, issuer, subject, person_id, created_ms, seen_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                DB_VALUES(db_id(&identity->method), db_text(identity->issuer), db_text(identity->subject),
                          db_id(&a->person.id), db_integer(a->now)),
                NULL));
}

static int identity_seen(struct db_tx *tx, const struct arrival *a)
{
        const struct outside_identity *identity = a->identity;

        return fold(db_run(tx, a->tenant,
                           "UPDATE outside_identity SET seen_ms = ?5"
                           " WHERE tenant_id = ?1 AND method_id = ?2 AND issuer = ?3 AND subject = ?4",
                           DB_VALUES(db_id(&identity->method), db_text(identity->issuer),
                                     db_text(identity->subject), db_integer(a->now)),
                           NULL));
}

static struct text domain_of(const char *email)
{
        return text_from(strchr(email, '@') + 1);
}

/* Whether the domain of an address is proved to be the tenant's: DB_NO_ROW where not. */
static int domain_is_proved(struct db_tx *tx, struct id tenant, const char *email)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        return db_one(tx, tenant,
                      "SELECT 1 FROM tenant_domain WHERE tenant_id = ?1 AND name = ?2 AND proved_ms > 0",
                      DB_VALUES(db_text(domain_of(email))), &rows);
}

/* Whether people with that address may come by this method: DB_NO_ROW where not. */
static int domain_may_come(struct db_tx *tx, const struct arrival *a, const char *email)
{
        if (a->policy->domain_count == 0)
                return domain_is_proved(tx, a->tenant, email);
        for (size_t i = 0; i < a->policy->domain_count && i < OUTSIDE_DOMAINS_MAX; i++)
                if (text_equal_string(domain_of(email), a->policy->domains[i]))
                        return 0;
        return DB_NO_ROW;
}

/*
 * Whether the account already belongs to somebody else of this provider. An address that was given to a new
 * colleague must not bring him into the account of the old one: DB_NO_ROW where it belongs to nobody.
 */
static int is_somebody_elses(struct db_tx *tx, const struct arrival *a, struct id person)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        return db_one(tx, a->tenant,
                      "SELECT 1 FROM outside_identity WHERE tenant_id = ?1 AND person_id = ?2"
                      " AND method_id = ?3 LIMIT 1",
                      DB_VALUES(db_id(&person), db_id(&a->identity->method)), &rows);
}

/* Truth 2 of the header. */
static int link_account(struct db_tx *tx, struct arrival *a, const struct person *there)
{
        char detail[CORE_WORDS], method[ID_STRING];
        int r;

        if (!a->policy->links_by_email || !a->claims->email_verified)
                return refuse(a, CORE_TAKEN, "address-taken");
        r = domain_is_proved(tx, a->tenant, there->email);
        if (r == DB_NO_ROW)
                return refuse(a, CORE_TAKEN, "domain-not-proved");
        if (r)
                return fold(r);
        r = is_somebody_elses(tx, a, there->id);
        if (r == 0)
                return refuse(a, CORE_TAKEN, "address-taken");
        if (r != DB_NO_ROW)
                return fold(r);
        a->person = *there;
        r = identity_insert(tx, a);
        if (r)
                return r;
        id_format(a->identity->method, method);
        snprintf(detail, sizeof(detail), "method=%s", method);
        return event_add(tx, a->tenant, a->identity->who, "person-linked", a->person.id, detail);
}

static int make_account(struct db_tx *tx, struct arrival *a, const char *email)
{
        char detail[CORE_WORDS], method[ID_STRING];
        bool may;
        int r;

        if (!a->policy->creates)
                return refuse(a, CORE_FORBIDDEN, "unknown");
        r = address_rule_look(tx, a->tenant, email, &may, NULL);
        if (r)
                return r;
        if (!may)
                return refuse(a, CORE_FORBIDDEN, "address-rule");
        a->person = (struct person){ .id = id_new(), .role = ROLE_PERSON, .created_ms = a->now };
        memcpy(a->person.email, email, sizeof(a->person.email));
        id_format(a->identity->method, method);
        snprintf(detail, sizeof(detail), "method=%s", method);
        r = person_insert(tx, a->tenant, a->identity->who, &a->person, detail);
        return r ? fold(r) : identity_insert(tx, a);
}

/* Somebody who comes for the first time. */
static int welcome(struct db_tx *tx, struct arrival *a)
{
        char email[CORE_EMAIL];
        struct person there;
        int r;

        if (!email_fold(a->claims->email, email))
                return refuse(a, CORE_BAD_VALUE, "no-address");
        r = domain_may_come(tx, a, email);
        if (r == DB_NO_ROW)
                return refuse(a, CORE_FORBIDDEN, "domain");
        if (r)
                return fold(r);
        if (!a->claims->email_verified && !a->policy->trusts_email)
                return refuse(a, CORE_FORBIDDEN, "address-not-verified");
        r = person_row_find_by_email(tx, a->tenant, email, &there);
        if (r == 0)
                return link_account(tx, a, &there);
        return r == DB_NO_ROW ? make_account(tx, a, email) : fold(r);
}

/* What is not text, or too long, is not taken: the rest of him still is. */
static bool takes_words(struct text words, char *to, size_t size)
{
        char changed[CORE_TITLE];

        if (words.len == 0 || !text_is_printable(words) || !text_copy(words, changed, sizeof(changed)) ||
            strcmp(changed, to) == 0)
                return false;
        snprintf(to, size, "%s", changed);
        return true;
}

/* A new address is believed as far as one of a new account: verified, in a domain that may come, nobody's.
 * Otherwise the old one stays. */
static int take_address(struct db_tx *tx, struct arrival *a, bool *ret_changed)
{
        char email[CORE_EMAIL];
        struct person there;
        int r;

        if (!email_fold(a->claims->email, email) || strcmp(email, a->person.email) == 0 ||
            (!a->claims->email_verified && !a->policy->trusts_email))
                return 0;
        r = domain_may_come(tx, a, email);
        if (r == 0)
                r = person_row_find_by_email(tx, a->tenant, email, &there) == DB_NO_ROW ? 0 : DB_NO_ROW;
        if (r == DB_NO_ROW)
                return 0;
        if (r)
                return fold(r);
        memcpy(a->person.email, email, sizeof(email));
        *ret_changed = true;
        return 0;
}

/* Names that are none are left out, as the group's own rules have it. */
static int write_groups(struct db_tx *tx, const struct arrival *a)
{
        size_t count =
                a->claims->group_count < OUTSIDE_GROUPS_MAX ? a->claims->group_count : OUTSIDE_GROUPS_MAX;
        SCOPED(freep) char(*names)[CORE_TITLE] = calloc(count + 1, sizeof(*names));
        const char *list[OUTSIDE_GROUPS_MAX];
        size_t kept = 0;

        if (!names)
                return fault(-ENOMEM);
        for (size_t i = 0; i < count; i++)
                if (text_copy(a->claims->groups[i], names[kept], sizeof(names[0]))) {
                        list[kept] = names[kept];
                        kept++;
                }
        return group_set_from(tx, a->tenant, a->person.id, a->identity->method, list, kept);
}

static int write_claims(struct db_tx *tx, struct arrival *a)
{
        struct person *p = &a->person;
        bool changed = false;
        int r;

        r = take_address(tx, a, &changed);
        if (r)
                return r;
        changed |= takes_words(a->claims->name, p->name, sizeof(p->name));
        changed |= takes_words(a->claims->department, p->department, sizeof(p->department));
        if (!changed)
                return 0;
        r = db_run(
                tx, a->tenant,
                "UPDATE person SET email = ?3, name = ?4, department = ?5 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&p->id), db_string(p->email), db_string(p->name), db_string(p->department)),
                NULL);
        return r ? fold(r)
                 : event_add(tx, a->tenant, a->identity->who, "person-changed", p->id, "by=provider");
}

static int arrive(struct db_tx *tx, void *context)
{
        struct arrival *a = context;
        struct id person;
        int64_t seen_ms;
        int r;

        a->person = (struct person){ 0 };
        if (!identity_is_valid(a->identity))
                return refuse(a, CORE_BAD_VALUE, "no-subject");
        r = identity_find(tx, a->tenant, a->identity, &person, &seen_ms);
        if (r == DB_NO_ROW) {
                r = welcome(tx, a);
        } else if (r == 0) {
                r = fold(person_row_find(tx, a->tenant, person, &a->person));
                if (r == 0 && !a->person.disabled && a->now - seen_ms >= MINUTE_MS)
                        r = identity_seen(tx, a);
        } else {
                r = fold(r);
        }
        if (r)
                return r;
        if (a->person.disabled)
                return refuse(a, CORE_WRONG_CREDENTIALS, "disabled");
        r = write_claims(tx, a);
        if (r == 0 && a->claims->has_groups)
                r = write_groups(tx, a);
        return r ? r : outside_role_follow(tx, a->tenant, a->identity, a->claims, a->policy, &a->person);
}

int outside_take_in(struct db_tx *tx, struct id tenant, const struct outside_identity *identity,
                    const struct outside_claims *claims, const struct outside_policy *policy,
                    struct id *ret_id)
{
        struct arrival a = { .tenant = tenant,
                             .identity = identity,
                             .claims = claims,
                             .policy = policy,
                             .now = clock_unix_ms() };
        int r = arrive(tx, &a);

        if (r == 0 && ret_id)
                *ret_id = a.person.id;
        return r;
}

static int follow_in(struct db_tx *tx, void *context)
{
        int r = arrive(tx, context);

        return r > 0 ? 0 : r;
}

int outside_follow(struct core *core, struct id tenant, const struct outside_identity *identity,
                   const struct outside_claims *claims, const struct outside_policy *policy)
{
        struct outside_policy known = *policy;
        struct arrival a = { .tenant = tenant,
                             .identity = identity,
                             .claims = claims,
                             .policy = &known,
                             .now = clock_unix_ms() };

        /* A question in between neither makes an account nor takes one over. */
        known.creates = known.links_by_email = false;
        return db_write(core->db, follow_in, &a);
}

static int note_refusal(struct core *core, const struct arrival *a, int refusal)
{
        char detail[CORE_WORDS], method[ID_STRING];
        int r;

        core->sign_ins_refused++;
        id_format(a->identity->method, method);
        snprintf(detail, sizeof(detail), "method=%s reason=%s", method, a->why_not);
        r = event_note(core, a->tenant, a->identity->who, "sign-in-refused", a->person.id, detail);
        return r ? r : refusal;
}

int outside_sign_in(struct core *core, struct id tenant, const struct outside_identity *identity,
                    const struct outside_claims *claims, const struct outside_policy *policy,
                    struct person *ret)
{
        struct arrival a = { .tenant = tenant,
                             .identity = identity,
                             .claims = claims,
                             .policy = policy,
                             .now = clock_unix_ms() };
        int r = db_write(core->db, arrive, &a);

        if (r > 0)
                return note_refusal(core, &a, r);
        if (r == 0)
                *ret = a.person;
        return r;
}

struct look {
        struct id tenant;
        const struct outside_identity *identity;
        struct person *person;
        struct id person_id;
        const struct id *method;
        struct outside_known *to;
        size_t max, count;
};

static int find_in(struct db_tx *tx, void *context)
{
        struct look *look = context;
        struct id person;
        int64_t seen_ms;
        int r;

        r = identity_find(tx, look->tenant, look->identity, &person, &seen_ms);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        return fold(person_row_find(tx, look->tenant, person, look->person));
}

int outside_find(struct core *core, struct id tenant, const struct outside_identity *identity,
                 struct person *ret)
{
        struct look look = { .tenant = tenant, .identity = identity, .person = ret };

        return db_read(core->db, find_in, &look);
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct look *look = context;
        int r;

        look->count = 0;
        r = db_find(tx, look->tenant,
                    "SELECT method_id, issuer, subject, created_ms, seen_ms FROM outside_identity"
                    " WHERE tenant_id = ?1 AND person_id = ?2 AND (?3 IS NULL OR method_id = ?3)"
                    " ORDER BY method_id, issuer, subject LIMIT ?4",
                    DB_VALUES(db_id(&look->person_id), look->method ? db_id(look->method) : db_null(),
                              db_integer((int64_t)look->max)),
                    &rows);
        if (r)
                return fold(r);
        while (look->count < look->max && db_rows_next(&rows, &r)) {
                struct outside_known *known = &look->to[look->count++];

                known->method = db_rows_id(&rows, 0);
                db_rows_string(&rows, 1, known->issuer, sizeof(known->issuer));
                db_rows_string(&rows, 2, known->subject, sizeof(known->subject));
                known->made_ms = db_rows_integer(&rows, 3);
                known->seen_ms = db_rows_integer(&rows, 4);
        }
        return fold(r);
}

int outside_list(struct core *core, struct id tenant, struct id person, const struct id *method,
                 struct outside_known *ret, size_t max, size_t *ret_count)
{
        struct look look = { .tenant = tenant, .person_id = person, .method = method, .to = ret, .max = max };
        int r = db_read(core->db, list_in, &look);

        if (r == 0)
                *ret_count = look.count;
        return r;
}

int outside_forget_method(struct db_tx *tx, struct id tenant, struct id method)
{
        static const char *const statements[] = {
                "DELETE FROM outside_session WHERE tenant_id = ?1 AND method_id = ?2",
                "DELETE FROM outside_identity WHERE tenant_id = ?1 AND method_id = ?2",
                "DELETE FROM roster_absence WHERE tenant_id = ?1 AND method_id = ?2",
                "DELETE FROM roster_run WHERE tenant_id = ?1 AND method_id = ?2",
        };
        int r = outside_role_forget_method(tx, tenant, method);

        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = db_run(tx, tenant, statements[i], DB_VALUES(db_id(&method)), NULL);
        return fold(r);
}
