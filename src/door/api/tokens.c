// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/token.h"

#include <string.h>

#include "base/scope.h"
#include "door/api/api.h"

#define TOKEN_YEARS_MAX_S ((int64_t)10 * 365 * 24 * 3600)

static const char *const kinds[] = {
        [TOKEN_PRINT] = "print", [TOKEN_API] = "api", [TOKEN_ADDRESS] = "address", NULL
};

static json_t *token_json(const struct token *t)
{
        return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id", json_of_id(t->id), "kind",
                         kinds[t->kind], "label", json_words_or_null(t->label), "created",
                         json_of_time(t->created_ms), "expires", json_of_time(t->expires_ms), "used",
                         json_of_time(t->used_ms), "used_from", json_words_or_null(t->used_from), "queue",
                         json_of_id(t->queue));
}

static json_t *format_token(const void *item, void *context)
{
        return token_json(item);
}

int tokens_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct token), &page, &r))
                return r;
        r = token_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_token, NULL);
}

static void wipe_secret(char (*secret)[TOKEN_STRING])
{
        explicit_bzero(secret, sizeof(*secret));
}

/* queue: NULL but for an address, which is told as a path: at the service or at any agent with such a door.
 */
static int answer_token(struct request *request, const struct token *token, const struct queue *queue,
                        const char *secret)
{
        json_t *value = token_json(token);
        json_t *more = queue ? json_pack("{s:s, s:s+++++}", "token", secret, "path", "/ipp/print/",
                                         queue->tenant_name, "/", queue->name, "/", secret)
                             : json_pack("{s:s}", "token", secret);

        if (value && json_object_update_new(value, more)) {
                json_decref(value);
                value = NULL;
        }
        return request_answer(request, 201, value);
}

int token_make_answer(struct request *request)
{
        SCOPED(wipe_secret) char secret[TOKEN_STRING];
        int64_t expires_in_s = 0;
        const char *label, *queue_name;
        struct members members;
        struct queue queue;
        struct token token;
        int kind = TOKEN_API, r;

        if (!request_members(request, &members, &r))
                return r;
        label = members_string(&members, "label", MEMBER_REQUIRED, CORE_TITLE - 1);
        members_word(&members, "kind", MEMBER_REQUIRED, kinds, &kind);
        members_number(&members, "expires_in", MEMBER_OPTIONAL, 60, TOKEN_YEARS_MAX_S, &expires_in_s);
        queue_name = members_string(&members, "queue", MEMBER_OPTIONAL, CORE_NAME - 1);
        if ((kind == TOKEN_ADDRESS) != (queue_name != NULL))
                members_complain(&members, "An address, and nothing else, is that of a \"queue\".");
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = queue_name ? request_find_queue_named(request, queue_name, &queue) : 0;
        if (r == 0)
                r = token_make(request->core, &request->actor, (enum token_kind)kind,
                               queue_name ? &queue : NULL, text_from(label), expires_in_s * 1000, &token,
                               secret);
        return r ? request_refuse(request, r)
                 : answer_token(request, &token, queue_name ? &queue : NULL, secret);
}

int token_delete_answer(struct request *request)
{
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = token_delete(request->core, &request->actor, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
