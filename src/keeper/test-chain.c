// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scope.h"
#include "crypt/random.h"
#include "keeper/chain.h"
#include "keeper/master.h"
#include "os/process.h"

#define TODAY 20000

static char folder[] = "/tmp/imprimatur-chain-XXXXXX";
static struct secret master;
static const struct chain_options options = { folder, 64, 400 };

static struct chain *chain_new(void)
{
        struct chain *chain;

        assert(chain_open(&master, &options, &chain) == 0);
        return chain;
}

static struct keys_tenant tenant_new(struct chain *chain)
{
        struct keys_tenant tenant = { id_new(), 1, { { 0 } } };

        assert(chain_tenant_make(chain, tenant.tenant, 1, &tenant.wrapped) == 0);
        return tenant;
}

static struct keys_document document_of(int64_t day)
{
        return (struct keys_document){ id_new(), KEYS_ORIGINAL, day };
}

static size_t files_of(int64_t day)
{
        char command[128];
        struct stat st;

        snprintf(command, sizeof(command), "%s/days/%d", folder, (int)day);
        return stat(command, &st) == 0 ? st.st_nlink : 0;
}

static void a_key_opens_again_and_after_a_restart(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain);
        struct keys_document document = document_of(TODAY + 1);
        struct wrapped_key wrapped;
        struct secret made, opened;

        assert(chain_document_make(chain, &tenant, &document, TODAY, &made, &wrapped) == 0);
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &opened) == 0);
        assert(memcmp(&made, &opened, sizeof(made)) == 0);
        chain_close(take(chain));
        chain = chain_new();
        memset(&opened, 0, sizeof(opened));
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &opened) == 0);
        assert(memcmp(&made, &opened, sizeof(made)) == 0);
        assert(chain_day_destroy(chain, tenant.tenant, TODAY + 1) == 0);
}

static void a_key_is_bound_to_all_it_was_made_for(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain), other = tenant_new(chain), changed;
        struct keys_document document = document_of(TODAY + 1), another, elsewhere = document_of(TODAY + 2);
        struct wrapped_key wrapped, ignored;
        struct secret made, opened;

        assert(chain_document_make(chain, &tenant, &document, TODAY, &made, &wrapped) == 0);
        /* So that the other tenant and the other day have keys of their own. */
        assert(chain_document_make(chain, &other, &document, TODAY, &opened, &ignored) == 0);
        assert(chain_document_make(chain, &tenant, &elsewhere, TODAY, &opened, &ignored) == 0);

        another = document;
        another.job = id_new();
        assert(chain_document_open(chain, &tenant, &another, &wrapped, &opened) == KEYS_WRONG);
        another = document;
        another.artefact = KEYS_DERIVED;
        assert(chain_document_open(chain, &tenant, &another, &wrapped, &opened) == KEYS_WRONG);
        another = document;
        another.expiry_day++;
        assert(chain_document_open(chain, &tenant, &another, &wrapped, &opened) == KEYS_WRONG);
        assert(chain_document_open(chain, &other, &document, &wrapped, &opened) == KEYS_WRONG);

        changed = tenant;
        changed.tenant = other.tenant;
        assert(chain_document_open(chain, &changed, &document, &wrapped, &opened) == KEYS_WRONG);
        changed = tenant;
        changed.version = 2;
        assert(chain_document_open(chain, &changed, &document, &wrapped, &opened) == KEYS_WRONG);
        changed = tenant;
        changed.wrapped.octets[20] ^= 1; /* the name alone is not enough, although the key is held open */
        assert(chain_document_open(chain, &changed, &document, &wrapped, &opened) == KEYS_WRONG);
        wrapped.octets[0] ^= 1;
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &opened) == KEYS_WRONG);

        assert(chain_day_destroy(chain, tenant.tenant, TODAY + 1) == 0);
        assert(chain_day_destroy(chain, tenant.tenant, TODAY + 2) == 0);
        assert(chain_day_destroy(chain, other.tenant, TODAY + 1) == 0);
}

