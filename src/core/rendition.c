// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/rendition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/event.h"
#include "core/state.h"
#include "crypt/seal.h"

#define STEP_OCTETS 65536

/* Among what the printer takes, in our order. */
static enum format target_for(const struct printer *printer)
{
        for (size_t i = 0; i < format_target_count; i++)
                for (size_t k = 0; k < printer->format_count; k++)
                        if (format_from_media_type(text_from(printer->formats[k])) == format_targets[i])
                                return format_targets[i];
        return FORMAT_UNKNOWN;
}

bool rendition_is_possible(const struct printer *printer, struct text format, enum format *ret)
{
        enum format to = target_for(printer);

        if (ret)
                *ret = to;
        return to && format_is_source(format_from_media_type(format));
}

/* Only a name that says its size is of use to the renderer. */
static void choose_media(const struct ticket *ticket, const struct printer *printer, struct order *order)
{
        if (ticket->media[0] || printer->media_count)
                media_parse(ticket->media[0] ? ticket->media : printer->media[0], &order->media);
}

static enum order_sides sides_from(const char *word)
{
        if (strcmp(word, "two-sided-long-edge") == 0)
                return ORDER_TWO_SIDED_LONG_EDGE;
        if (strcmp(word, "two-sided-short-edge") == 0)
                return ORDER_TWO_SIDED_SHORT_EDGE;
        return word[0] ? ORDER_ONE_SIDED : ORDER_SIDES_UNSAID;
}

/* Copies, trays and the like stay with the delivery; what changes the pages themselves is done here. */
static void compose(const struct ticket *ticket, const struct printer *printer, struct order *order)
{
        choose_media(ticket, printer, order);
        if (ticket->resolution_dpi)
                order->resolution = ticket->resolution_dpi;
        else if (printer->resolution_dpi)
                order->resolution = printer->resolution_dpi;
        order->grey = !printer->colour || strcmp(ticket->print_color_mode, "monochrome") == 0;
        order->sides = printer->duplex ? sides_from(ticket->sides) : ORDER_ONE_SIDED;
        if (pages_are_valid(ticket->page_ranges))
                text_copy(text_from(ticket->page_ranges), order->pages, sizeof(order->pages));
}

/* A rendition under way. Which ones are is kept here, not in the database: after a crash they are simply
 * wanted again. */
struct rendition {
        struct core *core;
        const struct tenant_entry *entry;
        struct id tenant;
        struct delivery_row delivery;
        struct document source;
        struct document made;
        struct vault_reader *reader;
        uint64_t read_at;
        struct unseal unseal;
        struct text plain; /* what unseal has yielded and nobody has taken yet */
        size_t sealed_at, sealed_length;
        bool is_read;
        struct seal seal;
        struct vault_deposit *deposit;
        uint8_t in[STEP_OCTETS];
        uint8_t out[SEAL_ROOM(STEP_OCTETS)];
        struct rendition *next;
};

static pthread_mutex_t under_way_lock = PTHREAD_MUTEX_INITIALIZER;
static struct rendition *under_way;

static bool is_under_way(struct id delivery)
{
        for (struct rendition *rendition = under_way; rendition; rendition = rendition->next)
                if (id_equal(rendition->delivery.id, delivery))
                        return true;
        return false;
}

static void leave(struct rendition *rendition)
{
        pthread_mutex_lock(&under_way_lock);
        for (struct rendition **at = &under_way; *at; at = &(*at)->next) {
                if (*at == rendition) {
                        *at = rendition->next;
                        break;
                }
        }
        pthread_mutex_unlock(&under_way_lock);
}

static void rendition_free(struct rendition *rendition)
{
        leave(rendition);
        unseal_done(&rendition->unseal);
        seal_done(&rendition->seal);
        vault_close_reader(rendition->reader);
        vault_abort(rendition->deposit);
        explicit_bzero(rendition->in, sizeof(rendition->in));
        free(rendition);
}

void rendition_abandon(struct rendition *rendition)
{
        if (rendition)
                rendition_free(rendition);
}

static void rendition_abandonp(struct rendition **rendition)
{
        rendition_abandon(*rendition);
}

