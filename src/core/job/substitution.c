// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/substitution.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/media-size.h"
#include "core/printer/printer-state.h"
#include "core/job/recipe.h"
#include "core/release/settle.h"
#include "core/state.h"

const char *const substitution_words[] = { "", "off", "ask", "choose", NULL };

static int find_tenants_in(struct db_tx *tx, struct id tenant, enum substitution *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant, "SELECT substitution FROM tenant WHERE id = ?1", DB_NONE, &rows);
        if (r == 0)
                *ret = (enum substitution)db_rows_integer(&rows, 0);
        return r == DB_NO_ROW ? 0 : fold(r);
}

static int find_in(struct db_tx *tx, struct id tenant, const struct printer *printer, enum substitution *ret)
{
        int r = 0;

        *ret = printer->substitution;
        if (*ret == SUBSTITUTION_UNSAID)
                r = find_tenants_in(tx, tenant, ret);
        return r;
}

struct preparation {
        struct id tenant, id;
        struct printer printer;
        enum substitution substitution;
};

static int prepare_in(struct db_tx *tx, void *context)
{
        struct preparation *p = context;
        int r;

        r = printer_find_in(tx, p->tenant, p->id, &p->printer);
        return r ? r == DB_NO_ROW ? 0 : fold(r) : find_in(tx, p->tenant, &p->printer, &p->substitution);
}

int substitution_prepare(struct core *core, struct id tenant, struct id printer, int64_t wait_ms)
{
        struct preparation p = { .tenant = tenant, .id = printer };
        struct printer_state state;
        int r;

        r = db_read(core->db, prepare_in, &p);
        if (r || p.substitution <= SUBSTITUTION_OFF)
                return r;
        return printer_state_ask(core, tenant, &p.printer, wait_ms, &state);
}

/* What the ticket could be printed on: sheets in trays from which it may be taken, each size once. */
static size_t find_loaded(const struct printer_state *state, const struct ticket *ticket,
                          const char *ret[PRINTER_TRAYS])
{
        bool any_source = !ticket->media_source[0] || strcmp(ticket->media_source, "auto") == 0;
        bool any_type = !ticket->media_type[0] || strcmp(ticket->media_type, "auto") == 0;
        size_t count = 0;

        for (size_t i = 0; i < state->tray_count; i++) {
                const struct printer_tray *tray = &state->trays[i];
                bool is_there = false;

                if (!tray->ready || !tray->media[0] ||
                    (!any_source && strcmp(ticket->media_source, tray->source) != 0) ||
                    (!any_type && tray->type[0] && strcmp(ticket->media_type, tray->type) != 0))
                        continue;
                for (size_t k = 0; k < count; k++)
                        is_there = is_there || strcmp(ret[k], tray->media) == 0;
                if (!is_there)
                        ret[count++] = tray->media;
        }
        return count;
}

static bool has_medium(const char *const *loaded, size_t count, const char *wanted)
{
        for (size_t i = 0; i < count; i++)
                if (strcmp(loaded[i], wanted) == 0 || media_is_same(loaded[i], wanted))
                        return true;
        return false;
}

static void list(const char *const *loaded, size_t count, char ret[SETTLED_CHOICES])
{
        size_t at = 0;

        for (size_t i = 0; i < count && at + strlen(loaded[i]) + 2 <= SETTLED_CHOICES; i++)
                at += (size_t)snprintf(ret + at, SETTLED_CHOICES - at, "%s%s", i ? "," : "", loaded[i]);
}

/* Pages that do not fit become smaller, unless somebody wanted them otherwise. */
static void take_medium(struct ticket *ticket, const char *medium)
{
        text_copy(text_from(medium), ticket->media, sizeof(ticket->media));
        if (!ticket->print_scaling[0] || strcmp(ticket->print_scaling, "auto") == 0)
                text_copy(TEXT_OF("auto-fit"), ticket->print_scaling, sizeof(ticket->print_scaling));
}

void substitution_apply(enum substitution substitution, const struct printer_state *state, bool may_scale,
                        struct settled *settled)
{
        const char *loaded[PRINTER_TRAYS], *best;
        struct ticket *ticket = &settled->ticket;
        struct settled_note *note;
        struct media size;
        size_t count = find_loaded(state, ticket, loaded);

        /* A name without a size ("choice") means what only the printer knows. */
        if (substitution <= SUBSTITUTION_OFF || count == 0 || !media_parse(ticket->media, &size) ||
            has_medium(loaded, count, ticket->media))
                return;
        best = may_scale ? media_substitute(ticket->media, loaded, count) : NULL;
        if (substitution == SUBSTITUTION_CHOOSE && !best)
                return;
        note = settled_add(settled,
                           substitution == SUBSTITUTION_ASK ? SETTLED_NOT_LOADED : SETTLED_SUBSTITUTED,
                           "media");
        ticket_value(ticket, note->option, note->asked);
        list(loaded, count, note->choices);
        if (best)
                take_medium(ticket, best);
        ticket_value(ticket, note->option, note->value);
}

int substitution_settle(struct db_tx *tx, struct id tenant, const struct printer *printer,
                        const struct job_row *job, struct settled *settled)
{
        bool may_scale = recipe_is_possible(printer, text_from(job->format), NULL);
        enum substitution substitution;
        struct printer_state state;
        int r;

        if (!settled->ticket.media[0])
                return 0;
        r = find_in(tx, tenant, printer, &substitution);
        if (r || substitution <= SUBSTITUTION_OFF)
                return r;
        r = printer_state_find_in(tx, tenant, printer->id, &state);
        if (r == 0)
                substitution_apply(substitution, &state, may_scale, settled);
        return r;
}
