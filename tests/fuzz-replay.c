// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Replays a corpus through a fuzz target, without libFuzzer: every file of every folder named on the command
 * line. It runs in every ordinary test run, so that a finding once fixed stays fixed.
 */
#include <assert.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *path)
{
        FILE *file = fopen(path, "rb");
        struct stat st;
        uint8_t *data;

        assert(file);
        assert(fstat(fileno(file), &st) == 0);

        /* An exact allocation, so that the address sanitizer sees a read one octet too far. */
        data = malloc(st.st_size ? (size_t)st.st_size : 1);
        assert(data);
        assert(fread(data, 1, (size_t)st.st_size, file) == (size_t)st.st_size);
        fclose(file);

        LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
        free(data);
}

int main(int argc, char **argv)
{
        size_t count = 0;

        for (int i = 1; i < argc; i++) {
                DIR *dir = opendir(argv[i]);
                struct dirent *entry;

                if (!dir) {
                        fprintf(stderr, "%s: no corpus here\n", argv[i]);
                        return 1;
                }
                while ((entry = readdir(dir))) {
                        char path[4096];

                        if (entry->d_name[0] == '.')
                                continue;
                        snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
                        replay(path);
                        count++;
                }
                closedir(dir);
        }

        printf("%zu seeds replayed\n", count);
        return count == 0;
}
