// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Issuing: by hand to printers, to agents for their doors, and what all ways have in common. */

#include "core/site/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent-door.h"
#include "core/site/certificate-row.h"
#include "core/printer/printer-address.h"
#include "core/state.h"
#include "crypt/certificate-request.h"

#define HOUR_MS      3600000LL
#define KEY_INFO_MAX 1024

void certificate_issued_done(struct certificate_issued *issued)
{
        buffer_done(&issued->der);
}

void certificate_add_name(struct certificate_names *names, struct text host)
{
        char *string;

        if (names->count == ISSUE_NAMES_MAX)
                return;
        string = names->strings[names->count];
        if (!text_copy(host, string, ISSUE_NAME) || !issue_name_is_good(string))
                return;
        for (size_t i = 0; i < names->count; i++)
                if (text_equal_nocase(text_from(names->strings[i]), host))
                        return;
        names->list[names->count++] = string;
        names->list[names->count] = NULL;
}

void certificate_names_of_printer(const struct printer *printer, struct certificate_names *ret)
{
        *ret = (struct certificate_names){ .count = 0 };
        for (size_t i = 0; i < printer->address_count; i++)
                certificate_add_name(ret, printer_address_host(text_from(printer->addresses[i])));
}

static bool format_names(const char *const *names, char ret[CERTIFICATE_NAMES])
{
        size_t len = 0;

        ret[0] = 0;
        for (; *names; names++) {
                int n = snprintf(ret + len, CERTIFICATE_NAMES - len, "%s%s", len ? " " : "", *names);

                if (n < 0 || (size_t)n >= CERTIFICATE_NAMES - len)
                        return false;
                len += (size_t)n;
        }
        return true;
}

static int insert(struct db_tx *tx, const struct certificate_order *o)
{
        const struct certificate *row = &o->issued->row;

        return fold(db_run(
                tx, o->tenant,
                "INSERT INTO certificate (tenant_id, id, kind, subject_id, serial, spki, names, from_ms,"
                " until_ms, revoked_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
                DB_VALUES(db_id(&row->id), db_integer(row->kind), db_id(&row->subject),
                          db_octets(row->serial, sizeof(row->serial)), db_string(row->spki),
                          db_string(row->names), db_integer(row->from_ms), db_integer(row->until_ms)),
                NULL));
}

static int keep_in(struct db_tx *tx, void *context)
{
        struct certificate_order *o = context;
        char serial[2 * ISSUE_SERIAL_OCTETS + 1], detail[CORE_WORDS];
        int r = o->check ? o->check(tx, o->context) : 0;

        if (r == 0)
                r = insert(tx, o);
        if (r == 0 && o->kind == CERTIFICATE_OF_PRINTER)
                r = certificate_note_keys(tx, o->tenant, o->subject);
        if (r)
                return r;
        hex_format(o->issued->row.serial, ISSUE_SERIAL_OCTETS, serial);
        snprintf(detail, sizeof(detail), "way=%s serial=%s", o->way, serial);
        return event_add(tx, o->tenant, o->actor, "certificate-issued", o->subject, detail);
}

static int draw(struct certificate_order *o, struct text key_info)
{
        struct certificate *row = &o->issued->row;
        int64_t now = clock_unix_ms();
        struct issue_draft draft = { .tenant = o->tenant,
                                     .title = "",
                                     .subject = o->subject,
                                     .names = o->names,
                                     .key_info = key_info,
                                     .from_ms = now - HOUR_MS,
                                     .until_ms = now + o->life_ms };
        uint8_t hash[HASH_OCTETS];
        int r = authority_issue(o->core, &draft, &o->issued->authority, row->serial, &o->issued->der);

        if (r)
                return r;
        hash_sha256(key_info, hash);
        hex_format(hash, sizeof(hash), row->spki);
        row->id = id_new();
        row->kind = o->kind;
        row->subject = o->subject;
        row->from_ms = draft.from_ms;
        row->until_ms = draft.until_ms;
        return 0;
}

