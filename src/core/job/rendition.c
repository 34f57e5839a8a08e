// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

int rendition_find(struct db_tx *tx, struct id tenant, struct id job, const char *recipe,
                   struct rendition *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, tenant,
                "SELECT artefact, pages FROM rendition WHERE tenant_id = ?1 AND job_id = ?2 AND recipe = ?3",
                DB_VALUES(db_id(&job), db_string(recipe)), &rows);
        if (r)
                return r;
        *ret = (struct rendition){ (uint32_t)db_rows_integer(&rows, 0), (uint32_t)db_rows_integer(&rows, 1) };
        return 0;
}

/* The oldest of a full house that no open delivery and no look at the pages needs. DB_NO_ROW: all are needed,
 * or there is room. */
static int find_spare(struct db_tx *tx, struct id tenant, struct id job, uint32_t *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant,
                   "SELECT min(d.artefact) FROM document d WHERE d.tenant_id = ?1 AND d.job_id = ?2"
                   " AND d.artefact > 1 AND (SELECT count(*) FROM document c WHERE c.tenant_id = ?1"
                   " AND c.job_id = ?2) >= ?3"
                   " AND NOT EXISTS (SELECT 1 FROM inspection i WHERE i.tenant_id = ?1 AND i.job_id = ?2"
                   " AND i.base = d.artefact)"
                   " AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.tenant_id = ?1 AND o.job_id = ?2"
                   " AND o.state IN ('requested', 'offered', 'armed') AND o.artefact = d.artefact)",
                   DB_VALUES(db_id(&job), db_integer(JOB_ARTEFACTS_MAX)), &rows);
        if (r)
                return r;
        *ret = (uint32_t)db_rows_integer(&rows, 0); /* NULL is 0 */
        return *ret ? 0 : DB_NO_ROW;
}

int rendition_insert(struct db_tx *tx, struct id tenant, const struct document *document, const char *recipe,
                     uint32_t pages, struct places *add_to)
{
        uint32_t spare;
        int r;

        r = find_spare(tx, tenant, document->job, &spare);
        if (r == 0)
                r = document_delete_one(tx, tenant, document->job, spare, add_to);
        if (r && r != DB_NO_ROW)
                return fold(r);
        r = document_insert(tx, tenant, document);
        if (r)
                return r;
        return fold(db_run(tx, tenant,
                           "INSERT INTO rendition (tenant_id, job_id, recipe, artefact, pages)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)",
                           DB_VALUES(db_id(&document->job), db_string(recipe), db_integer(document->artefact),
                                     db_integer(pages)),
                           NULL));
}
