// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Mail that the service sends: codes, and word of what was done.
 *
 *      mail_prepare()          mail_add(tx)              mail_lease()            mail_end()
 *   sealed in memory  -->  a row of that change  -->  the sender's, for a  -->  sent, refused or expired:
 * gone while    ^---------------'  else due again later
 *
 * A mail is written in the transaction of the change it tells of: there is no code without its mail and no
 * mail without its code. Address, subject and text are sealed with the tenant's field key while they wait. It
 * is sent at least once; who receives it twice reads the same words twice. What could not be sent until it
 * expires is given up, with an event that names no address. Files wait in pieces, sealed each.
 *
 * Where the service has no relay (settings, [mail]), mail_prepare() refuses with CORE_NO_MAIL, and so does
 * whatever needs a mail.
 */

#include "base/buffer.h"
#include "core/core.h"
#include "core/notice/mail-words.h"

#define MAIL_SUBJECT_MAX 200
#define MAIL_TEXT_MAX    16384
#define MAIL_WAITING_MAX 10000 /* of one tenant */

struct db_tx;

#define MAIL_FILES          2
#define MAIL_FILES_OCTETS   ((size_t)4 * 1024 * 1024) /* of one mail together */
#define MAIL_WITH_FILES_MAX 100                       /* that wait, of one tenant */

struct mail_attachment {
        const char *name, *type; /* plain words, as net/mail-message.h has them */
        struct text octets;
};

struct mail_order {
        const char *to;      /* an address (core/person/email.h) */
        const char *subject; /* one line, for people */
        const char *text;    /* UTF-8; lines end with "\n" */
        struct id about;     /* whose erasure takes it along; zero: nobody's */
        int64_t keep_ms;     /* tried for so long; 0: an hour */
        const char *link;    /* for mail_prepare_kind(), where the kind tells one */
        const struct mail_attachment *files;
        size_t file_count;
        struct id report; /* the schedule that it is sent for, which is told what becomes of it; zero: none */
};

/* A mail that is sealed and not yet anywhere. */
struct mail {
        struct id tenant, id, about, report;
        int64_t now_ms, expires_ms;
        struct buffer sealed;
        struct buffer pieces; /* of its files, each after its id and its length */
};

/* Whether there is a relay. */
bool mail_is_on(const struct core *core);

/* Before the transaction. CORE_NO_MAIL; CORE_BAD_VALUE for no address or what is too long, files too. On 0
 * the caller ends it with mail_done(). */
int mail_prepare(struct core *core, struct id tenant, const struct mail_order *order, struct mail *ret);
/* The same with the words of a kind, in the tenant's language; code is NULL where it tells none. order is
 * without words. CORE_NOT_FOUND: no such tenant. */
int mail_prepare_kind(struct core *core, struct id tenant, enum mail_kind kind, const char *code,
                      const struct mail_order *order, struct mail *ret);
void mail_done(struct mail *mail);
/* In it. CORE_BUSY where MAIL_WAITING_MAX wait already, or so many with files. */
int mail_add(struct db_tx *tx, const struct mail *mail);
/* What waits about somebody, when he is erased. */
int mail_forget_about(struct db_tx *tx, struct id tenant, struct id about);

/* The sender's side. */
struct mail_leased {
        struct id tenant, id;
        uint32_t attempts; /* before this one */
        int64_t created_ms;
        char to[CORE_EMAIL];
        char subject[MAIL_SUBJECT_MAX + 1];
        struct buffer text;   /* the caller's, initialised; wiped by mail_leased_done() */
        struct buffer octets; /* of the files; likewise */
        struct mail_attachment files[MAIL_FILES];
        size_t file_count;
};

enum mail_outcome {
        MAIL_SENT,
        MAIL_REFUSED, /* for good: the relay does not take it */
        MAIL_DELAYED, /* try again later */
};

/* The next one that is due; nobody else gets it for five minutes. CORE_NOT_FOUND where none is. */
int mail_lease(struct core *core, struct mail_leased *ret);
void mail_leased_done(struct mail_leased *leased);
int mail_end(struct core *core, const struct mail_leased *leased, enum mail_outcome outcome);
