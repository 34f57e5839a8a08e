// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "crypt/certificate-request.h"
#include "crypt/issue.h"
#include "crypt/random.h"
#include "keeper/authority.h"
#include "keeper/box.h"
#include "keys/authority.h"

#define DAY_MS 86400000LL

static char folder[] = "/tmp/imprimatur-authority-XXXXXX";
static struct chain *chain;
static struct keys_tenant tenant, next;
static struct wrapped_key seed;
static uint8_t key[AUTHORITY_KEY_OCTETS];
static int64_t now;
static const struct id printer = { { 9 } };

static struct keys_request request_of(enum keys_operation operation)
{
        return (struct keys_request){
                .operation = operation,
                .tenant = tenant.tenant,
                .tenant_version = tenant.version,
                .tenant_wrapped = tenant.wrapped,
                .other_version = tenant.version,
                .other_wrapped = tenant.wrapped,
                .box = seed,
                .subject = printer,
        };
}

static void the_key_outlives_a_version(void)
{
        struct keys_request request = request_of(KEYS_AUTHORITY_PUBLIC);
        struct keys_reply reply = { 0 };
        struct wrapped_key moved;

        assert(authority_answer(chain, &request, now, &reply) == 0);
        memcpy(key, reply.octets, sizeof(key));
        assert(keeper_box_move(chain, &tenant, &seed, &next, &moved) == 0);
        request.box = moved;
        assert(authority_answer(chain, &request, now, &reply) == KEYS_WRONG);
        request.other_version = next.version;
        request.other_wrapped = next.wrapped;
        assert(authority_answer(chain, &request, now, &reply) == 0);
        assert(memcmp(key, reply.octets, sizeof(key)) == 0);
}

static int sign(const struct issue_draft *draft, enum keys_certificate_kind kind, struct buffer *ret)
{
        struct keys_request request = request_of(KEYS_AUTHORITY_SIGN);
        SCOPED(buffer_done) struct buffer tbs = BUFFER(ISSUE_DRAFT_MAX);
        struct keys_reply reply = { 0 };
        uint8_t serial[ISSUE_SERIAL_OCTETS];
        int r;

        assert(issue_draft(draft, &tbs, serial) == 0);
        request.purpose = kind;
        memcpy(request.octets, tbs.at, tbs.len);
        request.octets_len = (uint32_t)tbs.len;
        r = authority_answer(chain, &request, now, &reply);
        if (r == 0)
                assert(issue_seal(buffer_text(&tbs), text_from_octets(reply.octets + 1, reply.octets[0]),
                                  ret) == 0);
        return r;
}

static void only_what_it_says_is_signed(void)
{
        static const char *const names[] = { "printer.example", NULL };
        SCOPED(buffer_wipe) struct buffer private = BUFFER(4096);
        SCOPED(buffer_done)
        struct buffer pem = BUFFER(4096), info = BUFFER(1024), root = BUFFER(4096), leaf = BUFFER(4096);
        struct issue_draft draft = { .tenant = tenant.tenant,
                                     .title = "Demo",
                                     .key = key,
                                     .subject = printer,
                                     .names = names,
                                     .from_ms = now,
                                     .until_ms = now + 300 * DAY_MS };

        assert(certificate_request_make(TEXT_OF(""), &private, &pem) == 0);
        assert(certificate_request_read(buffer_text(&pem), &info) == 0);
        draft.key_info = buffer_text(&info);
        assert(sign(&draft, KEYS_ISSUED, &root) == KEYS_WRONG); /* a root is not issued */
        assert(sign(&draft, KEYS_ROOT, &root) == 0);
        draft.root = buffer_text(&root);
        assert(sign(&draft, KEYS_ROOT, &leaf) == KEYS_WRONG);
        assert(sign(&draft, KEYS_ISSUED, &leaf) == 0 && leaf.len > 0);
        draft.subject.octets[0]++;
        assert(sign(&draft, KEYS_ISSUED, &leaf) == KEYS_WRONG); /* another's than it is asked for */
        draft.subject = printer;
        draft.tenant.octets[0]++;
        draft.root = TEXT_OF("");
        assert(sign(&draft, KEYS_ROOT, &leaf) == KEYS_WRONG); /* another tenant's */
        draft.tenant = tenant.tenant;
        draft.root = buffer_text(&root);
        draft.until_ms = now + 400 * DAY_MS;
        assert(sign(&draft, KEYS_ISSUED, &leaf) == KEYS_WRONG); /* too long */
}

static int unlink_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
        return remove(path);
}

int main(void)
{
        struct chain_options options = { .state = folder, .held_max = 16, .days_ahead = 400 };
        uint8_t public[BOX_KEY_OCTETS];
        struct secret master;

        assert(mkdtemp(folder));
        random_secret(&master);
        assert(chain_open(&master, &options, &chain) == 0);
        now = clock_unix_ms();
        tenant = (struct keys_tenant){ .tenant = { { 1 } }, .version = 1 };
        next = (struct keys_tenant){ .tenant = { { 1 } }, .version = 2 };
        assert(chain_tenant_make(chain, tenant.tenant, 1, &tenant.wrapped) == 0);
        assert(chain_tenant_make(chain, tenant.tenant, 2, &next.wrapped) == 0);
        assert(keeper_box_make(chain, &tenant, public, &seed) == 0);
        the_key_outlives_a_version();
        only_what_it_says_is_signed();
        chain_close(chain);
        assert(nftw(folder, unlink_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
        return 0;
}