static void a_destroyed_day_opens_nothing(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain), other = tenant_new(chain);
        struct keys_document document = document_of(TODAY);
        struct wrapped_key wrapped, others;
        struct secret made, opened;

        assert(chain_document_make(chain, &tenant, &document, TODAY, &made, &wrapped) == 0);
        assert(chain_document_make(chain, &other, &document, TODAY, &made, &others) == 0);
        assert(files_of(TODAY) > 0);
        assert(chain_day_destroy(chain, tenant.tenant, TODAY) == 0);
        assert(chain_day_destroy(chain, tenant.tenant, TODAY) == 0);
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &opened) == KEYS_DESTROYED);
        assert(chain_document_open(chain, &other, &document, &others, &opened) == 0);
        assert(chain_day_destroy(chain, other.tenant, TODAY) == 0);
        assert(files_of(TODAY) == 0);

        /* The attacker has the master key, the tenant's row and the document's row, and a fresh keeper. */
        chain_close(take(chain));
        chain = chain_new();
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &opened) == KEYS_DESTROYED);
        /* A new key for the same day does not bring the old one back. */
        assert(chain_document_make(chain, &tenant, &document, TODAY, &made, &others) == 0);
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &opened) == KEYS_WRONG);
        assert(chain_day_destroy(chain, tenant.tenant, TODAY) == 0);
}

static void days_that_are_over_are_swept(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain);
        struct keys_document early = document_of(TODAY), late = document_of(TODAY + 3);
        struct wrapped_key wrapped, lasting;
        struct secret made, opened;
        uint64_t count;

        assert(chain_document_make(chain, &tenant, &early, TODAY, &made, &wrapped) == 0);
        assert(chain_document_make(chain, &tenant, &late, TODAY, &made, &lasting) == 0);
        assert(chain_days_destroy_before(chain, TODAY, &count) == 0 && count == 0);
        assert(chain_document_open(chain, &tenant, &early, &wrapped, &opened) == 0);
        assert(chain_days_destroy_before(chain, TODAY + 2, &count) == 0 && count == 1);
        assert(chain_document_open(chain, &tenant, &early, &wrapped, &opened) == KEYS_DESTROYED);
        assert(chain_document_open(chain, &tenant, &late, &lasting, &opened) == 0);

        /* Kept longer: the same key under a later day, while the first one still is. */
        assert(chain_document_move(chain, &tenant, &late, &lasting, &tenant, TODAY + 5, TODAY, &wrapped) ==
               0);
        assert(chain_document_move(chain, &tenant, &late, &lasting, &tenant, TODAY - 1, TODAY, &wrapped) ==
               KEYS_PAST);
        late.expiry_day = TODAY + 5;
        assert(chain_days_destroy_before(chain, TODAY + 5, &count) == 0 && count == 1);
        assert(chain_document_open(chain, &tenant, &late, &wrapped, &opened) == 0);
        assert(memcmp(&made, &opened, sizeof(made)) == 0);
        assert(chain_day_destroy(chain, tenant.tenant, TODAY + 5) == 0);
}

static void no_key_is_made_for_the_past_or_the_far_future(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain);
        static const int64_t days[] = { TODAY - 1, INT64_MIN, INT64_MAX, TODAY + 401, -1 };
        struct wrapped_key wrapped;
        struct secret made;

        for (size_t i = 0; i < ARRAY_LENGTH(days); i++) {
                struct keys_document document = document_of(days[i]);

                assert(chain_document_make(chain, &tenant, &document, TODAY, &made, &wrapped) == KEYS_PAST);
                assert(chain_document_open(chain, &tenant, &document, &wrapped, &made) == KEYS_DESTROYED);
        }
}

static void uses_of_a_tenant_key_are_kept_apart(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain), other = tenant_new(chain);
        uint8_t card[HASH_OCTETS], again[HASH_OCTETS], pepper[HASH_OCTETS], others[HASH_OCTETS];
        struct secret field;

        static const uint8_t number[HASH_OCTETS] = "04A1";

        assert(chain_mark(chain, &tenant, "card", number, card) == 0);
        assert(chain_mark(chain, &tenant, "card", number, again) == 0);
        assert(chain_mark(chain, &tenant, "pin", number, pepper) == 0);
        assert(chain_mark(chain, &other, "card", number, others) == 0);
        assert(chain_derived(chain, &tenant, "field", &field) == 0);
        assert(hash_equal(card, again, sizeof(card)));
        assert(!hash_equal(card, pepper, sizeof(card)) && !hash_equal(card, others, sizeof(card)));
        tenant.wrapped.octets[59] ^= 0x80;
        assert(chain_mark(chain, &tenant, "card", number, card) == KEYS_WRONG);
}

