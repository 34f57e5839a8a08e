// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/scope.h"

static void write_file(const char *path, const char *content)
{
        FILE *file = fopen(path, "w");

        assert(file);
        fputs(content, file);
        fclose(file);
}

int main(void)
{
        char path[] = "/tmp/test-config-XXXXXX";
        int fd = mkstemp(path);

        assert(fd >= 0);
        close(fd);

        write_file(path, "# a comment\n[limits]\nsize = 10M\nwait = 5 min\nopen = no\n[other]\nname = a b\n");
        {
                SCOPED(config_closep) struct config *config = NULL;

                assert(config_open(path, &config) == 0);
                assert(config_override(config, "limits.open=yes") == 0);
                assert(config_number(config, "limits", "size", 1, 1, 1 << 30) == 10 << 20);
                assert(config_duration_ms(config, "limits", "wait", 1, 1, 1 << 30) == 300000);
                assert(config_duration_ms(config, "limits", "missing", 7, 1, 10) == 7);
                assert(config_flag(config, "limits", "open", false));
                assert(config_finish(config) == CONFIG_UNKNOWN &&
                       strstr(config_complaint(config), "[other] name"));
        }
        {
                SCOPED(config_closep) struct config *config = NULL;
                char *printed = NULL;
                size_t length;
                FILE *to = open_memstream(&printed, &length);

                assert(to && config_open(path, &config) == 0);
                config_number(config, "limits", "size", 1, 1, 1 << 30);
                config_duration_ms(config, "limits", "wait", 90000, 1, 1 << 30);
                config_number(config, "limits", "none", 0, 0, 1);
                config_flag(config, "limits", "open", true);
                config_string(config, "other", "name", NULL);
                config_string(config, "other", "path", NULL);
                config_print(config, to);
                fclose(to);
                assert(strcmp(printed, "[limits]\nsize = 10 M\nwait = 5 min\nnone = 0\nopen = no\n\n[other]\n"
                                       "name = a b\n# path =\n") == 0);
                free(printed);
        }
        write_file(path, "[limits]\nsize = ten\n");
        {
                SCOPED(config_closep) struct config *config = NULL;

                assert(config_open(path, &config) == 0);
                assert(config_number(config, "limits", "size", 3, 1, 9) == 3);
                assert(config_finish(config) == CONFIG_BAD_VALUE &&
                       strstr(config_complaint(config), "from 1 to 9"));
        }
        write_file(path, "[limits\n");
        {
                SCOPED(config_closep) struct config *config = NULL;

                assert(config_open(path, &config) == CONFIG_BAD_LINE &&
                       strstr(config_complaint(config), ":1:"));
        }
        unlink(path);
        {
                SCOPED(config_closep) struct config *config = NULL;

                assert(config_open(path, &config) == CONFIG_NO_FILE);
        }
        return 0;
}
