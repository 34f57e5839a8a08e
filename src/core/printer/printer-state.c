// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-state.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crew.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/media-size.h"
#include "core/printer/printer-desk.h"
#include "core/live.h"
#include "core/state.h"

#define REASONS_TEXT (PRINTER_REASONS * CORE_NAME)

const char *printer_condition_name(enum printer_condition condition)
{
        static const char *const names[] = { "unknown", "idle", "processing", "stopped" };

        return names[condition];
}

static bool is_keyword(const char *word)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

        return word[0] && strspn(word, letters) == strlen(word);
}

static bool is_keyword_or_empty(const char *word)
{
        return !word[0] || is_keyword(word);
}

static bool tray_is_valid(const struct printer_tray *tray)
{
        return is_keyword(tray->source) && is_keyword_or_empty(tray->media) &&
               is_keyword_or_empty(tray->type) && tray->level >= -1 && tray->level <= 100;
}

bool printer_state_is_valid(const struct printer_state *state)
{
        for (size_t i = 0; i < state->reason_count; i++)
                if (!is_keyword(state->reasons[i]))
                        return false;
        for (size_t i = 0; i < state->tray_count; i++)
                if (!tray_is_valid(&state->trays[i]))
                        return false;
        return true;
}

/* ---- columns ---- */

static const char *or_dash(const char *word)
{
        return word[0] ? word : "-";
}

void printer_trays_format(const struct printer_state *state, char ret[PRINTER_TRAYS_TEXT])
{
        size_t at = 0;

        ret[0] = 0;
        for (size_t i = 0; i < state->tray_count; i++) {
                const struct printer_tray *tray = &state->trays[i];
                int len = snprintf(ret + at, PRINTER_TRAYS_TEXT - at, "%s%s %s %s %d %d", i ? ";" : "",
                                   tray->source, or_dash(tray->media), or_dash(tray->type), tray->level,
                                   tray->ready);

                at += (size_t)len;
        }
}

static bool cut_word(struct text *text, char *ret)
{
        struct text word;

        text_cut(*text, ' ', &word, text);
        if (text_equal_string(word, "-"))
                word.len = 0;
        return text_copy(word, ret, CORE_NAME) && is_keyword_or_empty(ret);
}

static bool tray_parse(struct text text, struct printer_tray *ret)
{
        struct text level;
        uint64_t number = 0;
        bool good;

        *ret = (struct printer_tray){ .level = -1 };
        good = cut_word(&text, ret->source) && ret->source[0] && cut_word(&text, ret->media) &&
               cut_word(&text, ret->type) && text_cut(text, ' ', &level, &text);
        if (!good || (!text_equal_string(text, "0") && !text_equal_string(text, "1")))
                return false;
        ret->ready = text_equal_string(text, "1");
        if (text_equal_string(level, "-1"))
                return true;
        good = text_number(level, 100, &number);
        ret->level = (int32_t)number;
        return good;
}

bool printer_trays_parse(struct text text, struct printer_state *ret)
{
        struct text tray;

        ret->tray_count = 0;
        while (text.len > 0) {
                text_cut(text, ';', &tray, &text);
                if (ret->tray_count == PRINTER_TRAYS || !tray_parse(tray, &ret->trays[ret->tray_count]))
                        return false;
                ret->tray_count++;
        }
        return true;
}

static void reasons_format(const struct printer_state *state, char ret[REASONS_TEXT])
{
        size_t at = 0;

        ret[0] = 0;
        for (size_t i = 0; i < state->reason_count; i++)
                at += (size_t)snprintf(ret + at, REASONS_TEXT - at, "%s%s", i ? " " : "", state->reasons[i]);
}

static void reasons_parse(struct text text, struct printer_state *ret)
{
        struct text reason;

        while (text.len > 0 && ret->reason_count < PRINTER_REASONS) {
                text_cut(text, ' ', &reason, &text);
                if (text_copy(reason, ret->reasons[ret->reason_count], CORE_NAME))
                        ret->reason_count++;
        }
}

/* ---- what is known ---- */

struct context {
        struct id tenant, printer;
        const struct actor *actor;
        struct printer_state *state;
        char reasons[REASONS_TEXT], trays[PRINTER_TRAYS_TEXT];
};