/* Carried over, everything is as if it had been made under the new version; then the old one is no more. */
static void a_version_ends_when_all_is_carried_over(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant first = tenant_new(chain), second = { first.tenant, 2 },
                           twelfth = { first.tenant, 12 };
        struct keys_document document = document_of(TODAY + 2);
        static const uint8_t number[HASH_OCTETS] = "04A1";
        uint8_t before[HASH_OCTETS], carried[HASH_OCTETS], made[HASH_OCTETS];
        struct wrapped_key old, moved, far;
        struct secret key, opened;

        assert(chain_tenant_make(chain, second.tenant, 2, &second.wrapped) == 0);
        assert(chain_tenant_make(chain, second.tenant, 12, &twelfth.wrapped) == 0);
        assert(chain_mark(chain, &first, "card", number, before) == 0);
        assert(chain_recode(chain, &first, &second, "card", before, carried) == 0);
        assert(chain_mark(chain, &second, "card", number, made) == 0);
        assert(hash_equal(carried, made, sizeof(made)) && !hash_equal(carried, before, sizeof(made)));

        assert(chain_document_make(chain, &first, &document, TODAY, &key, &old) == 0);
        assert(chain_document_move(chain, &first, &document, &old, &second, TODAY + 2, TODAY, &moved) == 0);
        assert(chain_document_move(chain, &first, &document, &old, &twelfth, TODAY + 2, TODAY, &far) == 0);
        assert(chain_document_open(chain, &second, &document, &moved, &opened) == 0);
        assert(memcmp(&key, &opened, sizeof(key)) == 0);

        assert(chain_tenant_retire(chain, first.tenant, 2) == 0 &&
               chain_tenant_retire(chain, first.tenant, 2) == 0);
        assert(chain_tenant_retire(chain, first.tenant, 1) == 0); /* is not taken back */
        assert(chain_document_open(chain, &first, &document, &old, &opened) == KEYS_DESTROYED);
        assert(chain_mark(chain, &first, "card", number, made) == KEYS_DESTROYED);
        assert(chain_derived(chain, &first, "field", &opened) == KEYS_DESTROYED);
        assert(chain_tenant_rewrap(chain, &first, &old) == KEYS_DESTROYED);
        assert(chain_document_open(chain, &second, &document, &moved, &opened) == 0);
        assert(chain_document_open(chain, &twelfth, &document, &far, &opened) == 0);
        assert(chain_tenant_destroy(chain, first.tenant) == 0);
        assert(chain_derived(chain, &second, "field", &opened) == KEYS_DESTROYED);
}

static void a_damaged_day_file_is_a_fault_and_no_new_key(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain);
        struct keys_document document = document_of(TODAY);
        char path[256], id[ID_STRING];
        struct wrapped_key wrapped;
        struct secret made;

        assert(chain_document_make(chain, &tenant, &document, TODAY, &made, &wrapped) == 0);
        id_format(tenant.tenant, id);
        snprintf(path, sizeof(path), "%s/days/%d/%s-1", folder, TODAY, id);
        assert(truncate(path, 30) == 0);
        chain_close(take(chain));
        chain = chain_new();
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &made) == -EBADMSG);
        assert(chain_document_make(chain, &tenant, &document, TODAY, &made, &wrapped) == -EBADMSG);
        assert(chain_day_destroy(chain, tenant.tenant, TODAY) == 0);
}

static void make_without(const char *call)
{
        const char *const denied[] = { call, NULL };
        struct keys_document document = document_of(TODAY);
        struct wrapped_key wrapped = { { 0 } };
        struct secret made = { { 0 } };
        struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain);
        int r;

        if (process_deny_calls(denied) < 0)
                _exit(1);
        r = chain_document_make(chain, &tenant, &document, TODAY, &made, &wrapped);
        for (size_t i = 0; i < sizeof(made.octets); i++)
                if (made.octets[i])
                        _exit(2);
        _exit(r < 0 ? 0 : 3);
}

