// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/queue.h"

#include "base/scope.h"
#include "core/printer/printer-people.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"

static json_t *queue_json(const struct queue *q)
{
        return json_pack("{s:o, s:s, s:o, s:s, s:o, s:b, s:b, s:s, s:s, s:s++++, s:o}", "id",
                         json_of_id(q->id), "name", q->name, "title", json_words_or_null(q->title), "kind",
                         queue_kind_names[q->kind], "printer", json_of_id(q->printer), "accepting",
                         q->accepting, "takes_raw", q->takes_raw, "documents",
                         queue_documents_names[q->documents], "accounting",
                         accounting_needs_names[q->accounting], "path", "/ipp/print/", q->tenant_name, "/",
                         q->name, "", "created", json_of_time(q->created_ms));
}

static json_t *format_queue(const void *item, void *context)
{
        return queue_json(item);
}

int queues_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct queue), &page, &r))
                return r;
        r = queue_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_queue, NULL);
}

/* The printer of one that is no pull queue; false after a refusal was answered. */
static bool read_printer(struct request *request, const char *name, struct queue *queue, int *ret_r)
{
        struct printer printer;
        int r;

        if (queue->kind == QUEUE_PULL) {
                if (!name)
                        return true;
                *ret_r = request_bad(request, "A pull queue has no printer: its jobs come out at any.");
                return false;
        }
        if (!name) {
                *ret_r = request_bad(request, "A direct or secure queue needs its \"printer\".");
                return false;
        }
        r = request_find_printer(request, text_from(name), &printer);
        if (r) {
                *ret_r = request_refuse(request, r);
                return false;
        }
        queue->printer = printer.id;
        return true;
}

int queue_make_answer(struct request *request)
{
        struct queue queue = { .accepting = true };
        const char *name, *title, *printer;
        struct members members;
        int kind = QUEUE_PULL, documents = DOCUMENTS_SERVICE, r;

        if (!request_members(request, &members, &r))
                return r;
        name = members_string(&members, "name", MEMBER_REQUIRED, CORE_NAME - 1);
        title = members_string(&members, "title", MEMBER_OPTIONAL, CORE_TITLE - 1);
        members_word(&members, "kind", MEMBER_REQUIRED, queue_kind_names, &kind);
        printer = members_string(&members, "printer", MEMBER_OPTIONAL, CORE_NAME - 1);
        members_flag(&members, "accepting", MEMBER_OPTIONAL, &queue.accepting);
        members_flag(&members, "takes_raw", MEMBER_OPTIONAL, &queue.takes_raw);
        (void)members_word(&members, "documents", MEMBER_OPTIONAL, queue_documents_names, &documents);
        if (!members_finish(&members))
                return request_complain(request, &members);
        text_copy(text_from(name), queue.name, sizeof(queue.name));
        text_copy(text_from(title), queue.title, sizeof(queue.title));
        queue.kind = (enum queue_kind)kind;
        queue.documents = (enum queue_documents)documents;
        if (!read_printer(request, printer, &queue, &r))
                return r;
        r = queue_make(request->core, &request->actor, request->actor.tenant, &queue);
        return r ? request_refuse(request, r) : request_answer(request, 201, queue_json(&queue));
}

static int find_queue(struct request *request, struct queue *ret)
{
        struct tenant tenant;
        struct id id;
        int r;

        if (request_id(request, 0, &id))
                return queue_find_by_id(request->core, request->actor.tenant, id, ret);
        r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        return r ? r : queue_find(request->core, text_from(tenant.name), request->arguments[0], ret);
}

/* One that leads to a printer which is not there for him is not there either. */
int request_find_queue(struct request *request, struct queue *ret)
{
        struct printer printer;
        int r = find_queue(request, ret);

        if (r || id_is_zero(ret->printer))
                return r;
        r = printer_find(request->core, ret->tenant, ret->printer, &printer);
        return r ? r : printer_check_seen(request->core, &request->actor, &printer);
}

int queue_answer(struct request *request)
{
        struct queue queue;
        int r = request_find_queue(request, &queue);

        return r ? request_refuse(request, r) : request_answer(request, 200, queue_json(&queue));
}

/* What the body has takes the place of what the queue had. False after a complaint was answered. */
static bool read_change(struct request *request, struct queue *queue, int *ret_r)
{
        struct members members;
        int kind = queue->kind, documents = queue->documents;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "title", MEMBER_OPTIONAL, queue->title, sizeof(queue->title));
        (void)members_word(&members, "kind", MEMBER_OPTIONAL, queue_kind_names, &kind);
        members_flag(&members, "accepting", MEMBER_OPTIONAL, &queue->accepting);
        members_flag(&members, "takes_raw", MEMBER_OPTIONAL, &queue->takes_raw);
        (void)members_word(&members, "documents", MEMBER_OPTIONAL, queue_documents_names, &documents);
        if (!members_finish(&members)) {
                *ret_r = request_complain(request, &members);
                return false;
        }
        queue->kind = (enum queue_kind)kind;
        queue->documents = (enum queue_documents)documents;
        return true;
}

int queue_change_answer(struct request *request)
{
        struct queue queue;
        int r = request_find_queue(request, &queue);

        if (r)
                return request_refuse(request, r);
        if (!read_change(request, &queue, &r))
                return r;
        r = queue_change(request->core, &request->actor, &queue);
        return r ? request_refuse(request, r) : request_answer(request, 200, queue_json(&queue));
}

int queue_delete_answer(struct request *request)
{
        struct queue queue;
        int r = request_find_queue(request, &queue);

        if (r == 0)
                r = queue_delete(request->core, &request->actor, queue.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
