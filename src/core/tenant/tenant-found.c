// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/tenant/tenant.h"

#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "core/person/email.h"
#include "core/person/person.h"
#include "core/job/queue.h"
#include "core/state.h"
#include "crypt/random.h"

#define PASSWORD_OCTETS 13 /* 104 bits, 21 characters */

static int add_administrator(struct core *core, const struct tenant_order *order, struct id *ret,
                             char ret_password[TENANT_PASSWORD])
{
        uint8_t octets[PASSWORD_OCTETS];
        struct person person;
        int r;

        random_octets(octets, sizeof(octets));
        crockford_format(octets, sizeof(octets), ret_password);
        explicit_bzero(octets, sizeof(octets));
        r = person_make(core, NULL, order->tenant->id, order->email, order->name, ROLE_ADMINISTRATOR,
                        &person);
        if (r == 0)
                r = person_set_first_password(core, order->tenant->id, person.id, text_from(ret_password));
        if (r == 0)
                *ret = person.id;
        return r;
}

int tenant_found(struct core *core, const struct actor *actor, const struct tenant_order *order,
                 struct id *ret_administrator, char ret_password[TENANT_PASSWORD])
{
        struct queue queue = { .name = "pull", .title = "Follow me", .kind = QUEUE_PULL, .accepting = true };
        char email[CORE_EMAIL];
        int r, undone;

        if (!email_fold(order->email, email))
                return CORE_BAD_VALUE;
        r = tenant_make(core, actor, order->tenant, order->domain);
        if (r)
                return r;
        r = add_administrator(core, order, ret_administrator, ret_password);
        if (r == 0)
                r = queue_make(core, NULL, order->tenant->id, &queue);
        if (r == 0)
                return 0;
        explicit_bzero(ret_password, TENANT_PASSWORD);
        undone = tenant_delete(core, actor, order->tenant->id, text_from(order->tenant->name));
        return undone < 0 ? undone : r;
}