/* Each step to the disk fails once: no key comes out, and where the disk itself fails nothing goes on. */
static void a_day_key_that_cannot_be_stored_is_not_handed_out(void)
{
        static const struct {
                const char *call;
                int status;
        } steps[] = { { "mkdirat", 0 }, { "fchmod", 0 }, { "write", 0 }, { "renameat", 0 }, { "fsync", 74 } };

        for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
                SCOPED(chain_closep) struct chain *chain = NULL;
                uint64_t count;
                int status;
                pid_t pid;

                printf("without %s\n", steps[i].call);
                fflush(stdout);
                pid = fork();
                assert(pid >= 0);
                if (pid == 0)
                        make_without(steps[i].call);
                assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
                assert(WEXITSTATUS(status) == steps[i].status);
                chain = chain_new();
                assert(chain_days_destroy_before(chain, TODAY + 1, &count) == 0);
        }
}

static void the_master_key_is_private_and_made_once(void)
{
        char path[256];
        struct secret first, again;

        snprintf(path, sizeof(path), "%s/master.key", folder);
        assert(master_read(path, geteuid(), &first) == MASTER_NOT_FOUND);
        assert(master_make(path) == 0 && master_make(path) == MASTER_EXISTS);
        assert(master_read(path, geteuid(), &first) == 0 && master_read(path, geteuid(), &again) == 0);
        assert(memcmp(&first, &again, sizeof(first)) == 0);
        assert(chmod(path, 0440) == 0 && master_read(path, geteuid(), &again) == MASTER_NOT_PRIVATE);
        assert(chmod(path, 0600) == 0 && truncate(path, 31) == 0 &&
               master_read(path, geteuid(), &again) == MASTER_DAMAGED);
        assert(unlink(path) == 0);
}

static void a_master_key_is_exchanged(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant tenant = tenant_new(chain), followed = tenant;
        struct keys_document document = document_of(TODAY + 1);
        uint64_t before = chain_master_number(chain);
        struct secret fresh, third, made, opened;
        struct wrapped_key wrapped;

        random_secret(&fresh);
        random_secret(&third);
        assert(chain_document_make(chain, &tenant, &document, TODAY, &made, &wrapped) == 0);
        assert(chain_master_add(chain, &master) == 0); /* the same one again */
        assert(chain_master_number(chain) == before);
        assert(chain_master_add(chain, &fresh) == 0);
        assert(chain_master_number(chain) != before);
        assert(chain_master_add(chain, &third) == KEYS_LIMITED);

        /* Both open while both are there; new ones are wrapped by the new one. */
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &opened) == 0);
        assert(chain_tenant_rewrap(chain, &tenant, &followed.wrapped) == 0);
        assert(memcmp(&tenant.wrapped, &followed.wrapped, sizeof(tenant.wrapped)) != 0);
        assert(chain_document_open(chain, &followed, &document, &wrapped, &opened) == 0);
        assert(memcmp(&made, &opened, sizeof(made)) == 0);
        followed.version++;
        assert(chain_tenant_rewrap(chain, &followed, &followed.wrapped) == KEYS_WRONG);
        followed.version--;

        chain_master_forget(chain);
        assert(chain_document_open(chain, &tenant, &document, &wrapped, &opened) == KEYS_WRONG);
        assert(chain_document_open(chain, &followed, &document, &wrapped, &opened) == 0);
        assert(chain_tenant_destroy(chain, tenant.tenant) == 0);
        assert(chain_document_open(chain, &followed, &document, &wrapped, &opened) == KEYS_DESTROYED);
        assert(chain_tenant_destroy(chain, tenant.tenant) == 0);
}

