// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-exchange.h"

#include "base/arena.h"
#include "net/http-connection.h"

struct text http_header(const struct http_exchange *x, const char *name)
{
        const struct http_head *head = &x->connection->work->head;

        return http_field_find(head->fields, head->field_count, name);
}

bool http_query(const struct http_exchange *x, const char *name, struct text *ret)
{
        struct text rest = x->query, key, value;
        char *scratch;

        if (rest.len == 0)
                return false;
        scratch = arena_alloc(x->arena, rest.len);
        while (scratch && http_query_next(&rest, scratch, &key, &value))
                if (text_equal_string(key, name)) {
                        *ret = value;
                        return true;
                }
        return false;
}

bool http_method_is(const struct http_exchange *x, const char *method)
{
        return text_equal_string(x->method, method);
}
