// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/notice/mail-files.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"

#define PIECE_OCTETS 49152
#define PIECE_HEAD   (ID_OCTETS + 4) /* whose it is, and which one */
#define PIECE_SEALED (PIECE_HEAD + PIECE_OCTETS + TENANT_SEAL_OVERHEAD)
#define HEADS_OCTETS (MAIL_FILES * 256)
#define STREAM_MAX   (MAIL_FILES_OCTETS + HEADS_OCTETS)
#define PIECES_MAX   (STREAM_MAX / PIECE_OCTETS + 1)

/* "mail-part", tenant, id. */
#define BOUND_OCTETS (9 + 2 * ID_OCTETS)
static struct text bind(struct id tenant, struct id id, char ret[BOUND_OCTETS])
{
        memcpy(ret, "mail-part", 9);
        memcpy(ret + 9, tenant.octets, ID_OCTETS);
        memcpy(ret + 9 + ID_OCTETS, id.octets, ID_OCTETS);
        return text_from_octets(ret, BOUND_OCTETS);
}

static void add_number(struct buffer *to, uint64_t number)
{
        for (int shift = 24; shift >= 0; shift -= 8)
                buffer_add_octet(to, (uint8_t)(number >> shift));
}

static uint32_t number_at(const char *at)
{
        uint32_t number = 0;

        for (size_t i = 0; i < 4; i++)
                number = number << 8 | (uint8_t)at[i];
        return number;
}

/* ---- sealed ---- */

static int seal_piece(struct core *core, const struct tenant_entry *entry, uint32_t number,
                      struct text octets, struct mail *mail)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(PIECE_HEAD + PIECE_OCTETS);
        SCOPED(buffer_done) struct buffer sealed = BUFFER(PIECE_SEALED);
        char room[BOUND_OCTETS];
        struct id id = id_new();
        int r;

        buffer_add(&plain, mail->id.octets, ID_OCTETS);
        add_number(&plain, number);
        buffer_add_text(&plain, octets);
        r = plain.failure ? fault(plain.failure)
                          : fold(tenant_seal(core, entry, bind(mail->tenant, id, room), buffer_text(&plain),
                                             &sealed));
        if (r)
                return r;
        buffer_add(&mail->pieces, id.octets, ID_OCTETS);
        add_number(&mail->pieces, sealed.len);
        buffer_add_text(&mail->pieces, buffer_text(&sealed));
        return mail->pieces.failure ? fault(mail->pieces.failure) : 0;
}

static int make_stream(const struct mail_order *order, struct buffer *to)
{
        size_t octets = 0;

        for (size_t i = 0; i < order->file_count; i++) {
                const struct mail_attachment *file = &order->files[i];

                octets += file->octets.len;
                if (octets > MAIL_FILES_OCTETS || strlen(file->name) > 100 || strlen(file->type) > 100)
                        return CORE_BAD_VALUE;
                buffer_add(to, file->name, strlen(file->name) + 1);
                buffer_add(to, file->type, strlen(file->type) + 1);
                add_number(to, file->octets.len);
                buffer_add_text(to, file->octets);
        }
        return to->failure ? fault(to->failure) : 0;
}

int mail_files_seal(struct core *core, const struct tenant_entry *entry, const struct mail_order *order,
                    struct mail *mail)
{
        SCOPED(buffer_wipe) struct buffer stream = BUFFER(STREAM_MAX);
        uint32_t number = 0;
        int r = order->file_count > MAIL_FILES ? CORE_BAD_VALUE : make_stream(order, &stream);

        buffer_init(&mail->pieces, PIECES_MAX * (ID_OCTETS + 4 + PIECE_SEALED));
        for (size_t at = 0; r == 0 && at < stream.len; at += PIECE_OCTETS) {
                size_t len = stream.len - at < PIECE_OCTETS ? stream.len - at : PIECE_OCTETS;

                r = seal_piece(core, entry, number++, text_from_octets(stream.at + at, len), mail);
        }
        return r;
}

/* ---- kept ---- */

static int check_room(struct db_tx *tx, struct id tenant)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, "SELECT count(*) FROM mail_part WHERE tenant_id = ?1 AND number = 0",
                       DB_NONE, &rows);

        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) < MAIL_WITH_FILES_MAX ? 0 : CORE_BUSY;
}

