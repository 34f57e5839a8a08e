// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/outcome.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

static _Thread_local char birthplace[256] = "unknown";

int fault_at(int r, const char *function, const char *file, int line)
{
        assert(r < 0);
        snprintf(birthplace, sizeof(birthplace), "%s:%d %s", file, line, function);
        return r;
}

int fold_at(int r, const char *function, const char *file, int line)
{
        return r > 0 ? fault_at(-EPROTO, function, file, line) : r;
}

int fault_from(int r, const char *from)
{
        assert(r < 0);
        snprintf(birthplace, sizeof(birthplace), "%s", from);
        return r;
}

const char *fault_birthplace(void)
{
        return birthplace;
}