int certificate_issue(struct certificate_order *o)
{
        SCOPED(buffer_done) struct buffer key_info = BUFFER(KEY_INFO_MAX);
        int r;

        buffer_init(&o->issued->der, AUTHORITY_ROOT_MAX);
        if (!o->names[0] || !format_names(o->names, o->issued->row.names))
                return CORE_BAD_VALUE;
        r = certificate_request_read(o->request, &key_info);
        if (r)
                return r > 0 || r == -EMSGSIZE ? CORE_BAD_REQUEST : r;
        r = draw(o, buffer_text(&key_info));
        return r ? r : db_write(o->core->db, keep_in, o);
}

/* ---- printers, by hand ---- */

struct by_hand {
        const struct actor *actor;
        struct id id;
        struct printer printer;
};

/* Again where the row is written: he may have lost the right meanwhile, or the printer its place. */
static int may_in(struct db_tx *tx, void *context)
{
        struct by_hand *c = context;
        int r = printer_find_in(tx, c->actor->tenant, c->id, &c->printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = right_at_site(tx, c->actor, RIGHT_PRINTERS_CHANGE, c->printer.site);
        return r;
}

int certificate_issue_printer(struct core *core, const struct actor *actor, struct id printer,
                              struct text request, struct certificate_issued *ret)
{
        SCOPED(freep) struct by_hand *c = calloc(1, sizeof(*c));
        SCOPED(freep) struct certificate_names *names = calloc(1, sizeof(*names));
        struct certificate_order order = { .core = core,
                                           .actor = actor,
                                           .tenant = actor->tenant,
                                           .kind = CERTIFICATE_OF_PRINTER,
                                           .subject = printer,
                                           .life_ms = core->settings.certificates.printer_ms,
                                           .way = "request",
                                           .request = request,
                                           .check = may_in,
                                           .context = c,
                                           .issued = ret };
        int r;

        *ret = (struct certificate_issued){ .der = BUFFER(AUTHORITY_ROOT_MAX) };
        if (!c || !names)
                return fault(-ENOMEM);
        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        c->actor = actor;
        c->id = printer;
        r = db_read(core->db, may_in, c);
        if (r)
                return r;
        certificate_names_of_printer(&c->printer, names);
        order.names = names->list;
        return certificate_issue(&order);
}

/* ---- agents' doors ---- */

static bool is_private_v4(const uint8_t *a)
{
        return a[0] == 10 || a[0] == 127 || (a[0] == 172 && (a[1] & 0xf0) == 16) ||
               (a[0] == 192 && a[1] == 168) || (a[0] == 169 && a[1] == 254);
}

static bool is_private_v6(const uint8_t *a)
{
        static const uint8_t loopback[16] = { [15] = 1 };

        return (a[0] & 0xfe) == 0xfc || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) ||
               memcmp(a, loopback, sizeof(loopback)) == 0;
}

/* What means something on a site's own network alone: nobody else's can be meant by it. */
static bool is_of_the_site(const char *name)
{
        uint8_t octets[16];

        if (inet_pton(AF_INET, name, octets) == 1)
                return is_private_v4(octets);
        if (inet_pton(AF_INET6, name, octets) == 1)
                return is_private_v6(octets);
        return !strchr(name, '.') || text_ends_with(text_from(name), ".local");
}

int certificate_issue_agent(struct core *core, const struct actor *agent, const char *const *names,
                            struct text request, struct certificate_issued *ret)
{
        SCOPED(freep) struct certificate_names *good = calloc(1, sizeof(*good));
        SCOPED(freep) struct agent_doors *doors = calloc(1, sizeof(*doors));
        struct certificate_order order = { .core = core,
                                           .actor = agent,
                                           .tenant = agent->tenant,
                                           .kind = CERTIFICATE_OF_AGENT,
                                           .subject = agent->id,
                                           .life_ms = core->settings.certificates.door_ms,
                                           .way = "door",
                                           .request = request,
                                           .issued = ret };
        const char *host;
        int r;

        *ret = (struct certificate_issued){ .der = BUFFER(AUTHORITY_ROOT_MAX) };
        if (!good || !doors)
                return fault(-ENOMEM);
        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = agent_doors_find(core, agent, agent->id, doors);
        if (r)
                return r;
        host = doors->door[AGENT_DOOR_IPP].host;
        if (host[0])
                certificate_add_name(good, text_from(host));
        for (; *names; names++)
                if (is_of_the_site(*names))
                        certificate_add_name(good, text_from(*names));
        order.names = good->list;
        return certificate_issue(&order);
}