int mail_files_add(struct db_tx *tx, const struct mail *mail)
{
        struct text rest = buffer_text(&mail->pieces);
        int64_t number = 0;
        int r = rest.len ? check_room(tx, mail->tenant) : 0;

        while (r == 0 && rest.len) {
                size_t len = number_at(rest.at + ID_OCTETS);
                struct id id;

                memcpy(id.octets, rest.at, ID_OCTETS);
                r = fold(db_run(tx, mail->tenant,
                                "INSERT INTO mail_part (tenant_id, id, mail_id, number, sealed)"
                                " VALUES (?1, ?2, ?3, ?4, ?5)",
                                DB_VALUES(db_id(&id), db_id(&mail->id), db_integer(number++),
                                          db_octets(rest.at + ID_OCTETS + 4, len)),
                                NULL));
                rest = text_from_octets(rest.at + ID_OCTETS + 4 + len, rest.len - ID_OCTETS - 4 - len);
        }
        return r;
}

int mail_files_delete(struct db_tx *tx, struct id tenant, struct id mail)
{
        return fold(db_run(tx, tenant, "DELETE FROM mail_part WHERE tenant_id = ?1 AND mail_id = ?2",
                           DB_VALUES(db_id(&mail)), NULL));
}

/* ---- opened ---- */

struct reading {
        const struct mail_leased *leased;
        uint32_t number;
        struct id id;
        struct buffer sealed;
        bool is_over;
};

static void reading_done(struct reading *reading)
{
        buffer_done(&reading->sealed);
}

static int read_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct reading *reading = context;
        int r = db_one(
                tx, reading->leased->tenant,
                "SELECT id, sealed FROM mail_part WHERE tenant_id = ?1 AND mail_id = ?2 AND number = ?3",
                DB_VALUES(db_id(&reading->leased->id), db_integer(reading->number)), &rows);

        reading->is_over = r == DB_NO_ROW;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        reading->id = db_rows_id(&rows, 0);
        buffer_clear(&reading->sealed);
        buffer_add_text(&reading->sealed, db_rows_text(&rows, 1));
        return reading->sealed.failure ? fault(reading->sealed.failure) : 0;
}

static int open_piece(struct core *core, const struct tenant_entry *entry, const struct reading *reading,
                      struct buffer *to)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(PIECE_HEAD + PIECE_OCTETS);
        char room[BOUND_OCTETS];
        int r = tenant_unseal(core, entry, bind(reading->leased->tenant, reading->id, room),
                              buffer_text(&reading->sealed), &plain);

        if (r)
                return fold(r);
        if (plain.len < PIECE_HEAD || memcmp(plain.at, reading->leased->id.octets, ID_OCTETS) != 0 ||
            number_at(plain.at + ID_OCTETS) != reading->number)
                return fault(-EBADMSG);
        buffer_add(to, plain.at + PIECE_HEAD, plain.len - PIECE_HEAD);
        return to->failure ? fault(to->failure) : 0;
}

/* A string and its NUL. */
static const char *take_string(struct text *rest)
{
        const char *at = rest->at, *end = memchr(rest->at, 0, rest->len);

        if (!end)
                return NULL;
        *rest = text_from_octets(end + 1, rest->len - (size_t)(end + 1 - at));
        return at;
}

static bool take_file(struct text *rest, struct mail_attachment *ret)
{
        size_t len;

        ret->name = take_string(rest);
        ret->type = ret->name ? take_string(rest) : NULL;
        if (!ret->type || rest->len < 4)
                return false;
        len = number_at(rest->at);
        if (len > rest->len - 4)
                return false;
        ret->octets = text_from_octets(rest->at + 4, len);
        *rest = text_from_octets(rest->at + 4 + len, rest->len - 4 - len);
        return true;
}

int mail_files_open(struct core *core, const struct tenant_entry *entry, struct mail_leased *leased)
{
        SCOPED(reading_done) struct reading reading = { .leased = leased };
        struct text rest;
        int r = 0;

        buffer_init(&reading.sealed, PIECE_SEALED);
        buffer_init(&leased->octets, STREAM_MAX);
        for (reading.number = 0; r == 0; reading.number++) {
                r = db_read(core->db, read_in, &reading);
                if (r || reading.is_over)
                        break;
                r = open_piece(core, entry, &reading, &leased->octets);
        }
        if (r)
                return r;
        rest = buffer_text(&leased->octets);
        while (rest.len && leased->file_count < MAIL_FILES)
                if (!take_file(&rest, &leased->files[leased->file_count++]))
                        return fault(-EBADMSG);
        return rest.len ? fault(-EBADMSG) : 0;
}
