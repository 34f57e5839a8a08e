// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/email.h"

#include <string.h>

#define LOCAL_OCTETS_MAX  64 /* RFC 5321, section 4.5.3.1.1 */
#define DOMAIN_OCTETS_MAX 253

static void fold(char *at)
{
        for (; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
}

/* Labels of letters, digits, hyphens and (as some have them) underscores, with dots between (RFC 1035,
 * section 2.3.1). */
static bool is_domain(struct text domain)
{
        struct text label, rest = domain;
        bool more = true;

        if (domain.len > DOMAIN_OCTETS_MAX)
                return false;
        while (more) {
                more = text_cut(rest, '.', &label, &rest);
                if (!text_is_name(label) || label.at[label.len - 1] == '-')
                        return false;
        }
        return true;
}

bool email_fold(struct text email, char ret[CORE_EMAIL])
{
        char folded[CORE_EMAIL];
        struct text local, domain;

        if (!text_copy(email, folded, sizeof(folded)) || !text_is_printable(email) ||
            !text_cut(email, '@', &local, &domain) || local.len == 0 || local.len > LOCAL_OCTETS_MAX)
                return false;
        if (strpbrk(folded, " \t,;:<>\"()[]\\"))
                return false;
        fold(folded);
        if (!is_domain(text_from(folded + local.len + 1)))
                return false;
        memcpy(ret, folded, sizeof(folded));
        return true;
}

const char *email_domain(const char *email)
{
        const char *at = strchr(email, '@');

        return at ? at + 1 : "";
}

bool email_fold_domain(struct text domain, char ret[CORE_EMAIL])
{
        char folded[CORE_EMAIL];

        if (!text_copy(domain, folded, sizeof(folded)))
                return false;
        fold(folded);
        if (!is_domain(text_from(folded)))
                return false;
        memcpy(ret, folded, sizeof(folded));
        return true;
}