int printer_state_find_in(struct db_tx *tx, struct id tenant, struct id printer, struct printer_state *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int64_t condition;
        int r;

        *ret = (struct printer_state){ .seen_ms = 0 };
        r = db_one(tx, tenant,
                   "SELECT seen_ms, condition, reasons, trays FROM printer_state"
                   " WHERE tenant_id = ?1 AND printer_id = ?2",
                   DB_VALUES(db_id(&printer)), &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        ret->seen_ms = db_rows_integer(&rows, 0);
        condition = db_rows_integer(&rows, 1);
        if (condition >= PRINTER_UNKNOWN && condition <= PRINTER_STOPPED)
                ret->condition = (enum printer_condition)condition;
        reasons_parse(db_rows_text(&rows, 2), ret);
        (void)printer_trays_parse(db_rows_text(&rows, 3), ret);
        return 0;
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return printer_state_find_in(tx, c->tenant, c->printer, c->state);
}

int printer_state_find(struct core *core, struct id tenant, struct id printer, struct printer_state *ret)
{
        struct context c = { .tenant = tenant, .printer = printer, .state = ret };

        return db_read(core->db, find_in, &c);
}

static bool is_fresh(const struct core *core, const struct printer_state *state)
{
        int64_t age_ms = clock_unix_ms() - state->seen_ms;

        return state->seen_ms && age_ms >= 0 && age_ms < core->settings.printer_state_fresh_ms;
}

int printer_state_ask(struct core *core, struct id tenant, const struct printer *printer, int64_t wait_ms,
                      struct printer_state *ret)
{
        struct printer_wish wish = { tenant, printer->id, printer->agent };
        int64_t until_ms = clock_monotonic_ms() + wait_ms;
        int r;

        r = printer_state_find(core, tenant, printer->id, ret);
        if (r || is_fresh(core, ret))
                return r;
        if (printer_desk_want(core->printer_desk, &wish))
                wake_agent(core, tenant, printer->agent, "printers");
        if (wait_ms <= 0 || !crew_wait_begin(CREW_PRINTERS))
                return 0;
        if (printer_desk_wait(core->printer_desk, tenant, printer->id, until_ms))
                r = printer_state_find(core, tenant, printer->id, ret);
        crew_wait_end(CREW_PRINTERS);
        return r;
}

int printer_desk_give(struct core *core, struct printer_desk *desk, const struct actor *agent,
                      struct printer *ret, size_t max, size_t *ret_count)
{
        struct id printer;

        *ret_count = 0;
        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        while (*ret_count < max && printer_desk_take(desk, agent->tenant, agent->id, &printer)) {
                int r = printer_find(core, agent->tenant, printer, &ret[*ret_count]);

                if (r < 0)
                        return r;
                /* Deleted meanwhile, or given to another agent: nobody will answer. */
                if (r || (!id_is_zero(ret[*ret_count].agent) && !id_equal(ret[*ret_count].agent, agent->id)))
                        printer_desk_answer(desk, agent->tenant, printer, false);
                else
                        (*ret_count)++;
        }
        return 0;
}

int printer_questions_take(struct core *core, const struct actor *agent, struct printer *ret, size_t max,
                           size_t *ret_count)
{
        return printer_desk_give(core, core->printer_desk, agent, ret, max, ret_count);
}

static int check_agent(struct db_tx *tx, const struct context *c)
{
        return agent_serves(tx, c->actor, c->printer);
}

/* It says what it said before, most of the time. */
static int is_news(struct db_tx *tx, const struct context *c, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->tenant,
                       "SELECT 1 FROM printer_state WHERE tenant_id = ?1 AND printer_id = ?2"
                       " AND condition = ?3 AND reasons = ?4 AND trays = ?5",
                       DB_VALUES(db_id(&c->printer), db_integer(c->state->condition), db_string(c->reasons),
                                 db_string(c->trays)),
                       &rows);

        *ret = r == DB_NO_ROW;
        return r == DB_NO_ROW ? 0 : fold(r);
}

static int keep_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        bool is_new = false;
        int r;

        r = check_agent(tx, c);
        if (r == 0)
                r = is_news(tx, c, &is_new);
        if (r)
                return r;
        r = fold(
                db_run(tx, c->tenant,
                       "INSERT INTO printer_state (tenant_id, printer_id, seen_ms, condition, reasons, trays)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, printer_id) DO UPDATE"
                       " SET seen_ms = excluded.seen_ms, condition = excluded.condition,"
                       " reasons = excluded.reasons, trays = excluded.trays",
                       DB_VALUES(db_id(&c->printer), db_integer(c->state->seen_ms),
                                 db_integer(c->state->condition), db_string(c->reasons), db_string(c->trays)),
                       NULL));
        return r || !is_new ? r : live_printer(tx, c->tenant, c->printer, "printer-state");
}

static int check_in(struct db_tx *tx, void *context)
{
        return check_agent(tx, context);
}

static void name_media(struct printer_state *state)
{
        for (size_t i = 0; i < state->tray_count; i++) {
                const char *name = media_standard_name(state->trays[i].media);

                if (name != state->trays[i].media)
                        (void)text_copy(text_from(name), state->trays[i].media, CORE_NAME);
        }
}

int printer_state_keep(struct core *core, const struct actor *agent, struct id printer,
                       const struct printer_state *state)
{
        struct context c = { .tenant = agent->tenant, .printer = printer, .actor = agent };
        struct printer_state kept;
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (state) {
                if (!printer_state_is_valid(state))
                        return CORE_BAD_VALUE;
                kept = *state;
                kept.seen_ms = clock_unix_ms();
                name_media(&kept);
                c.state = &kept;
                reasons_format(&kept, c.reasons);
                printer_trays_format(&kept, c.trays);
                r = db_write(core->db, keep_in, &c);
        } else {
                r = db_read(core->db, check_in, &c);
        }
        if (r == 0)
                printer_desk_answer(core->printer_desk, agent->tenant, printer, state);
        return r;
}
