// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/box.h"

#include "base/scope.h"
#include "crypt/random.h"

static int wrap_seed(struct chain *chain, const struct keys_tenant *tenant, const struct secret *seed,
                     struct wrapped_key *ret)
{
        SCOPED(secret_done) struct secret above;
        int r;

        r = chain_derived(chain, tenant, "imprimatur box", &above);
        if (r)
                return r;
        return wrap_key(&above, text_from_octets(tenant->tenant.octets, ID_OCTETS), seed, ret);
}

int keeper_box_seed(struct chain *chain, const struct keys_tenant *tenant, const struct wrapped_key *wrapped,
                    struct secret *ret)
{
        SCOPED(secret_done) struct secret above;
        int r;

        r = chain_derived(chain, tenant, "imprimatur box", &above);
        if (r)
                return r;
        r = wrap_open(&above, text_from_octets(tenant->tenant.octets, ID_OCTETS), wrapped, ret);
        return r == WRAP_WRONG ? KEYS_WRONG : r;
}

int keeper_box_make(struct chain *chain, const struct keys_tenant *tenant, uint8_t ret_public[BOX_KEY_OCTETS],
                    struct wrapped_key *ret_wrapped)
{
        SCOPED(secret_done) struct secret seed;
        int r;

        random_secret(&seed);
        r = wrap_seed(chain, tenant, &seed, ret_wrapped);
        if (r == 0)
                box_public_key(&seed, ret_public);
        return r;
}

int keeper_box_open(struct chain *chain, const struct keys_tenant *tenant, const struct wrapped_key *wrapped,
                    const uint8_t sealed[BOX_SEALED_OCTETS], struct secret *ret)
{
        SCOPED(secret_done) struct secret seed;
        int r;

        r = keeper_box_seed(chain, tenant, wrapped, &seed);
        if (r)
                return r;
        return box_take(&seed, sealed, ret) == 0 ? 0 : KEYS_WRONG;
}

int keeper_box_move(struct chain *chain, const struct keys_tenant *from, const struct wrapped_key *wrapped,
                    const struct keys_tenant *to, struct wrapped_key *ret)
{
        SCOPED(secret_done) struct secret seed;
        int r;

        r = keeper_box_seed(chain, from, wrapped, &seed);
        return r ? r : wrap_seed(chain, to, &seed, ret);
}
