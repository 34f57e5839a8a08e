// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/homes.h"
#include "base/scope.h"
#include "os/file.h"

static char folder[] = "/tmp/imprimatur-homes-XXXXXX";
static int directory;
static struct homes *homes;

static void again(uint64_t incarnation)
{
        if (homes)
                homes_close(homes);
        assert(homes_open(directory, incarnation, &homes) == 0);
}

static int write_document(void *context, int fd, uint64_t offset)
{
        const char *octets = context;

        return file_write_at(fd, octets, strlen(octets), offset);
}

static struct id store(const char *octets)
{
        struct home_entry entry = { .job = id_new(), .giving = 7, .person = id_new(), .octets = 8 };

        assert(homes_store(homes, &entry, TEXT_OF("offers"), write_document, (void *)octets) ==
               (strlen(octets) == 8 ? 0 : HOMES_CUT));
        return entry.job;
}

static enum home_state state_of(struct id job)
{
        struct home_entry entry;

        assert(homes_find(homes, job, &entry) == 0);
        assert(entry.state == HOME_DAMAGED || entry.giving == 7);
        return entry.state;
}

static void what_was_stored_is_there_after_a_restart(void)
{
        SCOPED(buffer_done) struct buffer offers = BUFFER(64);
        struct id job = store("document"), cut = store("docu");
        struct home_entry entry;
        uint64_t offset, octets;
        char read[8];
        int fd;

        assert(homes_find(homes, cut, &entry) == HOMES_UNKNOWN);
        again(1);
        assert(state_of(job) == HOME_HELD && homes_find(homes, cut, &entry) == HOMES_UNKNOWN);
        assert(homes_read_offers(homes, job, &offers) == 0 &&
               text_equal_string(buffer_text(&offers), "offers"));
        assert(homes_open_document(homes, job, &fd, &offset, &octets) == 0 && octets == 8);
        assert(file_read_exactly_at(fd, read, 8, offset) == 0 && memcmp(read, "document", 8) == 0);
        close(fd);
        assert(homes_forget(homes, job) == 0);
        again(1);
        assert(homes_find(homes, job, &entry) == HOMES_UNKNOWN);
}

static void it_goes_one_way_or_the_other(void)
{
        struct home_released released = { id_new(), id_new(), id_new(), 5 };
        struct id back = store("document"), out = store("document");
        struct home_entry entry;

        assert(homes_return(homes, back) == 0 && homes_release(homes, out, &released) == 0);
        for (int i = 0; i < 2; i++) {
                assert(state_of(back) == HOME_RETURNED && state_of(out) == HOME_RELEASED);
                assert(homes_release(homes, back, &released) == HOMES_UNKNOWN);
                assert(homes_return(homes, out) == HOMES_UNKNOWN);
                assert(homes_release(homes, out, &released) == HOMES_UNKNOWN);
                assert(homes_find_delivery(homes, released.delivery, &entry) == 0);
                assert(id_equal(entry.job, out) && entry.released.at_ms == 5);
                again(1);
        }
        assert(homes_forget(homes, back) == 0 && homes_forget(homes, out) == 0);
        assert(homes_find_delivery(homes, released.delivery, &entry) == HOMES_UNKNOWN);
}

static void what_cannot_be_read_is_not_taken_for_not_there(void)
{
        struct id job = store("document");
        char path[128], id[ID_STRING];
        int fd;

        id_format(job, id);
        snprintf(path, sizeof(path), "%s/homes/%s", folder, id);
        fd = open(path, O_WRONLY);
        assert(pwrite(fd, "x", 1, 20) == 1);
        close(fd);
        again(1);
        assert(state_of(job) == HOME_DAMAGED);
        assert(homes_forget(homes, job) == 0);
}

static void what_another_journal_took_is_void(void)
{
        struct id job = store("document");
        struct home_entry entry;

        again(2);
        assert(homes_find(homes, job, &entry) == HOMES_UNKNOWN);
        again(1);
        assert(homes_find(homes, job, &entry) == HOMES_UNKNOWN);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
        return remove(path);
}

int main(void)
{
        assert(mkdtemp(folder));
        directory = open(folder, O_RDONLY | O_DIRECTORY);
        again(1);
        what_was_stored_is_there_after_a_restart();
        it_goes_one_way_or_the_other();
        what_cannot_be_read_is_not_taken_for_not_there();
        what_another_journal_took_is_void();
        assert(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0);
        return 0;
}
