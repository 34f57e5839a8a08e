// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-forward.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/release/delivery.h"
#include "core/state.h"

enum part {
        PART_LETTERS,
        PART_EMAIL,
        PART_USER,
        PART_NAME,
        PART_BAD,
};

/* Cuts the next part off: what stands between braces, or the letters before the next one. */
static enum part next_part(struct text *rest, struct text *ret)
{
        static const char *const names[] = {
                [PART_EMAIL] = "{email}", [PART_USER] = "{user}", [PART_NAME] = "{name}"
        };
        size_t len = 0;

        for (size_t i = PART_EMAIL; i < ARRAY_LENGTH(names); i++)
                if (text_starts_with(*rest, names[i])) {
                        rest->at += strlen(names[i]);
                        rest->len -= strlen(names[i]);
                        return (enum part)i;
                }
        while (len < rest->len && rest->at[len] != '{' && rest->at[len] != '}')
                len++;
        *ret = (struct text){ rest->at, len };
        rest->at += len;
        rest->len -= len;
        return len ? PART_LETTERS : PART_BAD;
}

bool printer_forward_is_valid(const char *pattern)
{
        struct text rest = text_from(pattern), letters;
        bool names = false;

        while (rest.len) {
                enum part part = next_part(&rest, &letters);

                if (part == PART_BAD)
                        return false;
                names = names || part != PART_LETTERS;
        }
        return names && text_is_printable(text_from(pattern));
}

bool printer_forward_user(const char *pattern, struct text email, struct text name, char *ret, size_t size)
{
        SCOPED(buffer_done) struct buffer made = BUFFER(CORE_EMAIL + CORE_TITLE + PRINTER_FORWARD);
        struct text rest = text_from(pattern), letters, user, domain;

        text_cut(email, '@', &user, &domain);
        while (rest.len) {
                switch (next_part(&rest, &letters)) {
                case PART_EMAIL: buffer_add_text(&made, email); break;
                case PART_USER: buffer_add_text(&made, user); break;
                case PART_NAME: buffer_add_text(&made, name.len ? name : user); break;
                case PART_LETTERS: buffer_add_text(&made, letters); break;
                case PART_BAD: return false;
                }
        }
        return made.len > 0 && !made.failure && text_copy(buffer_text(&made), ret, size);
}

static int read_title(struct core *core, struct id tenant, struct id job, struct text sealed,
                      struct delivery_forward *ret)
{
        SCOPED(buffer_done) struct buffer plain = BUFFER(FIELD_MAX);
        const struct tenant_entry *entry;
        int r = tenant_entry_get(core, tenant, &entry);

        if (r)
                return fold(r);
        r = tenant_unseal(core, entry, text_from_octets(job.octets, ID_OCTETS), sealed, &plain);
        if (r)
                return fold(r);
        return text_copy(buffer_text(&plain), ret->title, sizeof(ret->title)) ? 0 : fault(-EBADMSG);
}

int printer_forward_describe(struct core *core, struct db_tx *tx, struct id tenant,
                             const struct printer *printer, struct id job, struct delivery_forward *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret = (struct delivery_forward){ .user = "" };
        if (!printer->forward_user[0])
                return 0;
        r = db_one(tx, tenant,
                   "SELECT p.email, p.name, j.title FROM job j JOIN person p ON p.tenant_id = j.tenant_id"
                   " AND p.id = j.owner_id WHERE j.tenant_id = ?1 AND j.id = ?2",
                   DB_VALUES(db_id(&job)), &rows);
        if (r)
                return fold(r);
        /* Nobody's name would be somebody else's account: without one it is not handed over. */
        if (!printer_forward_user(printer->forward_user, db_rows_text(&rows, 0), db_rows_text(&rows, 1),
                                  ret->user, sizeof(ret->user)))
                return fault(-ENAMETOOLONG);
        return printer->forward_titles ? read_title(core, tenant, job, db_rows_text(&rows, 2), ret) : 0;
}
