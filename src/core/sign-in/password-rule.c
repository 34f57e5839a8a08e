// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <string.h>
#include <strings.h>

#include "base/outcome.h"
#include "core/sign-in/breached.h"
#include "core/sign-in/method.h"
#include "core/state.h"

/*
 * Length over composition (NIST SP 800-63B, section 5.1.1.2; ASVS 5.0, section 6.2): no rule asks for digits
 * or capitals. What is refused is what is too short, and what others have used or would try first.
 */

#define OCTETS_MAX 512

/* Of UTF-8, which it is. */
static size_t count_characters(struct text password)
{
        size_t count = 0;

        for (size_t i = 0; i < password.len; i++)
                count += ((unsigned char)password.at[i] & 0xc0) != 0x80;
        return count;
}

static bool is_same(struct text password, struct text words)
{
        return password.len == words.len && strncasecmp(password.at, words.at, words.len) == 0;
}

/* His address or the part of it before the "@", or what the organisation is called. */
static bool is_obvious(const struct tenant *tenant, const char *email, struct text password)
{
        struct text local, domain;

        if (email) {
                text_cut(text_from(email), '@', &local, &domain);
                if (is_same(password, local) || is_same(password, text_from(email)) ||
                    is_same(password, domain))
                        return true;
        }
        return is_same(password, text_from(tenant->name)) || is_same(password, text_from(tenant->title));
}

int password_judge(struct core *core, struct id tenant_id, const char *email, struct text password)
{
        struct sign_in_policy policy;
        struct tenant tenant;
        bool is_known;
        int r;

        if (password.len > OCTETS_MAX || !text_is_printable(password))
                return CORE_BAD_VALUE;
        r = sign_in_policy_read(core, tenant_id, &policy);
        if (r)
                return r;
        if (count_characters(password) < core->settings.password_least ||
            count_characters(password) < policy.password_least)
                return CORE_BAD_VALUE;
        r = tenant_find_by_id(core, tenant_id, &tenant);
        if (r)
                return fold(r);
        if (breached_is_common(password) || is_obvious(&tenant, email, password))
                return CORE_KNOWN_PASSWORD;
        r = breached_has(core->breached, password, &is_known);
        if (r)
                return r;
        return is_known ? CORE_KNOWN_PASSWORD : 0;
}
