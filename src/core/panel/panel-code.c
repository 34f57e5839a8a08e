// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/panel/panel-code.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/grant.h"
#include "core/printer/printer.h"
#include "core/printer/printer-people.h"
#include "core/state.h"
#include "crypt/hash.h"

/* As device codes are made of: they are typed into the same field. */
#define DIGITS   "BCDFGHJKLMNPQRSTVWXZ"
#define MINUTES  10 /* after which an old code is one that never was */
#define GOOD_FOR 2  /* minutes, the running one included */

static int find_key(struct core *core, struct id tenant, struct secret *ret)
{
        const struct tenant_entry *entry;
        int r = tenant_entry_get(core, tenant, &entry);

        return r ? fold(r) : tenant_derive(core, entry, "codes of panels", ret);
}

static void format(const struct secret *key, struct id panel, int64_t minute, char ret[PANEL_CODE])
{
        uint8_t said[5 + ID_OCTETS + 8] = "panel", mac[HASH_OCTETS];
        uint64_t number = 0;

        memcpy(said + 5, panel.octets, ID_OCTETS);
        for (size_t i = 0; i < 8; i++)
                said[5 + ID_OCTETS + i] = (uint8_t)((uint64_t)minute >> (56 - 8 * i));
        hash_hmac(key->octets, SECRET_OCTETS, text_from_octets(said, sizeof(said)), mac);
        for (size_t i = 0; i < 8; i++)
                number = number << 8 | mac[i];
        for (size_t i = 0; i < 9; i++) {
                if (i == 4) {
                        ret[i] = '-';
                        continue;
                }
                ret[i] = DIGITS[number % 20];
                number /= 20;
        }
        ret[9] = 0;
}

int panel_code_make(struct core *core, const struct panel_place *place, int64_t now_ms, char ret[PANEL_CODE],
                    int64_t *ret_left_ms)
{
        SCOPED(secret_done) struct secret key = { 0 };
        int r = find_key(core, place->tenant, &key);

        if (r)
                return r;
        format(&key, place->panel, now_ms / PANEL_CODE_MS, ret);
        *ret_left_ms = PANEL_CODE_MS - now_ms % PANEL_CODE_MS;
        return 0;
}

struct looking {
        struct core *core;
        const struct actor *actor;
        char typed[PANEL_CODE];
        struct secret *key; /* while it is looked for */
        int64_t now;
        struct panel_place found;
        int age; /* in minutes; -1: it is nobody's */
        /* of a guest */
        struct id person;
        const char *method;
        const uint8_t *hash;
        char detail[CORE_WORDS];
};

static int age_of(const struct looking *look, struct id panel)
{
        char code[PANEL_CODE];

        for (int age = 0; age < MINUTES; age++) {
                format(look->key, panel, look->now / PANEL_CODE_MS - age, code);
                if (hash_equal(code, look->typed, PANEL_CODE - 1))
                        return age;
        }
        return -1;
}

/* All that are alive are compared: a tenant has some thousands at most, and one costs microseconds. */
static int look_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct looking *look = context;
        int r = db_find(tx, look->actor->tenant,
                        "SELECT id, printer_id FROM panel WHERE tenant_id = ?1 AND seen_ms > ?2",
                        DB_VALUES(db_integer(look->now - PANEL_LIVE_MS)), &rows);

        look->age = -1;
        while (r == 0 && look->age < 0 && db_rows_next(&rows, &r)) {
                struct id panel = db_rows_id(&rows, 0);

                look->age = age_of(look, panel);
                look->found = (struct panel_place){ look->actor->tenant, panel, db_rows_id(&rows, 1) };
        }
        return fold(r);
}

static int look_with_key(struct looking *look)
{
        SCOPED(secret_done) struct secret key = { 0 };
        int r = find_key(look->core, look->actor->tenant, &key);

        look->key = &key;
        if (r == 0)
                r = db_read(look->core->db, look_in, look);
        look->key = NULL;
        return r;
}

/* Counted as a wrong one before it is looked at; with the codes of devices, which are typed in the same
 * place. */
static int find_code(struct looking *look, struct text code)
{
        char folded[DEVICE_USER_CODE], subject[64] = "user-code ";
        int r, taken_back;

        if (!device_user_code_fold(code, folded))
                return CORE_NOT_FOUND;
        snprintf(look->typed, sizeof(look->typed), "%.4s-%.4s", folded, folded + 4);
        look->now = clock_unix_ms();
        id_format(look->actor->id, subject + strlen(subject));
        r = guess_begin(look->core, GUESS_CODE, text_from(subject));
        if (r)
                return r;
        r = look_with_key(look);
        if (r == 0 && look->age < 0)
                return CORE_NOT_FOUND;
        taken_back = guess_take_back(look->core, GUESS_CODE, text_from(subject));
        if (r == 0)
                r = taken_back;
        return r ? r : look->age < GOOD_FOR ? 0 : CORE_CODE_OLD;
}

