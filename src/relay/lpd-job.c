// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * "Receive a printer job" (RFC 1179, section 6): a control file and data files, in either order. Each data
 * file becomes a deposit while it arrives; once the control file is there, too, it is handed on or kept, and
 * only then comes the last yes.
 *
 * Yes is 0. No is 1 (it will not be had as it is) or 2 (try again later), as LPRng and BSD understand it.
 */

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "lpd/control.h"
#include "relay/lpd.h"

#define QUEUE_OCTETS (LPD_QUEUE_MAX + 1)
#define WAITING_MAX  8   /* data files that came before their control file */
#define TITLE_MAX    120 /* octets of the client's; it may double as UTF-8 */

enum answer {
        ANSWER_YES = 0,
        ANSWER_NO = 1,
        ANSWER_LATER = 2,
        ANSWER_NONE = 256, /* it hung up */
};

struct data_file {
        struct deposit *deposit;
        bool stays;
        struct sniffing sniffing;
        char name[LPD_NAME_MAX + 1];
        unsigned int number;
        uint8_t contents[HASH_OCTETS];
};

struct receipt {
        struct lpd_connection *connection;
        char queue[QUEUE_OCTETS];
        bool has_control;
        size_t control_len;
        char control_octets[LPD_CONTROL_MAX];
        struct lpd_control control; /* borrows from them */
        struct data_file waiting[WAITING_MAX];
        size_t count;
};

static void data_file_done(struct data_file *data)
{
        deposit_abort(take(data->deposit));
        sniffing_done(&data->sniffing);
}

static void drop_waiting(struct receipt *receipt)
{
        for (size_t i = 0; i < receipt->count; i++)
                data_file_done(&receipt->waiting[i]);
        receipt->count = 0;
}

static void receipt_freep(struct receipt **receipt)
{
        if (!*receipt)
                return;
        drop_waiting(*receipt);
        explicit_bzero(*receipt, sizeof(**receipt));
        free(*receipt);
}

static void tell(const struct receipt *receipt, const char *event, const char *what)
{
        log_write(LOG_WARNING, event, "address", receipt->connection->address, "what", what, NULL);
}

/* Nobody says which characters an old client means; Latin-1 holds every octet. */
static void title_of(const struct lpd_control *control, const struct lpd_file_order *file, struct buffer *to)
{
        struct text title = control->title.len ? control->title : file->source;

        if (title.len > TITLE_MAX)
                title.len = TITLE_MAX;
        while (title.len && !text_is_printable(title) && ((uint8_t)title.at[title.len - 1] & 0xc0) == 0x80 &&
               text_is_printable((struct text){ title.at, title.len - 1 }))
                title.len--;
        if (text_is_printable(title)) {
                buffer_add_text(to, title);
                return;
        }
        for (size_t i = 0; i < title.len; i++) {
                uint8_t octet = (uint8_t)title.at[i];

                if (octet < 0x80) {
                        buffer_add_octet(to, octet);
                } else if (octet >= 0xa0) {
                        buffer_add_octet(to, (uint8_t)(0xc0 | octet >> 6));
                        buffer_add_octet(to, 0x80 | (octet & 0x3f));
                } else {
                        buffer_add_octet(to, '?');
                }
        }
}

