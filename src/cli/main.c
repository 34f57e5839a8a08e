// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <locale.h>
#include <string.h>

#include "base/log.h"
#include "cli/command.h"
#include "os/process.h"

int main(int argc, char **argv)
{
        static struct invocation invocation;
        int status;

        setlocale(LC_TIME, "");
        log_init("imprimatur", LOG_ERROR);
        if (argc > 1 && strcmp(argv[1], "--complete") == 0) {
                command_complete(argc - 2, argv + 2, stdout);
                return 0;
        }
        if (!command_parse(argc, argv, &invocation, &status))
                return status;
        if (process_harden())
                return complain("this process cannot be protected from others; nothing was done.");
        return invocation.command->run(&invocation);
}