/* To be signed in somewhere is like letting a device in. */
static bool may_say_yes(const struct actor *actor)
{
        return actor_may(actor, RIGHT_AUTHORIZE, whose_person(actor->id));
}

int panel_code_is_known(struct core *core, const struct actor *actor, struct text code, bool *ret)
{
        struct looking look = { .core = core, .actor = actor, .now = clock_unix_ms() };
        char folded[DEVICE_USER_CODE];
        int r;

        *ret = false;
        if (!device_user_code_fold(code, folded))
                return 0;
        snprintf(look.typed, sizeof(look.typed), "%.4s-%.4s", folded, folded + 4);
        r = look_with_key(&look);
        *ret = r == 0 && look.age >= 0;
        return r;
}

int panel_code_look(struct core *core, const struct actor *actor, struct text code, struct panel_place *ret)
{
        struct looking look = { .core = core, .actor = actor };
        int r = may_say_yes(actor) ? find_code(&look, code) : CORE_FORBIDDEN;

        if (r == 0)
                *ret = look.found;
        return r;
}

/* ---- guests ---- */

/* Nobody is signed in there. */
#define IS_IDLE                                                                \
        " NOT EXISTS (SELECT 1 FROM session s WHERE s.tenant_id = p.tenant_id" \
        " AND s.id = p.session_id AND s.expires_ms > ?3 AND s.seen_ms > ?4)"

static int let_in(struct db_tx *tx, struct looking *look)
{
        struct id tenant = look->found.tenant;
        int r = fold(
                db_run(tx, tenant,
                       "INSERT INTO panel_guest (tenant_id, panel_id, person_id, method, hash, expires_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, panel_id) DO UPDATE SET"
                       " person_id = ?3, method = ?4, hash = ?5, expires_ms = ?6",
                       DB_VALUES(db_id(&look->found.panel), db_id(&look->person), db_string(look->method),
                                 look->hash ? db_octets(look->hash, HASH_OCTETS) : db_null(),
                                 db_integer(look->now + PANEL_GUEST_MS)),
                       NULL));

        snprintf(look->detail, sizeof(look->detail), "method=%s", look->method);
        return r ? r : event_add(tx, tenant, look->actor, "panel-guest", look->found.panel, look->detail);
}

static int check_idle(struct db_tx *tx, const struct looking *look)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int64_t idle_ms = look->core->settings.session_panel_idle_ms;
        int r = db_one(
                tx, look->found.tenant,
                "SELECT 1 FROM panel p WHERE p.tenant_id = ?1 AND p.id = ?2 AND" IS_IDLE,
                DB_VALUES(db_id(&look->found.panel), db_integer(look->now), db_integer(look->now - idle_ms)),
                &rows);

        return r == DB_NO_ROW ? CORE_BUSY : fold(r);
}