/* What the service is told of it, as JSON. */
static int format_metadata(const struct receipt *receipt, const struct lpd_file_order *file,
                           const struct stays_document *document, struct id key, struct buffer *to)
{
        const struct lpd_control *control = &receipt->control;
        SCOPED(buffer_wipe) struct buffer title = BUFFER(2 * TITLE_MAX + 1);
        SCOPED(freep) char *octets = NULL;
        char submission[ID_STRING];
        json_t *metadata;

        id_format(key, submission);
        title_of(control, file, &title);
        metadata = json_pack("{s:s, s:s, s:s%, s:{s:s, s:s%}}", "queue", receipt->queue, "submission",
                             submission, "title", title.len ? title.at : "", title.len, "lpd", "address",
                             receipt->connection->address, "user", control->user.at, control->user.len);
        if (metadata && file->copies > 1)
                json_object_set_new(metadata, "ticket",
                                    json_pack("{s:I}", "copies", (json_int_t)file->copies));
        if (metadata)
                json_object_set_new(metadata, "document", stays_document_json(document));
        octets = metadata ? json_dumps(metadata, JSON_COMPACT) : NULL;
        json_decref(metadata);
        if (!octets)
                return fault(-ENOMEM);
        buffer_add_string(to, octets);
        explicit_bzero(octets, strlen(octets));
        return to->failure ? fault(to->failure) : 0;
}

static int answer_of_refusal(const struct receipt *receipt, int r)
{
        static const char *const words[] = {
                [DEPOSIT_FULL] = "full",           [DEPOSIT_NO_KEY] = "not-known-to-the-service-yet",
                [DEPOSIT_NOT_FOUND] = "gone",      [DEPOSIT_TAKEN] = "taken",
                [DEPOSIT_TOO_LARGE] = "too-large", [DEPOSIT_DAMAGED] = "damaged",
        };

        if (r < 0) {
                log_fault("lpd-job-failed", r);
                return ANSWER_LATER;
        }
        tell(receipt, "lpd-job-refused", words[r]);
        return r == DEPOSIT_TOO_LARGE ? ANSWER_NO : ANSWER_LATER;
}

/* While nobody can be asked whose it is: who was known lately, or everybody, as the settings say. */
static bool may_keep(const struct receipt *receipt, const uint8_t owner[HASH_OCTETS])
{
        struct lpd *lpd = receipt->connection->lpd;
        struct id person;

        return lpd->settings->unproven || callers_find(lpd->callers, owner, &person);
}

static int keep(struct receipt *receipt, struct id id, bool stays, const uint8_t owner[HASH_OCTETS])
{
        struct lpd *lpd = receipt->connection->lpd;
        struct deposits *deposits = stays ? lpd->stays->deposits : lpd->deposits;
        int r;

        if (!may_keep(receipt, owner)) {
                (void)deposit_remove(deposits, id);
                tell(receipt, "lpd-job-refused", "unproven");
                return ANSWER_LATER;
        }
        r = deposit_settle(deposits, id);
        if (r) {
                (void)deposit_remove(deposits, id);
                return answer_of_refusal(receipt, r);
        }
        deposit_give(deposits, id);
        drain_notice(stays ? lpd->stays->drain : lpd->drain);
        return ANSWER_YES;
}

/* It lies there whole, and is ours. The service first; where it is out of reach the disk is as good. */
static int hand_on(struct receipt *receipt, struct id id, bool stays, const uint8_t owner[HASH_OCTETS])
{
        struct lpd *lpd = receipt->connection->lpd;
        struct deposits *deposits = stays ? lpd->stays->deposits : lpd->deposits;
        struct drain *drain = stays ? lpd->stays->drain : lpd->drain;
        char word[DRAIN_WORD];
        int r;

        /* Of what stays here the service hears only once it cannot be lost here. */
        r = stays ? deposit_settle(deposits, id) : 0;
        if (r)
                return answer_of_refusal(receipt, r);
        r = drain_one(drain, id, (uint32_t)lpd->settings->patience_ms, word);
        if (r == 0) {
                if (stays)
                        deposit_give(deposits, id);
                return ANSWER_YES;
        }
        if (r == DRAIN_AWAY)
                return keep(receipt, id, stays, owner);
        /* We were not told yet that this queue's documents stay. */
        if (r == DRAIN_LATER && !stays && strcmp(word, DRAIN_SITE_ONLY) == 0) {
                r = drain_keep_here(drain, id);
                return r ? answer_of_refusal(receipt, r) : hand_on(receipt, id, true, owner);
        }
        (void)deposit_remove(deposits, id);
        if (r < 0)
                return answer_of_refusal(receipt, r);
        if (strcmp(word, "submitter-unknown") == 0)
                callers_note(lpd->callers, owner, (struct id){ 0 });
        tell(receipt, "lpd-job-refused", word);
        return r == DRAIN_NEVER || strcmp(word, "submitter-unknown") == 0 ? ANSWER_NO : ANSWER_LATER;
}