/* A tenant's end takes its keys of every day, and nobody else's. */
static void a_tenants_end_leaves_the_others(void)
{
        SCOPED(chain_closep) struct chain *chain = chain_new();
        struct keys_tenant ending = tenant_new(chain), staying = tenant_new(chain);
        struct keys_document days[2] = { document_of(TODAY + 1), document_of(TODAY + 9) };
        struct wrapped_key of_ending[2], of_staying[2];
        struct secret key;

        for (int i = 0; i < 2; i++) {
                assert(chain_document_make(chain, &ending, &days[i], TODAY, &key, &of_ending[i]) == 0);
                assert(chain_document_make(chain, &staying, &days[i], TODAY, &key, &of_staying[i]) == 0);
        }
        assert(chain_tenant_destroy(chain, ending.tenant) == 0);
        for (int i = 0; i < 2; i++) {
                assert(chain_document_open(chain, &ending, &days[i], &of_ending[i], &key) == KEYS_DESTROYED);
                assert(chain_document_open(chain, &staying, &days[i], &of_staying[i], &key) == 0);
        }
        assert(chain_tenant_destroy(chain, staying.tenant) == 0);
}

static void a_rotation_that_is_cut_off_loses_no_key(void)
{
        char path[64], old[80], fresh[80];
        struct secret first, second, third, read_back;

        snprintf(path, sizeof(path), "%s/rotated.key", folder);
        snprintf(old, sizeof(old), "%s.old", path);
        snprintf(fresh, sizeof(fresh), "%s.new", path);
        assert(master_rotate(path, geteuid(), &second) == MASTER_NOT_FOUND);
        assert(master_make(path) == 0);
        assert(master_read(path, geteuid(), &first) == 0);
        assert(master_read_old(path, geteuid(), &read_back) == MASTER_NOT_FOUND);

        /* Cut off before the new one took the place: both names are the one key there is. */
        assert(link(path, old) == 0);
        assert(symlink("nowhere", fresh) == 0);
        assert(master_forget_old(path) == 0);
        assert(master_read(path, geteuid(), &read_back) == 0 &&
               memcmp(&read_back, &first, sizeof(first)) == 0);
        assert(link(path, old) == 0);
        assert(master_rotate(path, geteuid(), &second) == 0);
        assert(memcmp(&first, &second, sizeof(first)) != 0);
        assert(master_read(path, geteuid(), &read_back) == 0 &&
               memcmp(&read_back, &second, sizeof(first)) == 0);
        assert(master_read_old(path, geteuid(), &read_back) == 0 &&
               memcmp(&read_back, &first, sizeof(first)) == 0);
        assert(master_rotate(path, geteuid(), &third) == MASTER_EXISTS);
        assert(master_forget_old(path) == 0);
        assert(master_forget_old(path) == MASTER_NOT_FOUND);
        assert(master_rotate(path, geteuid(), &third) == 0);
        assert(master_forget_old(path) == 0);
        unlink(path);
}

/* What is retired stays so for good. */
static void remove_files(const char *path)
{
        struct dirent *entry;
        DIR *directory = opendir(path);

        assert(directory);
        while ((entry = readdir(directory)))
                if (entry->d_name[0] != '.')
                        assert(unlinkat(dirfd(directory), entry->d_name, 0) == 0);
        closedir(directory);
}

int main(void)
{
        char days[64];

        assert(mkdtemp(folder));
        random_secret(&master);
        a_key_opens_again_and_after_a_restart();
        a_key_is_bound_to_all_it_was_made_for();
        a_destroyed_day_opens_nothing();
        days_that_are_over_are_swept();
        no_key_is_made_for_the_past_or_the_far_future();
        uses_of_a_tenant_key_are_kept_apart();
        a_version_ends_when_all_is_carried_over();
        a_damaged_day_file_is_a_fault_and_no_new_key();
        a_day_key_that_cannot_be_stored_is_not_handed_out();
        a_master_key_is_exchanged();
        a_tenants_end_leaves_the_others();
        a_rotation_that_is_cut_off_loses_no_key();
        the_master_key_is_private_and_made_once();

        /* Every test destroyed what it made, so nothing is left. */
        snprintf(days, sizeof(days), "%s/retired", folder);
        remove_files(days);
        assert(rmdir(days) == 0);
        snprintf(days, sizeof(days), "%s/days", folder);
        assert(rmdir(days) == 0 && rmdir(folder) == 0);
        return 0;
}
