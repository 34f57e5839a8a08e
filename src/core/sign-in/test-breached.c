// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/breached.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/scope.h"
#include "crypt/hash.h"

#define LINES 2000

static char path[] = "/tmp/test-breached-XXXXXX";
static char lines[LINES][48];

static void password_of(int i, char ret[32])
{
        snprintf(ret, 32, "stolen password %d", i);
}

static int by_text(const void *a, const void *b)
{
        return strcmp(a, b);
}

/* Of the first count passwords; every third line longer than the others. */
static void write_list(int count, const char *end, bool with_counts, bool ends)
{
        FILE *file = fopen(path, "w");

        assert(file);
        for (int i = 0; i < count; i++) {
                uint8_t hash[SHA1_OCTETS];
                char password[32];

                password_of(i, password);
                hash_sha1(text_from(password), hash);
                hex_format(hash, sizeof(hash), lines[i]);
        }
        qsort(lines, (size_t)count, sizeof(lines[0]), by_text);
        for (int i = 0; i < count; i++)
                fprintf(file, "%s%s%s", lines[i],
                        !with_counts ? ""
                        : i % 3      ? ":7"
                                     : ":12345678901",
                        ends || i < count - 1 ? end : "");
        fclose(file);
}

static bool has(const struct breached *breached, const char *password)
{
        bool is_known;

        assert(breached_has(breached, text_from(password), &is_known) == 0);
        return is_known;
}

/* Every line is found, and nothing else. */
static void test_list(int count, const char *end, bool with_counts, bool ends)
{
        SCOPED(breached_closep) struct breached *breached = NULL;
        char password[32];

        printf("%d lines\n", count);
        write_list(count, end, with_counts, ends);
        assert(breached_open(path, &breached) == 0);
        for (int i = 0; i < count; i++) {
                password_of(i, password);
                assert(has(breached, password));
        }
        for (int i = count; i < count + 500; i++) {
                password_of(i, password);
                assert(!has(breached, password));
        }
}

static void write_text(const char *text)
{
        FILE *file = fopen(path, "w");

        assert(file);
        fputs(text, file);
        fclose(file);
}

static void test_malformed(void)
{
        static const char *const texts[] = { "",
                                             "\n",
                                             "password\n",
                                             "7C4A8D09CA3762AF61E59520943DC26494F8941\n",
                                             "7C4A8D09CA3762AF61E59520943DC26494F8941BX\n",
                                             "GC4A8D09CA3762AF61E59520943DC26494F8941B\n" };
        struct breached *breached;
        bool is_known;

        for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
                write_text(texts[i]);
                assert(breached_open(path, &breached) == BREACHED_MALFORMED);
        }
        assert(breached_open("/nowhere/at/all", &breached) == BREACHED_NO_FILE);
        /* What turns out later to be none is a fault, not a yes and not a no. */
        write_text("0000000000000000000000000000000000000000\nnonsense\nnonsense\nnonsense\nnonsense\n");
        assert(breached_open(path, &breached) == 0);
        assert(breached_has(breached, TEXT_OF("x"), &is_known) < 0);
        breached_close(breached);
}

int main(void)
{
        static const char upper[] = "7C4A8D09CA3762AF61E59520943DC26494F8941B:37359195\r\n"; /* 123456 */
        struct breached *breached;
        int fd = mkstemp(path);

        assert(fd >= 0);
        close(fd);
        for (int count = 1; count < 20; count++)
                test_list(count, "\n", true, true);
        test_list(LINES, "\n", true, true);
        test_list(LINES, "\r\n", true, true);
        test_list(LINES, "\n", false, false);
        write_text(upper);
        assert(breached_open(path, &breached) == 0);
        assert(has(breached, "123456") && !has(breached, "1234567"));
        breached_close(breached);
        assert(!has(NULL, "123456"));
        test_malformed();
        assert(breached_is_common(TEXT_OF("Password123")) && breached_is_common(TEXT_OF("QWERTYUIOP")));
        assert(!breached_is_common(TEXT_OF("let-it-be-printed")) && !breached_is_common(TEXT_OF("")));
        unlink(path);
        return 0;
}