/* The answer to a job that was here a moment ago; ANSWER_NONE: it is new, or nobody knows how it ended. In
 * the latter case *key is the one that it went under, and goes again. */
static int answer_repeated(struct receipt *receipt, const uint8_t mark[HASH_OCTETS], struct id *key)
{
        struct lpd *lpd = receipt->connection->lpd;
        struct deposit_entry entry;
        bool is_taken;

        if (deposit_find_by_mark(lpd->deposits, mark, &entry) == 0 &&
            lpd_known_is_recent(lpd->known, entry.header.made_ms))
                return entry.is_settled ? ANSWER_YES : ANSWER_LATER;
        /* Of what stays here the service knows by the deposit itself. */
        if (deposit_find_by_mark(lpd->stays->deposits, mark, &entry) == 0 &&
            lpd_known_is_recent(lpd->known, entry.header.made_ms))
                return entry.is_settled ? ANSWER_YES : ANSWER_LATER;
        if (lpd_known_find(lpd->known, mark, key, &is_taken) && is_taken)
                return ANSWER_YES;
        return ANSWER_NONE;
}

/* Closes the deposit in any case. */
static int submit_new(struct receipt *receipt, const struct lpd_file_order *file, struct data_file *data,
                      struct deposit *given, struct id key, const struct deposit_order *known)
{
        SCOPED(deposit_abortp) struct deposit *deposit = given;
        struct stays_document document;
        SCOPED(buffer_wipe) struct buffer metadata = BUFFER(4096);
        struct lpd *lpd = receipt->connection->lpd;
        struct deposit_order order = *known;
        struct id id;
        int r;

        (void)stays_describe(lpd->stays, &data->sniffing, TEXT_OF(""), deposit_octets(deposit),
                             data->contents, &document);
        r = format_metadata(receipt, file, &document, key, &metadata);
        order.metadata = buffer_text(&metadata);
        if (r == 0)
                r = deposit_finish(take(deposit), &order, &id);
        if (r)
                return answer_of_refusal(receipt, r);
        r = lpd_known_begin(lpd->known, order.mark, key);
        if (r) {
                (void)deposit_remove(data->stays ? lpd->stays->deposits : lpd->deposits, id);
                return answer_of_refusal(receipt, r);
        }
        r = hand_on(receipt, id, data->stays, order.owner);
        if (r == ANSWER_YES)
                lpd_known_end(lpd->known, order.mark);
        else if (r == ANSWER_NO)
                lpd_known_forget(lpd->known, order.mark);
        return r;
}

/* Data and control file are here. Closes the deposit in any case. */
static int submit(struct receipt *receipt, const struct lpd_file_order *file, struct data_file *data)
{
        SCOPED(deposit_abortp) struct deposit *deposit = take(data->deposit);
        struct lpd_connection *connection = receipt->connection;
        struct text address = text_from(connection->address), user = receipt->control.user;
        const struct lpd_known_job job = {
                .address = address,
                .queue = text_from(receipt->queue),
                .user = user,
                .name = text_from(data->name),
                .contents = data->contents,
        };
        uint8_t owner[HASH_OCTETS], mark[HASH_OCTETS];
        struct deposit_order known = { .owner = owner, .mark = mark, .number = data->number };
        struct id key = deposit_id(deposit);
        int answer;

        lpd_known_owner(connection->lpd->known, address, user, owner);
        lpd_known_mark(connection->lpd->known, &job, mark);
        (void)callers_find(connection->lpd->callers, owner, &known.person);
        answer = answer_repeated(receipt, mark, &key);
        if (answer != ANSWER_NONE) {
                log_write(LOG_NOTICE, answer == ANSWER_YES ? "lpd-job-repeated" : "lpd-job-still-on-its-way",
                          "address", connection->address, NULL);
                return answer;
        }
        answer = submit_new(receipt, file, data, take(deposit), key, &known);
        if (answer == ANSWER_YES)
                log_write(LOG_NOTICE, "lpd-job", "address", connection->address, "queue", receipt->queue,
                          NULL);
        return answer;
}