static int check_use(struct db_tx *tx, const struct looking *look)
{
        struct printer printer;
        int r = printer_find_in(tx, look->found.tenant, look->found.printer, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return printer_check_use(tx, look->actor, &printer);
}

static int invite_in(struct db_tx *tx, void *context)
{
        struct looking *look = context;
        int r = check_use(tx, look);

        if (r == 0)
                r = check_idle(tx, look);
        return r ? r : let_in(tx, look);
}

static void wake(struct core *core, const struct panel_place *place)
{
        if (core->parts.wake_panel)
                core->parts.wake_panel(core->parts.wake_context, place->tenant, place->panel);
}

int panel_invite(struct core *core, const struct actor *actor, struct text code, struct panel_place *ret)
{
        struct looking look = { .core = core, .actor = actor, .person = actor->id, .method = "phone" };
        int r = may_say_yes(actor) ? find_code(&look, code) : CORE_FORBIDDEN;

        if (r == 0)
                r = db_write(core->db, invite_in, &look);
        if (r)
                return r;
        *ret = look.found;
        wake(core, &look.found);
        return 0;
}

/* The one that was seen last. */
static int badge_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct looking *look = context;
        struct id tenant = look->actor->tenant;
        int64_t idle_ms = look->core->settings.session_panel_idle_ms;
        int r = db_one(tx, tenant,
                       "SELECT p.id," IS_IDLE " FROM panel p WHERE p.tenant_id = ?1 AND p.printer_id = ?2"
                       " AND p.seen_ms > ?5 ORDER BY 2 DESC, p.seen_ms DESC LIMIT 1",
                       DB_VALUES(db_id(&look->found.printer), db_integer(look->now),
                                 db_integer(look->now - idle_ms), db_integer(look->now - PANEL_LIVE_MS)),
                       &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (!db_rows_integer(&rows, 1))
                return CORE_BUSY;
        look->found.tenant = tenant;
        look->found.panel = db_rows_id(&rows, 0);
        r = check_use(tx, look);
        return r ? r : let_in(tx, look);
}

int panel_come_by_badge(struct core *core, const struct actor *person, struct id printer)
{
        struct looking look = { .core = core,
                                .actor = person,
                                .now = clock_unix_ms(),
                                .person = person->id,
                                .method = "badge",
                                .found.printer = printer };
        int r = db_write(core->db, badge_in, &look);

        if (r == 0)
                wake(core, &look.found);
        return r;
}

static int hand_over_in(struct db_tx *tx, void *context)
{
        struct looking *look = context;
        int r = check_use(tx, look);

        return r ? r : let_in(tx, look);
}

int panel_hand_over(struct core *core, const struct panel_place *place, const struct actor *person,
                    char ret[CREDENTIAL_STRING])
{
        uint8_t hash[HASH_OCTETS];
        struct looking look = { .core = core,
                                .actor = person,
                                .now = clock_unix_ms(),
                                .person = person->id,
                                .method = "adapter",
                                .hash = hash,
                                .found = *place };
        int r;

        credential_make(CREDENTIAL_GUEST, ret);
        hash_sha256(text_from(ret), hash);
        r = db_write(core->db, hand_over_in, &look);
        if (r)
                explicit_bzero(ret, CREDENTIAL_STRING);
        return r;
}

struct taking {
        const struct panel_place *place;
        uint8_t hash[HASH_OCTETS];
        bool has_token;
        struct actor *person;
        char *method;
        int64_t now;
};

static int take_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct taking *t = context;
        int r = db_one(tx, t->place->tenant,
                       "SELECT g.person_id, g.method, p.role, p.email FROM panel_guest g"
                       " JOIN person p ON p.tenant_id = g.tenant_id AND p.id = g.person_id"
                       " WHERE g.tenant_id = ?1 AND g.panel_id = ?2 AND g.expires_ms > ?3 AND g.hash IS ?4"
                       " AND p.disabled = 0",
                       DB_VALUES(db_id(&t->place->panel), db_integer(t->now),
                                 t->has_token ? db_octets(t->hash, HASH_OCTETS) : db_null()),
                       &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOTHING_HELD : fold(r);
        *t->person = (struct actor){ .kind = ACTOR_PERSON,
                                     .tenant = t->place->tenant,
                                     .id = db_rows_id(&rows, 0),
                                     .role = (enum role)db_rows_integer(&rows, 2) };
        db_rows_string(&rows, 1, t->method, PANEL_GUEST_WAY);
        db_rows_string(&rows, 3, t->person->name, sizeof(t->person->name));
        return 0;
}

/* Asked once more where it is taken, for two pages of one panel may come at once. */
static int take_away_in(struct db_tx *tx, void *context)
{
        struct taking *t = context;
        int r = take_in(tx, t);

        return r ? r
                 : fold(db_run(tx, t->place->tenant,
                               "DELETE FROM panel_guest WHERE tenant_id = ?1 AND panel_id = ?2",
                               DB_VALUES(db_id(&t->place->panel)), NULL));
}

int panel_take_guest(struct core *core, const struct panel_place *place, struct text token, struct actor *ret,
                     char ret_method[PANEL_GUEST_WAY])
{
        struct taking t = { .place = place,
                            .person = ret,
                            .method = ret_method,
                            .has_token = token.len > 0,
                            .now = clock_unix_ms() };
        int r;

        hash_sha256(token, t.hash);
        r = db_read(core->db, take_in, &t);
        return r ? r : db_write(core->db, take_away_in, &t);
}

struct noting {
        const struct panel_place *place;
        struct id session;
};

static int note_in(struct db_tx *tx, void *context)
{
        const struct noting *n = context;

        return fold(db_run(tx, n->place->tenant,
                           "UPDATE panel SET session_id = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&n->place->panel), db_id(&n->session)), NULL));
}

int panel_note_session(struct core *core, const struct panel_place *place, struct id session)
{
        struct noting n = { place, session };

        return db_write(core->db, note_in, &n);
}

/* ---- presence ---- */

static int has_panel_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct looking *look = context;
        int r = db_one(tx, look->actor->tenant,
                       "SELECT 1 FROM panel_policy y JOIN panel p ON p.tenant_id = y.tenant_id"
                       " WHERE y.tenant_id = ?1 AND y.presence = 1 AND p.printer_id = ?2"
                       " AND p.hash IS NOT NULL LIMIT 1",
                       DB_VALUES(db_id(&look->found.printer)), &rows);

        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

int panel_presence_check(struct core *core, const struct actor *actor, struct id printer, struct text code)
{
        struct looking look = { .core = core, .actor = actor, .found.printer = printer };
        int r = db_read(core->db, has_panel_in, &look);

        if (r)
                return r == CORE_NOT_FOUND ? 0 : r;
        if (!code.len)
                return CORE_PRESENCE_NEEDED;
        r = find_code(&look, code);
        if (r == CORE_CODE_OLD || r == 0)
                return !id_equal(look.found.printer, printer) ? CORE_CODE_ELSEWHERE : r;
        return r;
}
