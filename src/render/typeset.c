// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/typeset.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "render/cell.h"
#include "render/tool.h"

#define DOCUMENT "/document"

static const char *const folders[] = { "/etc/fonts", "/var/cache/fontconfig", NULL };
static const char *const environment[] = { "LC_ALL", "C.UTF-8", NULL };

static const struct cell_profile profile = {
        .folders = folders,
        .environment = environment,
        .calls = tool_calls,
        .has_proc = true,
        .has_typeset = true,
        .tmp_octets = UINT64_C(64) << 20,
        .files = 256,
        .processes = 64,
};

bool typeset_is_there(void)
{
        SCOPED(closep) int fd = -1;

        return cell_open_typeset(&fd) == 0;
}

static int listen_to(void *context, struct text line)
{
        (void)context;
        (void)line;
        return 0;
}

int typeset_run(const struct order *order, int document, int64_t deadline_ms, int *ret)
{
        SCOPED(closep) int made = memfd_create("made", MFD_CLOEXEC);
        struct order_limits limits = order->limits;
        char width[16], height[16], pages[16], memory[24];
        const char *const argv[] = { CELL_TYPESET, DOCUMENT, width, height, pages, memory, NULL };
        const struct cell_order cell = {
                .profile = &profile,
                .argv = argv,
                .document = document,
                .name = DOCUMENT,
                .limits = &limits,
                .deadline_ms = deadline_ms,
                .collect = cell_collect_to,
                .listen = listen_to,
                .context = &made,
        };
        int r;

        if (made < 0)
                return fault(-errno);
        snprintf(width, sizeof(width), "%.0f", order->media.width);
        snprintf(height, sizeof(height), "%.0f", order->media.height);
        snprintf(pages, sizeof(pages), "%" PRIu32, limits.pages);
        snprintf(memory, sizeof(memory), "%" PRIu64, limits.memory_octets);
        limits.memory_octets = CELL_NO_LIMIT; /* it limits itself, beyond what it has at its start */
        r = cell_run(&cell);
        if (r == 0)
                *ret = take_fd(&made);
        return r;
}