struct pick {
        struct rendition *rendition;
        struct rendition_order *order;
};

static int find_wanted(struct db_tx *tx, struct rendition *rendition)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find_all(
                tx,
                "SELECT tenant_id, id FROM delivery WHERE state = 'requested' AND artefact = 0 ORDER BY id",
                DB_NONE, &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                if (is_under_way(db_rows_id(&rows, 1)))
                        continue;
                rendition->tenant = db_rows_id(&rows, 0);
                rendition->delivery.id = db_rows_id(&rows, 1);
                return 0;
        }
        return r ? fold(r) : CORE_NOTHING_HELD;
}

static int pick_in(struct db_tx *tx, void *context)
{
        struct pick *pick = context;
        struct rendition *rendition = pick->rendition;
        struct rendition_order *order = pick->order;
        struct printer printer;
        struct ticket ticket;
        int r;

        r = find_wanted(tx, rendition);
        if (r)
                return r;
        r = delivery_row_find(tx, rendition->tenant, rendition->delivery.id, &rendition->delivery);
        if (r)
                return fold(r);
        r = printer_find_in(tx, rendition->tenant, rendition->delivery.printer, &printer);
        if (r)
                return fold(r);
        r = document_find(tx, rendition->tenant, rendition->delivery.job, KEYS_ORIGINAL, &rendition->source);
        if (r)
                return r == DB_NO_ROW ? CORE_DESTROYED : fold(r);
        order_init(&order->order);
        order->order.from = format_from_media_type(text_from(rendition->source.format));
        if (!rendition_is_possible(&printer, text_from(rendition->source.format), &order->order.to))
                return CORE_BAD_FORMAT;
        if (ticket_parse(text_from(rendition->delivery.ticket), &ticket))
                return fault(-EBADMSG);
        compose(&ticket, &printer, &order->order);
        order->delivery = rendition->delivery.id;
        return 0;
}

/* Chooses and notes under one lock, so that no delivery is rendered twice at once. */
static int pick(struct core *core, struct rendition *rendition, struct rendition_order *order)
{
        struct pick context = { rendition, order };
        int r;

        pthread_mutex_lock(&under_way_lock);
        r = db_read(core->db, pick_in, &context);
        if (r == 0) {
                rendition->next = under_way;
                under_way = rendition;
        }
        pthread_mutex_unlock(&under_way_lock);
        return r;
}

static int open_source(struct rendition *rendition)
{
        struct keys_document names = { rendition->source.job, KEYS_ORIGINAL, rendition->source.expiry_day };
        SCOPED(secret_done) struct secret key = { 0 };
        uint8_t seal_id[DOCUMENT_SEAL_ID];
        const struct keys_tenant *tenant;
        int r;

        r = keys_of_version(rendition->core, rendition->entry, rendition->source.key_version, &tenant);
        if (r)
                return r;
        r = keys_document_open(rendition->core->keys, tenant, &names, &rendition->source.wrapped,
                               KEYS_FOR_RENDER, &key);
        if (r)
                return r == KEYS_DESTROYED || r == KEYS_WRONG ? CORE_DESTROYED
                       : r == KEYS_LIMITED                    ? CORE_BUSY
                                                              : fold(r);
        document_seal_id(rendition->tenant, rendition->source.job, KEYS_ORIGINAL, seal_id);
        r = unseal_init(&rendition->unseal, &key, text_from_octets(seal_id, sizeof(seal_id)));
        if (r)
                return fold(r);
        r = vault_open_reader(rendition->core->vault, &rendition->source.place, &rendition->reader);
        return r == VAULT_NOT_FOUND ? CORE_DESTROYED : fold(r);
}

