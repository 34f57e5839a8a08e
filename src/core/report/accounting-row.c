// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/accounting-row.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"

#define PLAIN_OCTETS (2 * ACCOUNTING_NAME)

/* What the values are bound to, so that those of one thing are not taken for another's. */
#define BINDING_OCTETS (10 + ID_OCTETS)

static struct text bind(struct id subject, char ret[BINDING_OCTETS])
{
        memcpy(ret, "accounting", 10);
        memcpy(ret + 10, subject.octets, ID_OCTETS);
        return text_from_octets(ret, BINDING_OCTETS);
}

int accounting_row_open(struct core *core, struct id tenant, struct id subject, struct text sealed,
                        struct accounting *ret)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(PLAIN_OCTETS);
        const struct tenant_entry *entry;
        char binding[BINDING_OCTETS];
        struct text account, user;
        int r;

        r = tenant_entry_get(core, tenant, &entry);
        if (r == 0)
                r = tenant_unseal(core, entry, bind(subject, binding), sealed, &plain);
        if (r)
                return fold(r);
        if (!text_cut(buffer_text(&plain), '\0', &account, &user) ||
            !text_copy(account, ret->account, sizeof(ret->account)) ||
            !text_copy(user, ret->user, sizeof(ret->user)))
                return fault(-EBADMSG);
        return 0;
}

#define COLUMNS "SELECT subject_id, owner_id, needs, may_save, sealed FROM accounting WHERE tenant_id = ?1"

static int read_row(struct core *core, struct id tenant, struct db_rows *rows, struct accounting_row *ret)
{
        *ret = (struct accounting_row){ .owner = db_rows_id(rows, 1),
                                        .needs = (enum accounting_needs)db_rows_integer(rows, 2),
                                        .may_save = db_rows_integer(rows, 3) };
        if (db_rows_is_null(rows, 4))
                return 0;
        return accounting_row_open(core, tenant, db_rows_id(rows, 0), db_rows_text(rows, 4), &ret->values);
}

int accounting_row_find(struct core *core, struct db_tx *tx, struct id tenant, struct id subject,
                        struct accounting_row *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant, COLUMNS " AND subject_id = ?2", DB_VALUES(db_id(&subject)), &rows);
        if (r)
                return r == DB_NO_ROW ? r : fold(r);
        return read_row(core, tenant, &rows, ret);
}

int accounting_rows_find(struct core *core, struct db_tx *tx, struct id tenant,
                         const struct id subjects[ACCOUNTING_ROWS],
                         struct accounting_row ret[ACCOUNTING_ROWS])
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(tx, tenant, COLUMNS " AND subject_id IN (?2, ?3, ?4, ?5, ?6)",
                    DB_VALUES(db_id(&subjects[0]), db_id(&subjects[1]), db_id(&subjects[2]),
                              db_id(&subjects[3]), db_id(&subjects[4])),
                    &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                for (size_t i = 0; r == 0 && i < ACCOUNTING_ROWS; i++)
                        if (id_equal(subjects[i], db_rows_id(&rows, 0)))
                                r = read_row(core, tenant, &rows, &ret[i]);
                if (r)
                        return r;
        }
        return fold(r);
}

int accounting_row_put(struct core *core, struct db_tx *tx, struct id tenant, struct id subject,
                       const struct accounting_row *row)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(PLAIN_OCTETS);
        SCOPED(buffer_done) struct buffer sealed = BUFFER(2 * PLAIN_OCTETS);
        const struct tenant_entry *entry;
        char binding[BINDING_OCTETS];
        int r;

        r = tenant_entry_get(core, tenant, &entry);
        if (r)
                return r;
        buffer_add_string(&plain, row->values.account);
        buffer_add_octet(&plain, 0);
        buffer_add_string(&plain, row->values.user);
        r = plain.failure ? fault(plain.failure)
                          : tenant_seal(core, entry, bind(subject, binding), buffer_text(&plain), &sealed);
        if (r)
                return fold(r);
        return fold(db_run(
                tx, tenant,
                "INSERT INTO accounting (tenant_id, subject_id, owner_id, needs, may_save, sealed)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, subject_id)"
                " DO UPDATE SET owner_id = ?3, needs = ?4, may_save = ?5, sealed = ?6",
                DB_VALUES(db_id(&subject), db_id(&row->owner), db_integer(row->needs),
                          db_integer(row->may_save),
                          accounting_is_empty(&row->values) ? db_null() : db_octets(sealed.at, sealed.len)),
                NULL));
}

int accounting_row_delete(struct db_tx *tx, struct id tenant, struct id subject)
{
        return fold(db_run(tx, tenant, "DELETE FROM accounting WHERE tenant_id = ?1 AND subject_id = ?2",
                           DB_VALUES(db_id(&subject)), NULL));
}
