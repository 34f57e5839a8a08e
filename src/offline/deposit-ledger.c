// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Which of the two ways a deposit goes, in marks beside its file:
 *
 *      ID.asked        the service may have it
 *      ID.out          released here: by this delivery, at this printer
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "offline/deposit-folder.h"
#include "os/file.h"

#define OUT_MAGIC  0x494d4432 /* "IMD2" */
#define OUT_HASHED (4 + 3 * ID_OCTETS + 8 + 8)
#define OUT_OCTETS (OUT_HASHED + HASH_OCTETS)

static void mark_name(struct id id, const char *suffix, char ret[DEPOSIT_NAME])
{
        deposit_name(id, DEPOSIT_SETTLED, ret);
        memcpy(ret + ID_STRING - 1, suffix, strlen(suffix) + 1);
}

static void add_u64(struct buffer *to, uint64_t number)
{
        buffer_add_u32(to, (uint32_t)(number >> 32));
        buffer_add_u32(to, (uint32_t)number);
}

static uint64_t read_u64(struct cursor *c)
{
        uint64_t high = cursor_u32(c);

        return high << 32 | cursor_u32(c);
}

static void read_id(struct cursor *c, struct id *ret)
{
        struct text octets = cursor_text(c, ID_OCTETS);

        if (octets.len == ID_OCTETS)
                memcpy(ret->octets, octets.at, ID_OCTETS);
}

static void format_out(const struct deposit_released *released, struct buffer *to)
{
        uint8_t hash[HASH_OCTETS];

        buffer_add_u32(to, OUT_MAGIC);
        buffer_add(to, released->delivery.octets, ID_OCTETS);
        buffer_add(to, released->release.octets, ID_OCTETS);
        buffer_add(to, released->printer.octets, ID_OCTETS);
        add_u64(to, (uint64_t)released->at_ms);
        add_u64(to, released->incarnation);
        hash_sha256(buffer_text(to), hash);
        buffer_add(to, hash, sizeof(hash));
}

static bool parse_out(struct text octets, struct deposit_released *ret)
{
        struct cursor c = cursor_from(octets);
        uint8_t hash[HASH_OCTETS];

        if (octets.len != OUT_OCTETS)
                return false;
        hash_sha256((struct text){ octets.at, OUT_HASHED }, hash);
        if (memcmp(hash, octets.at + OUT_HASHED, sizeof(hash)) != 0 || cursor_u32(&c) != OUT_MAGIC)
                return false;
        read_id(&c, &ret->delivery);
        read_id(&c, &ret->release);
        read_id(&c, &ret->printer);
        ret->at_ms = (int64_t)read_u64(&c);
        ret->incarnation = read_u64(&c);
        return cursor_is_good(&c);
}

int deposit_read_marks(struct deposits *deposits, struct kept *kept)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(OUT_OCTETS);
        char name[DEPOSIT_NAME];
        int r;

        mark_name(kept->header.id, ".asked", name);
        kept->is_asked = faccessat(deposits->directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
        mark_name(kept->header.id, ".out", name);
        r = file_read_at(deposits->directory, name, OUT_OCTETS, &octets);
        if (r < 0)
                return r;
        if (r == FILE_NOT_FOUND)
                return 0;
        if (r > 0 || !parse_out(buffer_text(&octets), &kept->released))
                return DEPOSIT_DAMAGED;
        kept->is_released = kept->is_taken = true;
        return 0;
}

void deposit_remove_marks(struct deposits *deposits, struct id id)
{
        char name[DEPOSIT_NAME];

        mark_name(id, ".asked", name);
        (void)file_remove(deposits->directory, name);
        mark_name(id, ".out", name);
        (void)file_remove(deposits->directory, name);
}

int deposit_mark_asked(struct deposits *deposits, struct id id)
{
        char name[DEPOSIT_NAME];
        int r;

        mark_name(id, ".asked", name);
        r = file_replace_at(deposits->directory, name, 0600, TEXT_OF("?"));
        return r == -ENOSPC || r == -EDQUOT ? DEPOSIT_FULL : fold(r);
}

int deposit_ask(struct deposits *deposits, struct id id, bool may_have_it)
{
        char name[DEPOSIT_NAME];
        struct kept *kept;
        bool is_settled;
        int r = 0;

        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        is_settled = kept && kept->is_settled;
        if (kept && may_have_it)
                kept->is_asked = true;
        pthread_mutex_unlock(&deposits->lock);
        if (!kept)
                return DEPOSIT_NOT_FOUND;
        mark_name(id, ".asked", name);
        if (is_settled)
                r = may_have_it ? deposit_mark_asked(deposits, id)
                                : fold(file_remove(deposits->directory, name));
        if (r == FILE_NOT_FOUND)
                r = 0;
        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (kept && r == 0)
                kept->is_asked = may_have_it;
        pthread_mutex_unlock(&deposits->lock);
        return r;
}

/* Under the lock: it goes this way, or the other already. */
static int take_for_release(struct kept *kept)
{
        if (!kept)
                return DEPOSIT_NOT_FOUND;
        if (!kept->is_settled || kept->is_taken || kept->is_asked || kept->is_released)
                return DEPOSIT_TAKEN;
        kept->is_taken = true;
        return 0;
}

int deposit_release(struct deposits *deposits, struct id id, const struct deposit_released *released)
{
        SCOPED(buffer_done) struct buffer out = BUFFER(OUT_OCTETS);
        char name[DEPOSIT_NAME];
        struct kept *kept;
        int r;

        format_out(released, &out);
        if (out.failure)
                return fault(out.failure);
        pthread_mutex_lock(&deposits->lock);
        r = take_for_release(kept_find(deposits, id));
        pthread_mutex_unlock(&deposits->lock);
        if (r)
                return r;
        mark_name(id, ".out", name);
        r = fold(file_replace_at(deposits->directory, name, 0600, buffer_text(&out)));
        pthread_mutex_lock(&deposits->lock);
        kept = kept_find(deposits, id);
        if (kept) {
                kept->is_released = r == 0;
                kept->is_taken = r == 0;
                kept->released = *released;
        }
        pthread_mutex_unlock(&deposits->lock);
        return r == -ENOSPC || r == -EDQUOT ? DEPOSIT_FULL : r;
}

int deposit_find_released(struct deposits *deposits, struct id delivery, struct deposit_entry *ret)
{
        int r = DEPOSIT_NOT_FOUND;

        pthread_mutex_lock(&deposits->lock);
        for (size_t i = 0; r && i < deposits->count; i++)
                if (deposits->kept[i].is_released &&
                    id_equal(deposits->kept[i].released.delivery, delivery)) {
                        *ret = deposit_entry_of(&deposits->kept[i]);
                        r = 0;
                }
        pthread_mutex_unlock(&deposits->lock);
        return r;
}

int deposit_open_document(struct deposits *deposits, struct id id, int *ret_fd, uint64_t *ret_offset,
                          uint64_t *ret_octets)
{
        struct deposit_entry entry;
        char name[DEPOSIT_NAME];

        if (deposit_find(deposits, id, &entry))
                return DEPOSIT_NOT_FOUND;
        deposit_name_of(&entry, name);
        *ret_fd = openat(deposits->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (*ret_fd < 0)
                return errno == ENOENT ? DEPOSIT_NOT_FOUND : fault(-errno);
        *ret_offset = DEPOSIT_HEADER_OCTETS;
        *ret_octets = entry.header.document_octets;
        return 0;
}