static int open_made(struct rendition *rendition, const struct rendition_order *order)
{
        uint8_t header[SEAL_HEADER_OCTETS], seal_id[DOCUMENT_SEAL_ID];
        SCOPED(secret_done) struct secret key = { 0 };
        struct document *made = &rendition->made;
        const struct keys_tenant *tenant = keys_newest(rendition->entry);
        struct keys_document names;
        int64_t today = clock_day(clock_unix_ms());
        int r;

        made->job = rendition->source.job;
        made->artefact = KEYS_RENDITION;
        made->key_version = tenant->version;
        /* A job released on its last day can be rendered after midnight. */
        made->expiry_day = rendition->source.expiry_day > today ? rendition->source.expiry_day : today + 1;
        if (!text_copy(text_from(format_media_type(order->order.to)), made->format, sizeof(made->format)))
                return fault(-EMSGSIZE);
        r = vault_deposit(rendition->core->vault, made->expiry_day, &rendition->deposit);
        if (r)
                return r == VAULT_FULL ? CORE_STORAGE_FULL : fold(r);
        names = (struct keys_document){ made->job, KEYS_RENDITION, made->expiry_day };
        r = keys_document_make(rendition->core->keys, tenant, &names, &key, &made->wrapped);
        if (r)
                return fold(r);
        document_seal_id(rendition->tenant, made->job, KEYS_RENDITION, seal_id);
        r = seal_init(&rendition->seal, &key, text_from_octets(seal_id, sizeof(seal_id)), header);
        if (r)
                return fold(r);
        r = vault_write(rendition->deposit, text_from_octets(header, sizeof(header)));
        return r == VAULT_FULL ? CORE_STORAGE_FULL : fold(r);
}

int rendition_begin(struct core *core, struct rendition_order *ret_order, struct rendition **ret)
{
        SCOPED(rendition_abandonp) struct rendition *rendition = calloc(1, sizeof(*rendition));
        int r;

        if (!rendition)
                return fault(-ENOMEM);
        rendition->core = core;
        r = pick(core, rendition, ret_order);
        if (r == CORE_DESTROYED || r == CORE_BAD_FORMAT) {
                /* It can never be made: the job goes back, and the next one is looked for. */
                r = rendition_fail(take(rendition), TEXT_OF("cannot-be-converted"));
                return r ? r : CORE_DESTROYED;
        }
        if (r)
                return r;
        r = tenant_entry_get(core, rendition->tenant, &rendition->entry);
        if (r)
                return r;
        r = open_source(rendition);
        if (r == CORE_DESTROYED) {
                r = rendition_fail(take(rendition), TEXT_OF("document-destroyed"));
                return r ? r : CORE_DESTROYED;
        }
        if (r)
                return r;
        r = open_made(rendition, ret_order);
        if (r)
                return r;
        *ret = take(rendition);
        return 0;
}

/* Feeds unseal until it yields something or the document ends. */
static int fill(struct rendition *rendition)
{
        size_t taken;
        int r;

        while (rendition->plain.len == 0 && !rendition->is_read) {
                if (rendition->sealed_at == rendition->sealed_length) {
                        r = vault_read(rendition->reader, rendition->read_at, rendition->in,
                                       sizeof(rendition->in), &rendition->sealed_length);
                        if (r)
                                return fold(r);
                        rendition->read_at += rendition->sealed_length;
                        rendition->sealed_at = 0;
                        if (rendition->sealed_length == 0) {
                                rendition->is_read = true;
                                return fold(unseal_finish(&rendition->unseal, &rendition->plain));
                        }
                }
                r = unseal_add(&rendition->unseal, rendition->in + rendition->sealed_at,
                               rendition->sealed_length - rendition->sealed_at, &taken, &rendition->plain);
                if (r)
                        return fold(r);
                rendition->sealed_at += taken;
        }
        return 0;
}

int rendition_read(struct rendition *rendition, void *to, size_t size, size_t *ret_length)
{
        int r;

        r = fill(rendition);
        if (r)
                return r;
        *ret_length = rendition->plain.len < size ? rendition->plain.len : size;
        memcpy(to, rendition->plain.at, *ret_length);
        rendition->plain.at += *ret_length;
        rendition->plain.len -= *ret_length;
        return 0;
}

