// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope.h"
#include "crypt/random.h"
#include "crypt/seal.h"
#include "offline/deposit.h"

#define CANARY "CANARY-4f1d-of-the-document"
#define SECRET "CANARY-77aa-of-the-metadata"

static char folder[] = "/tmp/imprimatur-deposit-XXXXXX";
static int state;
static struct secret tenant, person;
static uint8_t tenant_key[BOX_KEY_OCTETS], person_key[BOX_KEY_OCTETS];
static const struct deposits_settings roomy = {
        .octets_max = 64 << 20, .count_max = 100, .one_octets_max = 32 << 20, .reserve_octets = 1
};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
        return remove(path);
}

static void remove_folder(void)
{
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct deposits *open_with(const struct deposits_settings *settings)
{
        struct deposits *deposits = NULL;

        assert(deposits_open(state, settings, &deposits) == 0);
        deposits_set_key(deposits, tenant_key);
        return deposits;
}

static void empty(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        struct deposit_entry entries[100];
        size_t count;

        deposits_list(deposits, entries, 100, &count);
        for (size_t i = 0; i < count; i++) {
                assert(deposit_take(deposits, entries[i].header.id) == 0);
                assert(deposit_remove(deposits, entries[i].header.id) == 0);
        }
}

/* len octets with the canary now and then. */
static int write_document(struct deposit *deposit, size_t len)
{
        char piece[1009];
        int r = 0;

        for (size_t at = 0; r == 0 && at < len; at += sizeof(piece)) {
                memset(piece, (int)(at & 0x7f), sizeof(piece));
                memcpy(piece + 11, CANARY, sizeof(CANARY) - 1);
                r = deposit_write(deposit, text_from_octets(piece, len - at < sizeof(piece) ? len - at
                                                                                            : sizeof(piece)));
        }
        return r;
}

static const struct deposit_order *an_order(void)
{
        static struct deposit_order order = { .metadata = TEXT("{\"host\":\"" SECRET "\"}"), .number = 17 };

        order.person = id_new();
        order.person_key = person_key;
        return &order;
}

static int keep(struct deposits *deposits, size_t len, struct id *ret)
{
        SCOPED(deposit_abortp) struct deposit *deposit = NULL;
        int r;

        r = deposit_open(deposits, DEPOSIT_LPD, &deposit);
        if (r == 0)
                r = write_document(deposit, len);
        return r ? r : deposit_commit(take(deposit), an_order(), ret);
}

/* Opens it as the service does: with whoever's box. */
static uint64_t read_back(struct deposits *deposits, struct id id, const struct secret *seed, bool is_person)
{
        SCOPED(deposit_close_readerp) struct deposit_reader *reader = NULL;
        SCOPED(buffer_done) struct buffer metadata = BUFFER(DEPOSIT_METADATA_MAX);
        const struct deposit_header *header;
        struct secret key;
        struct unseal unseal;
        char room[DEPOSIT_SEAL_ID];
        uint64_t offset = 0, plain_octets = 0;
        struct text plain;
        uint8_t piece[7001];
        size_t length = 1, taken;

        assert(deposit_open_reader(deposits, id, &reader) == 0);
        header = deposit_reader_header(reader);
        assert(box_take(seed, is_person ? header->for_person : header->for_tenant, &key) == 0);
        assert(deposit_read_metadata(reader, &key, &metadata) == 0);
        assert(memmem(metadata.at, metadata.len, SECRET, sizeof(SECRET) - 1));
        assert(unseal_init(&unseal, &key, deposit_document_id(&id, room)) == 0);
        while (length) {
                assert(deposit_read_document(reader, offset, piece, sizeof(piece), &length) == 0);
                offset += length;
                for (size_t at = 0; at < length; at += taken) {
                        assert(unseal_add(&unseal, piece + at, length - at, &taken, &plain) == 0);
                        plain_octets += plain.len;
                }
        }
        assert(unseal_finish(&unseal, &plain) == 0);
        plain_octets += plain.len;
        unseal_done(&unseal);
        return plain_octets;
}

static void what_was_kept_is_read_by_the_tenant_and_the_person_after_a_restart(void)
{
        static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 300000 };
        struct id ids[ARRAY_LENGTH(sizes)];
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        struct deposit_entry entry;
        uint64_t octets;
        size_t count;

        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++)
                assert(keep(deposits, sizes[i], &ids[i]) == 0);
        deposits_close(take(deposits));
        deposits = open_with(&roomy);
        deposits_count(deposits, &count, &octets);
        assert(count == ARRAY_LENGTH(sizes) && octets > 300000 + 3 * 65536);
        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
                assert(read_back(deposits, ids[i], &tenant, false) == sizes[i]);
                assert(read_back(deposits, ids[i], &person, true) == sizes[i]);
                assert(deposit_find(deposits, ids[i], &entry) == 0 && entry.is_settled && !entry.is_taken);
                assert(deposit_has_person(&entry.header) && entry.header.number == 17);
        }
        deposits_close(take(deposits));
        empty();
}

