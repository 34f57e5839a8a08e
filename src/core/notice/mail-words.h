// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The words of every mail that the service sends: one table, by kind and language. What decides that a mail
 * is due names its kind and what it tells; how that is said stands here and nowhere else.
 */

#include <stdbool.h>
#include <stddef.h>

enum mail_kind {
        MAIL_REGISTRATION,       /* code: it makes the account */
        MAIL_REGISTERED_ALREADY, /* somebody asked to register whom we know */
        MAIL_INVITATION,         /* link: somebody printed whom nobody knows */
        MAIL_LET_IN,             /* an administrator said yes */
        MAIL_CODE,               /* code: a one-time code that the help desk sent */
        MAIL_PASSWORD_FORGOTTEN, /* code: likewise, that somebody asked for himself */
        MAIL_MOVE,               /* code: a device or a program wants to go to this tenant */
        MAIL_KINDS
};

/* A tenant's language. */
enum language {
        LANGUAGE_ENGLISH,
        LANGUAGE_GERMAN,
        LANGUAGES
};
extern const char *const language_names[]; /* as BCP 47 has them; ended by NULL */

/* What is put into the words; NULL where the kind tells no such thing. */
struct mail_values {
        const char *organisation; /* the tenant's name for people */
        const char *code;
        const char *link; /* to a page of the service */
};

#define MAIL_WORDS_MAX 2048

/* One line, without values. */
const char *mail_subject(enum mail_kind kind, enum language language);
/* Lines that end with "\n". False where they are too long for ret. The caller wipes it: it may hold a code.
 */
bool mail_text(enum mail_kind kind, enum language language, const struct mail_values *values, char *ret,
               size_t size);