/* The octet that follows each file: whether it was sent whole. */
static bool is_whole(struct lpd_connection *connection)
{
        struct text octet;

        return lpd_read_some(connection, 1, &octet) == 0 && octet.at[0] == 0;
}

/* Data files that came before it, and no others: who names what never came hears so. */
static int submit_waiting(struct receipt *receipt)
{
        int answer = ANSWER_YES;

        for (size_t i = 0; answer == ANSWER_YES && i < receipt->count; i++) {
                const struct lpd_file_order *file =
                        lpd_control_find(&receipt->control, text_from(receipt->waiting[i].name));

                if (file)
                        answer = submit(receipt, file, &receipt->waiting[i]);
                else
                        answer = ANSWER_NO;
        }
        drop_waiting(receipt);
        return answer;
}

static int receive_control(struct receipt *receipt, const struct lpd_receive *what)
{
        struct lpd_connection *connection = receipt->connection;
        uint64_t octets = what->octets;
        struct text piece;

        receipt->has_control = false;
        receipt->control_len = 0;
        if (octets == 0 || octets > LPD_CONTROL_MAX) {
                tell(receipt, "lpd-malformed", "control-file-size");
                return ANSWER_NO;
        }
        if (lpd_write_octet(connection, ANSWER_YES))
                return ANSWER_NONE;
        while (receipt->control_len < octets) {
                if (lpd_read_some(connection, octets - receipt->control_len, &piece))
                        return ANSWER_NONE;
                memcpy(receipt->control_octets + receipt->control_len, piece.at, piece.len);
                receipt->control_len += piece.len;
        }
        if (!is_whole(connection))
                return ANSWER_NONE;
        if (lpd_control_parse((struct text){ receipt->control_octets, receipt->control_len },
                              &receipt->control)) {
                tell(receipt, "lpd-malformed", "control-file");
                return ANSWER_NO;
        }
        receipt->has_control = true;
        return submit_waiting(receipt);
}

/* So many octets, or, where the client did not say, until it sends no more. */
static int receive_octets(struct receipt *receipt, uint64_t octets, struct data_file *data)
{
        struct lpd_connection *connection = receipt->connection;
        struct sha256 contents;
        bool is_endless = octets == 0;
        int r, wire = 0;

        r = sha256_init(&contents);
        while (r == 0 && (is_endless || octets)) {
                size_t most = is_endless || octets > sizeof(connection->octets) ? sizeof(connection->octets)
                                                                                : (size_t)octets;
                struct text piece;

                wire = lpd_read_some(connection, most, &piece);
                if (wire)
                        break;
                octets -= is_endless ? 0 : piece.len;
                sha256_add(&contents, piece.at, piece.len);
                r = sniffing_push(&data->sniffing, piece);
                if (r == 0)
                        r = deposit_write(data->deposit, piece);
        }
        if (r == 0)
                sha256_finish(&contents, data->contents);
        sha256_done(&contents);
        if (r)
                return answer_of_refusal(receipt, r);
        if (is_endless)
                return wire == LPD_WIRE_ENDED ? ANSWER_YES : ANSWER_NONE;
        return wire == 0 && is_whole(connection) ? ANSWER_YES : ANSWER_NONE;
}

