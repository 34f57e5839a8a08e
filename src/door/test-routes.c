// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/routes.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static size_t cut(const char *path, struct text segments[16])
{
        struct text rest = text_from(path + 1);
        size_t count = 0;
        bool more = rest.len > 0;

        while (more)
                more = text_cut(rest, '/', &segments[count++], &rest);
        return count;
}

static const struct {
        const char *method;
        const char *path;
        const char *pattern; /* NULL: no route */
        const char *first;
} rows[] = {
        { "GET", "/healthz", "/healthz", NULL },
        { "HEAD", "/healthz", "/healthz", NULL },
        { "POST", "/healthz", NULL, NULL },
        { "get", "/healthz", NULL, NULL },
        { "GET", "/v1/jobs", "/v1/jobs", NULL },
        { "GET", "/v1/jobs/", "/v1/jobs/{job}", "" },
        { "GET", "/v1/jobs/a", "/v1/jobs/{job}", "a" },
        { "GET", "/v1/jobs/a/b", NULL, NULL },
        { "GET", "/v1", NULL, NULL },
        { "GET", "/", NULL, NULL },
        { "GET", "/V1/jobs", NULL, NULL },
        { "GET", "/v1//jobs", NULL, NULL },
        { "DELETE", "/v1/people/x/badges/y", "/v1/people/{person}/badges/{badge}", "x" },
        { "GET", "/setup", NULL, NULL },
};

static void test_rows(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct text segments[16], arguments[ROUTE_ARGUMENTS_MAX];
                size_t count = cut(rows[i].path, segments);
                const struct route *route = route_find(text_from(rows[i].method), segments, count, arguments);

                printf("%s %s\n", rows[i].method, rows[i].path);
                assert(!route == !rows[i].pattern);
                if (route)
                        assert(strcmp(route->pattern, rows[i].pattern) == 0);
                if (rows[i].first)
                        assert(text_equal_string(arguments[0], rows[i].first));
        }
}

/* Deny is the default, and a line of the table that says nothing would be one that says yes. */
static void test_table(void)
{
        size_t count;
        const struct route *routes = routes_all(&count);

        for (size_t i = 0; i < count; i++) {
                bool is_of_agents = strncmp(routes[i].pattern, "/v1/agent/", 10) == 0;
                bool is_of_converters = strncmp(routes[i].pattern, "/v1/converter/", 14) == 0;
                bool is_for_agents = routes[i].right == RIGHT_AGENT_WORK;
                bool is_for_converters = routes[i].right == RIGHT_CONVERTER_WORK;

                assert(right_name(routes[i].right) && routes[i].body && routes[i].answer);
                if (routes[i].right == RIGHT_ENROL)
                        assert(is_of_agents || is_of_converters);
                else
                        assert(is_of_agents == is_for_agents && is_of_converters == is_for_converters);
                assert(routes[i].body != ROUTE_DOCUMENT || routes[i].open);
                assert(!routes[i].creates || strcmp(routes[i].method, "POST") == 0);
                if (routes[i].right == RIGHT_LOOK)
                        assert(strcmp(routes[i].method, "GET") == 0 &&
                               strncmp(routes[i].pattern, "/v1/", 4) != 0);
                for (size_t k = 0; k < i; k++)
                        assert(strcmp(routes[i].pattern, routes[k].pattern) != 0 ||
                               strcmp(routes[i].method, routes[k].method) != 0);
        }
}

static void test_methods(void)
{
        struct text segments[16];
        char methods[64];

        assert(route_methods(segments, cut("/v1/jobs/x", segments), methods, sizeof(methods)));
        assert(strcmp(methods, "GET, PATCH, DELETE") == 0);
        assert(!route_methods(segments, cut("/v1/nothing", segments), methods, sizeof(methods)));
}

int main(void)
{
        test_rows();
        test_table();
        test_methods();
        return 0;
}