int rendition_write(struct rendition *rendition, struct text octets)
{
        while (octets.len > 0) {
                size_t step = octets.len < STEP_OCTETS ? octets.len : STEP_OCTETS, length;
                int r;

                rendition->made.size_octets += step;
                if (rendition->made.size_octets > rendition->core->settings.document_octets_max)
                        return CORE_TOO_LARGE;
                r = seal_add(&rendition->seal, octets.at, step, rendition->out, &length);
                if (r)
                        return r > 0 ? CORE_TOO_LARGE : r;
                r = vault_write(rendition->deposit, text_from_octets(rendition->out, length));
                if (r)
                        return r == VAULT_FULL ? CORE_STORAGE_FULL : fold(r);
                octets = (struct text){ octets.at + step, octets.len - step };
        }
        return 0;
}

struct settle {
        struct rendition *rendition;
        char reason[CORE_WORDS];
        struct id agent;
        bool is_gone; /* the delivery was cancelled meanwhile */
};

static int commit_in(struct db_tx *tx, void *context)
{
        struct settle *settle = context;
        struct rendition *rendition = settle->rendition;
        struct printer printer;
        int64_t changed;
        int r;

        settle->is_gone = false;
        r = db_run(
                tx, rendition->tenant,
                "UPDATE delivery SET artefact = ?3 WHERE tenant_id = ?1 AND id = ?2 AND state = 'requested' AND artefact = 0",
                DB_VALUES(db_id(&rendition->delivery.id), db_integer(KEYS_RENDITION)), &changed);
        if (r)
                return fold(r);
        if (!changed) {
                settle->is_gone = true;
                return 0;
        }
        r = document_insert(tx, rendition->tenant, &rendition->made);
        if (r)
                return r;
        r = printer_find_in(tx, rendition->tenant, rendition->delivery.printer, &printer);
        if (r)
                return fold(r);
        settle->agent = printer.agent;
        return event_add(tx, rendition->tenant, NULL, "rendition-made", rendition->made.job,
                         rendition->made.format);
}

static int finish_deposit(struct rendition *rendition)
{
        uint8_t tail[SEAL_ROOM_FINISH];
        size_t length;
        int r;

        r = seal_finish(&rendition->seal, tail, &length);
        if (r)
                return fold(r);
        r = vault_write(rendition->deposit, text_from_octets(tail, length));
        if (r)
                return r == VAULT_FULL ? CORE_STORAGE_FULL : fold(r);
        r = vault_commit(take(rendition->deposit), &rendition->made.place);
        if (r)
                return r == VAULT_FULL ? CORE_STORAGE_FULL : fold(r);
        rendition->made.sealed_octets = rendition->made.place.length;
        return 0;
}

int rendition_commit(struct rendition *rendition)
{
        SCOPED(rendition_abandonp) struct rendition *owned = rendition;
        struct core *core = owned->core;
        struct settle settle = { .rendition = owned };
        struct places unused = { .count = 1 };
        int r;

        r = finish_deposit(owned);
        if (r)
                return r;
        unused.at[0] = owned->made.place;
        r = db_write(core->db, commit_in, &settle);
        if (r || settle.is_gone) {
                places_free(core, &unused);
                return r;
        }
        vault_kept(core->vault, &owned->made.place);
        wake_agent(core, owned->tenant, settle.agent, "delivery");
        return 0;
}

static int fail_in(struct db_tx *tx, void *context)
{
        struct settle *settle = context;
        struct rendition *rendition = settle->rendition;
        struct delivery_row delivery;
        int r;

        r = delivery_row_find(tx, rendition->tenant, rendition->delivery.id, &delivery);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        if (delivery.state != DELIVERY_REQUESTED || delivery.artefact != 0)
                return 0;
        return delivery_row_return(rendition->core, tx, rendition->tenant, &delivery, settle->reason);
}

int rendition_fail(struct rendition *rendition, struct text reason)
{
        SCOPED(rendition_abandonp) struct rendition *owned = rendition;
        struct settle settle = { .rendition = owned };

        if (!text_is_name(reason) || !text_copy(reason, settle.reason, sizeof(settle.reason)))
                text_copy(text_from("cannot-be-converted"), settle.reason, sizeof(settle.reason));
        return db_write(owned->core->db, fail_in, &settle);
}