/* What has no end but the connection's can only come after its control file. */
static int open_data(struct receipt *receipt, const struct lpd_receive *what, struct data_file *ret)
{
        struct lpd *lpd = receipt->connection->lpd;
        struct deposits *deposits;
        int r;

        if (!receipt->has_control && (what->octets == 0 || receipt->count == WAITING_MAX)) {
                tell(receipt, "lpd-malformed", "data-file-without-control-file");
                return ANSWER_NO;
        }
        if (receipt->has_control && !lpd_control_find(&receipt->control, what->name)) {
                tell(receipt, "lpd-malformed", "data-file-that-nobody-named");
                return ANSWER_NO;
        }
        (void)text_copy(what->name, ret->name, sizeof(ret->name));
        ret->number = what->number;
        ret->stays = stays_has(lpd->stays, receipt->queue);
        deposits = ret->stays ? lpd->stays->deposits : lpd->deposits;
        sniffing_init(&ret->sniffing, TEXT_OF(MEDIA_TYPE_UNSAID), TEXT_OF(""));
        if (what->octets > deposits_one_octets_max(deposits)) {
                tell(receipt, "lpd-job-refused", "too-large");
                return ANSWER_NO;
        }
        r = deposit_open(deposits, DEPOSIT_LPD, &ret->deposit);
        return r ? answer_of_refusal(receipt, r) : ANSWER_YES;
}

static int receive_data(struct receipt *receipt, const struct lpd_receive *what)
{
        SCOPED(data_file_done) struct data_file data = { NULL };
        uint64_t octets = what->octets;
        int answer;

        answer = open_data(receipt, what, &data);
        if (answer != ANSWER_YES)
                return answer;
        if (lpd_write_octet(receipt->connection, ANSWER_YES))
                return ANSWER_NONE;
        answer = receive_octets(receipt, octets, &data);
        if (answer != ANSWER_YES)
                return answer;
        if (receipt->has_control)
                return submit(receipt, lpd_control_find(&receipt->control, text_from(data.name)), &data);
        receipt->waiting[receipt->count++] = data;
        data = (struct data_file){ NULL };
        return ANSWER_YES;
}

static int serve_one(struct receipt *receipt)
{
        struct lpd_receive what;
        struct text line;
        int r;

        r = lpd_read_line(receipt->connection, &line);
        if (r)
                return r == LPD_WIRE_TOO_LONG ? ANSWER_NO : ANSWER_NONE;
        if (lpd_receive_parse(line, &what)) {
                tell(receipt, "lpd-malformed", "subcommand");
                return ANSWER_NO;
        }
        switch (what.verb) {
        case LPD_RECEIVE_CONTROL: return receive_control(receipt, &what);
        case LPD_RECEIVE_DATA: return receive_data(receipt, &what);
        default:
                receipt->has_control = false;
                drop_waiting(receipt);
                return ANSWER_YES;
        }
}

/* After a no nothing more is listened to: what would follow belongs to what was not taken. */
void lpd_receive(struct lpd_connection *connection, struct text queue)
{
        SCOPED(receipt_freep) struct receipt *receipt = calloc(1, sizeof(*receipt));
        int answer = ANSWER_YES;

        if (!receipt || !text_copy(queue, receipt->queue, sizeof(receipt->queue))) {
                (void)lpd_write_octet(connection, ANSWER_LATER);
                return;
        }
        receipt->connection = connection;
        if (!lpd_leads_to(connection->lpd, queue)) {
                tell(receipt, "lpd-job-refused", "no-such-queue-here");
                (void)lpd_write_octet(connection, ANSWER_NO);
                return;
        }
        while (answer == ANSWER_YES) {
                if (lpd_write_octet(connection, ANSWER_YES))
                        return;
                answer = serve_one(receipt);
        }
        if (answer != ANSWER_NONE)
                (void)lpd_write_octet(connection, (uint8_t)answer);
}
