// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/random.h"
#include "keeper/box.h"

static char folder[] = "/tmp/imprimatur-box-XXXXXX";
static struct chain *chain;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
        return remove(path);
}

static void remove_folder(void)
{
        chain_close(chain);
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct keys_tenant version_of(struct id tenant, uint32_t version)
{
        struct keys_tenant made = { tenant, version, { { 0 } } };

        assert(chain_tenant_make(chain, tenant, version, &made.wrapped) == 0);
        return made;
}

static void what_was_put_in_is_taken_out_by_its_tenant_alone(void)
{
        struct keys_tenant tenant = version_of(id_new(), 1), other = version_of(id_new(), 1);
        uint8_t public[BOX_KEY_OCTETS], sealed[BOX_SEALED_OCTETS];
        struct wrapped_key wrapped, others;
        struct secret secret, found;

        random_secret(&secret);
        assert(keeper_box_make(chain, &tenant, public, &wrapped) == 0);
        assert(box_put(public, &secret, sealed) == 0);
        assert(keeper_box_open(chain, &tenant, &wrapped, sealed, &found) == 0);
        assert(memcmp(&found, &secret, sizeof(found)) == 0);
        assert(keeper_box_open(chain, &other, &wrapped, sealed, &found) == KEYS_WRONG);
        assert(keeper_box_make(chain, &tenant, public, &others) == 0);
        assert(keeper_box_open(chain, &tenant, &others, sealed, &found) == KEYS_WRONG);
        sealed[40] ^= 1;
        assert(keeper_box_open(chain, &tenant, &wrapped, sealed, &found) == KEYS_WRONG);
}

/* What lies on an agent that was away while the key was changed opens afterwards. */
static void a_box_outlives_the_version_of_the_tenants_key(void)
{
        struct id id = id_new();
        struct keys_tenant first = version_of(id, 1), second = version_of(id, 2);
        uint8_t public[BOX_KEY_OCTETS], sealed[BOX_SEALED_OCTETS];
        struct wrapped_key wrapped, moved;
        struct secret secret, found;

        random_secret(&secret);
        assert(keeper_box_make(chain, &first, public, &wrapped) == 0 &&
               box_put(public, &secret, sealed) == 0);
        assert(keeper_box_move(chain, &first, &wrapped, &second, &moved) == 0);
        assert(keeper_box_open(chain, &second, &wrapped, sealed, &found) == KEYS_WRONG);
        assert(chain_tenant_retire(chain, id, 2) == 0);
        assert(keeper_box_open(chain, &first, &wrapped, sealed, &found) == KEYS_DESTROYED);
        assert(keeper_box_open(chain, &second, &moved, sealed, &found) == 0);
        assert(memcmp(&found, &secret, sizeof(found)) == 0);
        assert(chain_tenant_destroy(chain, id) == 0);
        assert(keeper_box_open(chain, &second, &moved, sealed, &found) == KEYS_DESTROYED);
}

int main(void)
{
        struct chain_options options = { folder, 64, 400 };
        struct secret master;

        assert(mkdtemp(folder));
        random_secret(&master);
        assert(chain_open(&master, &options, &chain) == 0);
        atexit(remove_folder);
        what_was_put_in_is_taken_out_by_its_tenant_alone();
        a_box_outlives_the_version_of_the_tenants_key();
        return 0;
}
