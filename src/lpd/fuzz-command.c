// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "lpd/command.h"
#include "lpd/job.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct lpd_command command;
        struct lpd_subcommand subcommand;

        if (lpd_command_parse(text_from_octets(data, size), &command) == 0)
                assert(command.queue.len > 0 && command.queue.len + command.operands.len < size);
        if (lpd_subcommand_parse(text_from_octets(data, size), &subcommand) == 0)
                assert(subcommand.host.len > 0 && subcommand.host.len + 9 <= size);
        return 0;
}
