// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/retired.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"

#define MAGIC        "imprret1"
#define MAGIC_OCTETS 8
#define FILE_OCTETS  (MAGIC_OCTETS + 4)

struct retired {
        int directory;
};

int retired_open(const char *state, struct retired **ret)
{
        SCOPED(retired_closep) struct retired *retired = calloc(1, sizeof(*retired));
        SCOPED(closep) int parent = -1;
        int r;

        if (!retired)
                return fault(-ENOMEM);
        retired->directory = -1;
        r = directory_open(state, &parent);
        if (r == 0)
                r = directory_open_at(parent, "retired", &retired->directory);
        if (r < 0)
                return r;
        *ret = take(retired);
        return 0;
}

void retired_close(struct retired *retired)
{
        if (!retired)
                return;
        if (retired->directory >= 0)
                close(retired->directory);
        free(retired);
}

void retired_closep(struct retired **retired)
{
        retired_close(*retired);
}

int retired_find(struct retired *retired, struct id tenant, uint32_t *ret_first)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(FILE_OCTETS);
        char name[ID_STRING];
        int r;

        id_format(tenant, name);
        r = file_read_at(retired->directory, name, FILE_OCTETS, &octets);
        if (r == FILE_NOT_FOUND) {
                *ret_first = 0;
                return 0;
        }
        if (r < 0)
                return r;
        if (r > 0 || octets.len != FILE_OCTETS || memcmp(octets.at, MAGIC, MAGIC_OCTETS) != 0)
                return fault(-EBADMSG);
        *ret_first = 0;
        for (int i = 0; i < 4; i++)
                *ret_first = *ret_first << 8 | (uint8_t)octets.at[MAGIC_OCTETS + i];
        return 0;
}

int retired_store(struct retired *retired, struct id tenant, uint32_t first)
{
        char name[ID_STRING], content[FILE_OCTETS];
        uint32_t before;
        int r;

        r = retired_find(retired, tenant, &before);
        if (r || before >= first)
                return r;
        id_format(tenant, name);
        memcpy(content, MAGIC, MAGIC_OCTETS);
        for (int i = 0; i < 4; i++)
                content[MAGIC_OCTETS + i] = (char)(first >> (24 - 8 * i));
        return file_replace_at(retired->directory, name, 0600, text_from_octets(content, sizeof(content)));
}
