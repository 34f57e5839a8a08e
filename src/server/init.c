// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/init.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "core/job/queue.h"
#include "core/tenant/tenant.h"
#include "db/db.h"

#define PASSWORD_LEAST 8
#define PASSWORD_MOST  512

struct password {
        char octets[PASSWORD_MOST + 2];
};

static void password_done(struct password *password)
{
        explicit_bzero(password, sizeof(*password));
}

/* By read(2): stdio would keep a copy. */
static int read_password(struct password *ret)
{
        size_t length = 0;

        while (length < sizeof(ret->octets) - 1 && !memchr(ret->octets, '\n', length)) {
                ssize_t n = read(STDIN_FILENO, ret->octets + length, sizeof(ret->octets) - 1 - length);

                if (n < 0 && errno != EINTR)
                        return fault(-errno);
                if (n == 0)
                        break;
                length += n > 0 ? (size_t)n : 0;
        }
        ret->octets[length] = '\0';
        ret->octets[strcspn(ret->octets, "\n")] = '\0';
        length = strlen(ret->octets);
        if (length >= PASSWORD_LEAST && length <= PASSWORD_MOST)
                return 0;
        complain("the password (the first line of standard input) must have %d to %d octets", PASSWORD_LEAST,
                 PASSWORD_MOST);
        return HOUSE_CLOSED;
}

static int find_any(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        return db_one_all(tx, "SELECT 1 FROM tenant LIMIT 1", DB_NONE, &rows);
}

static int refuse_second(struct house *house, const struct init_order *order)
{
        int r = db_read(house->db, find_any, NULL);

        if (r == DB_NO_ROW || (r == 0 && order->is_another))
                return 0;
        if (r < 0)
                return r;
        complain("there is a tenant already: nothing was changed. Its administrator makes people with "
                 "`imprimatur person add`; a further tenant is made with --add-tenant instead of --init.");
        return HOUSE_CLOSED;
}

static bool copy(const char *from, char *to, size_t size)
{
        return text_copy(text_from(from), to, size);
}

static int make_tenant(struct house *house, const struct init_order *order, struct tenant *ret)
{
        int r = CORE_BAD_VALUE;

        memset(ret, 0, sizeof(*ret));
        if (copy(order->tenant, ret->name, sizeof(ret->name)) &&
            copy(order->title ? order->title : order->tenant, ret->title, sizeof(ret->title)) &&
            copy(order->company_code, ret->company_code, sizeof(ret->company_code))) {
                ret->is_operators = order->is_operator;
                r = tenant_make(house->core, NULL, ret, order->mail_domain);
        }
        if (r == CORE_TAKEN)
                complain("a tenant of that name, company code or mail domain exists already");
        else if (r == CORE_BAD_VALUE)
                complain("--tenant is lower-case letters, digits and hyphens; --mail-domain a domain such as "
                         "example.com; --company-code six letters and digits");
        return r > 0 ? HOUSE_CLOSED : r;
}

static int make_person(struct house *house, const struct init_order *order, const struct tenant *tenant,
                       const struct password *password)
{
        enum role role = order->is_operator ? ROLE_OPERATOR : ROLE_ADMINISTRATOR;
        struct person person;
        int r;

        r = person_make(house->core, NULL, tenant->id, text_from(order->email), text_from(order->name), role,
                        &person);
        if (r == 0)
                r = person_set_password(house->core, NULL, tenant->id, person.id,
                                        text_from(password->octets));
        if (r <= 0)
                return r;
        complain("%s: cannot be made: %s", order->email,
                 r == CORE_TAKEN ? "the address is in use" : "it must be an e-mail address");
        return HOUSE_CLOSED;
}

/* What people's devices print to. */
static int make_queue(struct house *house, const struct tenant *tenant)
{
        struct queue queue = { .name = "pull", .title = "Follow me", .kind = QUEUE_PULL, .accepting = true };

        return fold(queue_make(house->core, NULL, tenant->id, &queue));
}

/* What tenant_make() and person_make() would refuse only after something was written. */
static int check(const struct init_order *order)
{
        struct text name, domain;

        if (order->tenant && order->mail_domain && order->email &&
            text_cut(text_from(order->email), '@', &name, &domain) && name.len &&
            text_is_name(text_from(order->tenant)) &&
            text_equal_nocase(domain, text_from(order->mail_domain)))
                return 0;
        complain(
                "name the tenant and its administrator: --tenant NAME --mail-domain example.com --administrator "
                "somebody@example.com");
        return HOUSE_CLOSED;
}

struct operators {
        struct id tenant;
};

static int find_operators(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct operators *operators = context;
        int r = db_one_all(tx, "SELECT id FROM tenant WHERE is_operators = 1", DB_NONE, &rows);

        if (r == 0)
                operators->tenant = db_rows_id(&rows, 0);
        return r;
}

/* The tenant of operators is made with the first of them. */
static int get_operators(struct house *house, const struct init_order *order, struct tenant *ret)
{
        struct init_order first = *order;
        struct operators operators;
        int r = db_read(house->db, find_operators, &operators);

        if (r == 0)
                return fold(tenant_find_by_id(house->core, operators.tenant, ret));
        if (r < 0)
                return r;
        first.tenant = order->tenant ? order->tenant : "operators";
        first.title = order->title ? order->title : "Operators of the service";
        return make_tenant(house, &first, ret);
}

static int add_operator(struct house *house, const struct init_order *order)
{
        SCOPED(password_done) struct password password;
        struct text name, domain;
        struct tenant tenant;
        int r;

        if (!order->email || !text_cut(text_from(order->email), '@', &name, &domain) || name.len == 0) {
                complain("name the operator: --operator somebody@example.com");
                return HOUSE_CLOSED;
        }
        r = read_password(&password);
        if (r == 0)
                r = get_operators(house, order, &tenant);
        if (r == 0)
                r = make_person(house, order, &tenant, &password);
        if (r == 0)
                printf("tenant        %s\ncompany code  %s\noperator      %s\n", tenant.name,
                       tenant.company_code, order->email);
        return r;
}

int init_run(struct house *house, const struct init_order *order)
{
        SCOPED(password_done) struct password password;
        struct tenant tenant;
        int r;

        if (order->is_operator)
                return add_operator(house, order);
        r = check(order);
        if (r == 0)
                r = refuse_second(house, order);
        if (r == 0)
                r = read_password(&password);
        if (r == 0)
                r = make_tenant(house, order, &tenant);
        if (r == 0)
                r = make_person(house, order, &tenant, &password);
        if (r == 0)
                r = make_queue(house, &tenant);
        if (r == 0)
                printf("tenant        %s\ncompany code  %s\nadministrator %s\nqueue         pull\n",
                       tenant.name, tenant.company_code, order->email);
        return r;
}
