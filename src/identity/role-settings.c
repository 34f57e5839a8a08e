// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/role-settings.h"

#include <string.h>

#include "core/sign-in/outside-role.h"

static bool parse_role(const json_t *value, enum role *ret)
{
        const char *word = json_string_value(value);

        for (size_t i = 0; word && role_names_of_people[i]; i++)
                if (strcmp(role_names_of_people[i], word) == 0) {
                        *ret = (enum role)i;
                        return outside_role_may_be_given(*ret);
                }
        return false;
}

bool role_settings_parse(const json_t *value, struct outside_policy *ret)
{
        const char *name;
        json_t *role;

        ret->role_count = 0;
        if (!value || json_is_null(value))
                return true;
        if (!json_is_object(value) || json_object_size(value) > OUTSIDE_ROLES_MAX)
                return false;
        json_object_foreach((json_t *)value, name, role)
        {
                struct outside_role *to = &ret->roles[ret->role_count++];
                struct text group = text_from(name);

                if (group.len == 0 || !text_is_printable(group) ||
                    !text_copy(group, to->group, sizeof(to->group)) || !parse_role(role, &to->role))
                        return false;
        }
        return true;
}