static bool found_canary;

static int look_for_canary(const char *path, const struct stat *status, int kind, struct FTW *where)
{
        SCOPED(freep) char *octets = malloc((size_t)status->st_size + 1);
        SCOPED(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t len = kind == FTW_F ? read(fd, octets, (size_t)status->st_size) : 0;

        if (len > 0 && memmem(octets, (size_t)len, "CANARY", 6))
                found_canary = true;
        return 0;
}

static bool has_canary(void)
{
        found_canary = false;
        assert(nftw(folder, look_for_canary, 16, FTW_PHYS) == 0);
        return found_canary;
}

static void nothing_lies_in_the_folder_in_clear_neither_while_it_is_written_nor_after(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        SCOPED(deposit_abortp) struct deposit *deposit = NULL;
        SCOPED(closep) int plain = openat(state, "plain", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        struct id id;

        assert(write(plain, CANARY, sizeof(CANARY)) > 0 && has_canary()); /* the eyes see */
        assert(unlinkat(state, "plain", 0) == 0 && !has_canary());
        assert(deposit_open(deposits, DEPOSIT_LPD, &deposit) == 0 && write_document(deposit, 200000) == 0);
        assert(!has_canary());
        assert(deposit_commit(take(deposit), an_order(), &id) == 0 && !has_canary());
        deposits_close(take(deposits));
        empty();
}

static size_t count_files(void)
{
        SCOPED(closep) int fd = openat(state, "deposits", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *list = fdopendir(take_fd(&fd));
        struct dirent *entry;
        size_t count = 0;

        while ((entry = readdir(list)))
                count += entry->d_name[0] != '.';
        closedir(list);
        return count;
}

static void what_was_not_settled_is_gone_after_a_crash(void)
{
        struct deposits *deposits = open_with(&roomy), *next;
        struct deposit *unfinished, *finished, *settled;
        struct deposit_entry entry;
        struct id id, kept;
        size_t count;
        uint64_t octets;

        assert(deposit_open(deposits, DEPOSIT_LPD, &unfinished) == 0 &&
               write_document(unfinished, 9000) == 0);
        assert(deposit_open(deposits, DEPOSIT_LPD, &finished) == 0 && write_document(finished, 9000) == 0);
        assert(deposit_finish(finished, an_order(), &id) == 0);
        assert(deposit_find(deposits, id, &entry) == 0 && entry.is_taken && !entry.is_settled);
        assert(deposit_take(deposits, id) == DEPOSIT_TAKEN);
        assert(deposit_open(deposits, DEPOSIT_LPD, &settled) == 0 && write_document(settled, 9000) == 0);
        assert(deposit_finish(settled, an_order(), &kept) == 0 && deposit_settle(deposits, kept) == 0);
        assert(count_files() == 3);

        next = open_with(&roomy); /* as after a crash: nobody closed the first */
        deposits_count(next, &count, &octets);
        assert(count == 1 && count_files() == 1 && deposit_find(next, kept, &entry) == 0);
        assert(!entry.is_taken && entry.is_settled);
        deposits_close(next);
        deposit_abort(unfinished);
        deposits_close(deposits);
        empty();
        assert(count_files() == 0);
}

static void an_aborted_one_leaves_nothing(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        struct deposit *deposit;
        uint64_t octets;
        size_t count;

        assert(deposit_open(deposits, DEPOSIT_LPD, &deposit) == 0 && write_document(deposit, 90000) == 0);
        deposit_abort(deposit);
        deposits_count(deposits, &count, &octets);
        assert(count == 0 && octets == 0 && count_files() == 0);
}

static void settings_bound_how_many_and_how_much(void)
{
        static const struct deposits_settings tight = {
                .octets_max = 400000, .count_max = 2, .one_octets_max = 300000, .reserve_octets = 1
        };
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&tight);
        struct deposit *first, *second, *third;
        struct id id;

        assert(deposit_open(deposits, DEPOSIT_LPD, &first) == 0);
        assert(deposit_open(deposits, DEPOSIT_LPD, &second) == 0);
        assert(deposit_open(deposits, DEPOSIT_LPD, &third) == DEPOSIT_FULL);
        assert(write_document(first, 300001) == DEPOSIT_TOO_LARGE);
        deposit_abort(first);
        assert(deposit_open(deposits, DEPOSIT_LPD, &first) == 0);
        assert(write_document(first, 250000) == 0 && write_document(second, 250000) == DEPOSIT_FULL);
        deposit_abort(second);
        assert(deposit_commit(first, an_order(), &id) == 0);
        assert(deposit_take(deposits, id) == 0 && deposit_remove(deposits, id) == 0);
        assert(keep(deposits, 250000, &id) == 0);
        deposits_close(take(deposits));
        empty();
}

static void a_full_disk_refuses_and_keeps_what_was_there(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        struct rlimit before, small;
        struct id id, other;

        assert(keep(deposits, 1000, &id) == 0);
        signal(SIGXFSZ, SIG_IGN);
        assert(getrlimit(RLIMIT_FSIZE, &before) == 0);
        small = (struct rlimit){ 100000, before.rlim_max };
        assert(setrlimit(RLIMIT_FSIZE, &small) == 0);
        assert(keep(deposits, 200000, &other) == DEPOSIT_FULL);
        assert(setrlimit(RLIMIT_FSIZE, &before) == 0);
        assert(count_files() == 1 && read_back(deposits, id, &tenant, false) == 1000);
        deposits_close(take(deposits));

        deposits = open_with(&(struct deposits_settings){ .octets_max = 64 << 20,
                                                          .count_max = 100,
                                                          .one_octets_max = 32 << 20,
                                                          .reserve_octets = UINT64_MAX });
        assert(keep(deposits, 1, &other) == DEPOSIT_FULL);
        deposits_close(take(deposits));
        empty();
}

static void without_the_tenants_key_nothing_is_kept(void)
{
        static const uint8_t zeros[BOX_KEY_OCTETS];
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        struct id id;

        deposits_set_key(deposits, NULL);
        assert(!deposits_has_key(deposits) && keep(deposits, 1, &id) == DEPOSIT_NO_KEY);
        deposits_set_key(deposits, zeros);
        assert(keep(deposits, 1, &id) == DEPOSIT_NO_KEY && count_files() == 0);
}

static void what_was_changed_on_the_disk_is_set_aside_or_does_not_open(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        SCOPED(deposit_close_readerp) struct deposit_reader *reader = NULL;
        SCOPED(buffer_done) struct buffer metadata = BUFFER(DEPOSIT_METADATA_MAX);
        char name[ID_STRING], path[128];
        struct deposit_entry entry;
        struct secret key;
        struct id id;
        int fd;

        assert(keep(deposits, 5000, &id) == 0);
        id_format(id, name);
        snprintf(path, sizeof(path), "%s/deposits/%s", folder, name);
        fd = open(path, O_RDWR | O_CLOEXEC);
        assert(lseek(fd, -20, SEEK_END) > 0 && write(fd, "x", 1) == 1);
        assert(deposit_open_reader(deposits, id, &reader) == 0);
        assert(box_take(&tenant, deposit_reader_header(reader)->for_tenant, &key) == 0);
        assert(deposit_read_metadata(reader, &key, &metadata) == DEPOSIT_DAMAGED);
        deposits_close(take(deposits));
        assert(pwrite(fd, "x", 1, 40) == 1);
        close(fd);
        deposits = open_with(&roomy);
        assert(deposit_find(deposits, id, &entry) == DEPOSIT_NOT_FOUND);
        strcat(path, ".damaged");
        assert(access(path, F_OK) == 0 && unlink(path) == 0);
}

static void a_mark_finds_the_newest(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        uint8_t mark[HASH_OCTETS] = { 1, 2, 3 }, other[HASH_OCTETS] = { 9 };
        struct deposit_order order = { .metadata = TEXT("{}"), .mark = mark };
        struct deposit_entry entry;
        struct deposit *deposit;
        struct id id;

        for (int i = 0; i < 2; i++) {
                assert(deposit_open(deposits, DEPOSIT_IPP, &deposit) == 0);
                assert(deposit_commit(deposit, &order, &id) == 0);
        }
        assert(deposit_find_by_mark(deposits, mark, &entry) == 0 && id_equal(entry.header.id, id));
        assert(!deposit_has_person(&entry.header));
        assert(deposit_find_by_mark(deposits, other, &entry) == DEPOSIT_NOT_FOUND);
        deposits_close(take(deposits));
        empty();
}

static int compare_ids(const void *a, const void *b)
{
        return memcmp(a, b, ID_OCTETS);
}

static void they_are_found_one_after_the_other(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        struct deposit_entry entry;
        struct id ids[3], after = { { 0 } };

        for (int i = 0; i < 3; i++)
                assert(keep(deposits, 10, &ids[i]) == 0);
        /* Ids of one millisecond stand in any order. */
        qsort(ids, 3, sizeof(ids[0]), compare_ids);
        assert(deposit_take(deposits, ids[1]) == 0);
        assert(deposit_find_after(deposits, after, &entry) == 0 && id_equal(entry.header.id, ids[0]));
        assert(deposit_find_after(deposits, ids[0], &entry) == 0 && id_equal(entry.header.id, ids[2]));
        assert(deposit_find_after(deposits, ids[2], &entry) == DEPOSIT_NOT_FOUND);
        deposit_note_refused(deposits, ids[1], true);
        deposit_give(deposits, ids[1]);
        assert(deposit_find_after(deposits, ids[0], &entry) == 0 && id_equal(entry.header.id, ids[1]));
        assert(entry.is_refused && entry.is_shelved);
        deposits_close(take(deposits));
        empty();
}

static void on_its_way_the_metadata_comes_before_the_document(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        SCOPED(deposit_close_readerp) struct deposit_reader *reader = NULL;
        struct deposit_header header;
        uint8_t octets[20000], piece[777];
        size_t length = 1, at = 0;
        struct id id;

        assert(keep(deposits, 10000, &id) == 0 && deposit_open_reader(deposits, id, &reader) == 0);
        while (length) {
                assert(deposit_read(reader, at, piece, sizeof(piece), &length) == 0);
                memcpy(octets + at, piece, length);
                at += length;
        }
        assert(at == deposit_reader_octets(reader));
        assert(deposit_header_parse(text_from_octets(octets, DEPOSIT_HEADER_OCTETS), &header) == 0);
        assert(memcmp(octets + DEPOSIT_HEADER_OCTETS, "imprseal", 8) == 0);
        assert(memcmp(octets + DEPOSIT_HEADER_OCTETS + header.metadata_octets, "imprseal", 8) == 0);
        assert(header.metadata_octets < 300 && header.document_octets > 10000);
        deposits_close(take(deposits));
        empty();
}

static bool know_person(void *context, struct id asked, uint8_t ret[BOX_KEY_OCTETS])
{
        const struct id *known = context;

        memcpy(ret, person_key, BOX_KEY_OCTETS);
        return id_equal(asked, *known);
}

static int keep_for(struct deposits *deposits, struct id whose, struct id *ret)
{
        SCOPED(deposit_abortp) struct deposit *deposit = NULL;
        struct deposit_order order = { .metadata = TEXT("{\"host\":\"" SECRET "\"}"), .person = whose };

        assert(deposit_open(deposits, DEPOSIT_IPP, &deposit) == 0 && write_document(deposit, 3000) == 0);
        return deposit_commit(take(deposit), &order, ret);
}

static void it_is_sealed_for_who_is_known_here(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        struct id known = id_new(), id;
        struct deposit_entry entry;

        deposits_set_people(deposits, know_person, &known);
        assert(keep_for(deposits, known, &id) == 0 && deposit_find(deposits, id, &entry) == 0);
        assert(deposit_has_person(&entry.header) && read_back(deposits, id, &person, true) == 3000);
        assert(keep_for(deposits, id_new(), &id) == 0 && deposit_find(deposits, id, &entry) == 0);
        assert(!deposit_has_person(&entry.header));
        assert(keep_for(deposits, (struct id){ 0 }, &id) == 0 && deposit_find(deposits, id, &entry) == 0);
        assert(!deposit_has_person(&entry.header));
        deposits_close(take(deposits));
        empty();
}

static void what_was_released_goes_no_other_way_also_after_a_start(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        const struct deposit_released released = { id_new(), id_new(), id_new(), 12345, 0xfedcba9876543210 };
        struct deposit_entry entry;
        struct id id, none = { { 0 } };

        assert(keep(deposits, 100, &id) == 0);
        assert(deposit_release(deposits, id_new(), &released) == DEPOSIT_NOT_FOUND);
        assert(deposit_take(deposits, id) == 0);
        assert(deposit_release(deposits, id, &released) == DEPOSIT_TAKEN);
        deposit_give(deposits, id);
        assert(deposit_release(deposits, id, &released) == 0);
        for (int i = 0; i < 2; i++) {
                assert(deposit_take(deposits, id) == DEPOSIT_TAKEN);
                assert(deposit_release(deposits, id, &released) == DEPOSIT_TAKEN);
                assert(deposit_find_after(deposits, none, &entry) == DEPOSIT_NOT_FOUND);
                assert(deposit_find_released(deposits, released.delivery, &entry) == 0);
                assert(entry.is_released && id_equal(entry.header.id, id) &&
                       id_equal(entry.released.printer, released.printer) &&
                       id_equal(entry.released.release, released.release) && entry.released.at_ms == 12345 &&
                       entry.released.incarnation == released.incarnation);
                deposits_close(take(deposits));
                deposits = open_with(&roomy);
        }
        assert(deposit_remove(deposits, id) == 0);
        deposits_close(take(deposits));
        assert(faccessat(state, "deposits", F_OK, 0) == 0);
        deposits = open_with(&roomy);
        assert(deposit_find_released(deposits, released.delivery, &entry) == DEPOSIT_NOT_FOUND);
}

static void what_the_service_may_have_is_not_released(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        const struct deposit_released released = { id_new(), id_new(), id_new(), 1, 2 };
        struct id id;

        assert(keep(deposits, 100, &id) == 0 && deposit_ask(deposits, id, true) == 0);
        for (int i = 0; i < 2; i++) {
                assert(deposit_release(deposits, id, &released) == DEPOSIT_TAKEN);
                deposits_close(take(deposits));
                deposits = open_with(&roomy);
        }
        /* It goes to the service as ever, and where that says that it has it not, this way is open again. */
        assert(deposit_take(deposits, id) == 0 && deposit_ask(deposits, id, false) == 0);
        deposit_give(deposits, id);
        deposits_close(take(deposits));
        deposits = open_with(&roomy);
        assert(deposit_release(deposits, id, &released) == 0);
        deposits_close(take(deposits));
        deposits = open_with(&roomy);
        assert(deposit_remove(deposits, id) == 0);
}

static void one_that_was_asked_before_it_was_settled_stays_asked(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        SCOPED(deposit_abortp) struct deposit *deposit = NULL;
        const struct deposit_released released = { id_new(), id_new(), id_new(), 1, 2 };
        struct id id;

        assert(deposit_open(deposits, DEPOSIT_LPD, &deposit) == 0 && write_document(deposit, 10) == 0);
        assert(deposit_finish(take(deposit), an_order(), &id) == 0 && deposit_ask(deposits, id, true) == 0);
        assert(deposit_settle(deposits, id) == 0);
        deposits_close(take(deposits));
        deposits = open_with(&roomy);
        assert(deposit_release(deposits, id, &released) == DEPOSIT_TAKEN);
        assert(deposit_take(deposits, id) == 0 && deposit_remove(deposits, id) == 0);
}

static void a_ledger_that_was_changed_is_set_aside_with_its_deposit(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_with(&roomy);
        const struct deposit_released released = { id_new(), id_new(), id_new(), 1, 2 };
        char name[64] = "deposits/";
        struct deposit_entry entry;
        struct id id;
        int fd;

        assert(keep(deposits, 100, &id) == 0 && deposit_release(deposits, id, &released) == 0);
        deposits_close(take(deposits));
        id_format(id, name + strlen(name));
        strcat(name, ".out");
        fd = openat(state, name, O_WRONLY | O_CLOEXEC);
        assert(fd >= 0 && pwrite(fd, "x", 1, 20) == 1 && close(fd) == 0);
        deposits = open_with(&roomy);
        assert(deposit_find(deposits, id, &entry) == DEPOSIT_NOT_FOUND);
}

/* A folder of its own, as what stays here has it. */
static struct deposits *open_staying(void)
{
        static const struct deposits_settings staying = {
                .folder = "stays", .octets_max = 1 << 20, .count_max = 2, .one_octets_max = 1 << 20
        };

        return open_with(&staying);
}

static bool is_staying(struct deposits *deposits, struct id id)
{
        struct deposit_entry entry;

        assert(deposit_find(deposits, id, &entry) == 0 && entry.is_settled);
        return entry.is_staying;
}

static void what_stays_is_no_more_handed_on_and_survives(void)
{
        SCOPED(deposits_closep) struct deposits *deposits = open_staying();
        struct deposit *deposit = NULL;
        struct deposit_entry entry;
        struct id id, other, after = { { 0 } };
        uint64_t offset, octets;
        int fd;

        assert(keep(deposits, 1000, &id) == 0 && !is_staying(deposits, id));
        assert(deposit_stay(deposits, id) == 0 && deposit_stay(deposits, id) == 0 &&
               is_staying(deposits, id));
        /* From its first moment on. */
        assert(deposit_open(deposits, DEPOSIT_IPP, &deposit) == 0 && write_document(deposit, 10) == 0);
        assert(deposit_octets(deposit) == 10);
        assert(deposit_finish(deposit, an_order(), &other) == 0 && deposit_stay(deposits, other) == 0);
        assert(deposit_find_after(deposits, after, &entry) == DEPOSIT_NOT_FOUND);
        deposits_close(take(deposits));
        deposits = open_staying();
        assert(is_staying(deposits, id) && is_staying(deposits, other));
        assert(read_back(deposits, id, &tenant, false) == 1000);
        assert(deposit_open_document(deposits, id, &fd, &offset, &octets) == 0);
        assert(offset == DEPOSIT_HEADER_OCTETS && octets > 1000);
        close(fd);
        assert(deposit_unstay(deposits, id) == 0 && !is_staying(deposits, id));
        assert(deposit_find_after(deposits, after, &entry) == 0 && id_equal(entry.header.id, id));
        assert(deposit_remove(deposits, id) == 0 && deposit_remove(deposits, other) == 0);
        assert(deposit_open_document(deposits, id, &fd, &offset, &octets) == DEPOSIT_NOT_FOUND);
}

static void one_that_was_to_go_may_come_to_stay(void)
{
        SCOPED(deposits_closep) struct deposits *going = open_with(&roomy), *staying = open_staying();
        struct deposit_entry entry;
        struct id id, full[2];

        /* Whether or not there is room. */
        assert(keep(staying, 10, &full[0]) == 0 && keep(staying, 10, &full[1]) == 0);
        assert(keep(staying, 10, &id) == DEPOSIT_FULL);
        assert(keep(going, 2000, &id) == 0 && deposit_take(going, id) == 0);
        assert(deposit_move(going, staying, id) == 0);
        assert(deposit_move(going, staying, id) == DEPOSIT_NOT_FOUND);
        assert(deposit_find(going, id, &entry) == DEPOSIT_NOT_FOUND);
        assert(deposit_find(staying, id, &entry) == 0 && entry.is_taken && !entry.is_staying);
        deposits_close(take(going));
        deposits_close(take(staying));
        going = open_with(&roomy);
        staying = open_staying();
        assert(deposit_find(going, id, &entry) == DEPOSIT_NOT_FOUND);
        assert(read_back(staying, id, &tenant, false) == 2000);
        assert(deposit_remove(staying, id) == 0 && deposit_remove(staying, full[0]) == 0 &&
               deposit_remove(staying, full[1]) == 0);
}

int main(void)
{
        assert(mkdtemp(folder));
        atexit(remove_folder);
        state = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        random_secret(&tenant);
        random_secret(&person);
        box_public_key(&tenant, tenant_key);
        box_public_key(&person, person_key);
        what_was_kept_is_read_by_the_tenant_and_the_person_after_a_restart();
        nothing_lies_in_the_folder_in_clear_neither_while_it_is_written_nor_after();
        what_was_not_settled_is_gone_after_a_crash();
        an_aborted_one_leaves_nothing();
        settings_bound_how_many_and_how_much();
        a_full_disk_refuses_and_keeps_what_was_there();
        without_the_tenants_key_nothing_is_kept();
        what_was_changed_on_the_disk_is_set_aside_or_does_not_open();
        a_mark_finds_the_newest();
        they_are_found_one_after_the_other();
        on_its_way_the_metadata_comes_before_the_document();
        it_is_sealed_for_who_is_known_here();
        what_was_released_goes_no_other_way_also_after_a_start();
        what_the_service_may_have_is_not_released();
        one_that_was_asked_before_it_was_settled_stays_asked();
        a_ledger_that_was_changed_is_set_aside_with_its_deposit();
        what_stays_is_no_more_handed_on_and_survives();
        one_that_was_to_go_may_come_to_stay();
        return 0;
}
