// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/kind.h"

static const char *const names[] = {
        [WORK_RENDITION] = "rendition",
        [WORK_PREVIEW] = "preview",
        [WORK_INSPECTION] = "inspection",
};

const char *work_kind_name(enum work_kind kind)
{
        return names[kind];
}

bool work_kind_parse(struct text name, enum work_kind *ret)
{
        for (int kind = 0; kind < WORK_KINDS; kind++)
                if (text_equal_string(name, names[kind])) {
                        *ret = (enum work_kind)kind;
                        return true;
                }
        return false;
}
