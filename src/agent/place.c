// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/place.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/hash.h"
#include "os/file.h"

#define PLACE       "place"
#define JOURNAL     "journal"
#define DEVICES     "/sys/class/net"
#define DEVICES_MAX 64
#define LINE_OCTETS 128

/* One line of a small file; empty where there is none. */
static void read_line(const char *path, char ret[LINE_OCTETS])
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(4096);
        struct text line, rest;

        ret[0] = 0;
        if (file_read(path, octets.max, &octets) != 0)
                return;
        (void)text_cut(buffer_text(&octets), '\n', &line, &rest);
        (void)text_copy(text_trim(line), ret, LINE_OCTETS);
}

/* The address that the device was made with; empty for one that has none of its own. */
static void read_address(const char *name, char ret[LINE_OCTETS])
{
        char path[512], line[LINE_OCTETS];

        ret[0] = 0;
        snprintf(path, sizeof(path), DEVICES "/%s/device", name);
        if (access(path, F_OK) < 0)
                return;
        snprintf(path, sizeof(path), DEVICES "/%s/addr_assign_type", name);
        read_line(path, line);
        if (strcmp(line, "0") != 0)
                return;
        snprintf(path, sizeof(path), DEVICES "/%s/address", name);
        read_line(path, ret);
}

static void add_addresses(struct buffer *to)
{
        struct dirent **names = NULL;
        int count = scandir(DEVICES, &names, NULL, alphasort);

        for (int i = 0; i < count; i++) {
                char address[LINE_OCTETS];

                if (i < DEVICES_MAX && names[i]->d_name[0] != '.') {
                        read_address(names[i]->d_name, address);
                        buffer_format(to, "%s\n", address);
                }
                free(names[i]);
        }
        free(names);
}

static int describe(int directory, char ret[2 * HASH_OCTETS + 1])
{
        SCOPED(buffer_done) struct buffer place = BUFFER(65536);
        uint8_t hash[HASH_OCTETS];
        char machine[LINE_OCTETS];
        struct stat folder;

        if (fstat(directory, &folder) < 0)
                return fault(-errno);
        read_line("/etc/machine-id", machine);
        buffer_format(&place, "%s\n%llu\n", machine, (unsigned long long)folder.st_ino);
        add_addresses(&place);
        if (place.failure)
                return fault(place.failure);
        hash_sha256(buffer_text(&place), hash);
        hex_format(hash, sizeof(hash), ret);
        return 0;
}

int place_take(int directory)
{
        if (flock(directory, LOCK_EX | LOCK_NB) == 0)
                return 0;
        return errno == EWOULDBLOCK ? PLACE_TAKEN : fault(-errno);
}

int place_check(int directory, bool *ret_moved)
{
        SCOPED(buffer_done) struct buffer kept = BUFFER(4096);
        char here[2 * HASH_OCTETS + 1];
        int r;

        *ret_moved = false;
        r = describe(directory, here);
        if (r == 0)
                r = file_read_at(directory, PLACE, kept.max, &kept);
        if (r < 0 || (r == 0 && text_equal_string(buffer_text(&kept), here)))
                return r;
        if (r == 0) {
                *ret_moved = true;
                r = file_remove(directory, JOURNAL);
                if (r < 0)
                        return r;
                directory_sync(directory);
        }
        return fold(file_replace_at(directory, PLACE, 0600, text_from(here)));
}
