// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Questions to a directory and their answers, as values and as JSON.
 *
 * Whoever serves a directory answers the same question in the same way: the service itself, or an agent in
 * the directory's network, to which the question travels over its own TLS connection. Nothing of either is
 * kept: a question may hold the password that somebody typed and the one of the account that looks people up,
 * so it lies in memory that is locked and wiped (question_new()), and its JSON is written into a buffer that
 * the caller wipes. An answer holds no secret.
 *
 * A directory's answer is an outsider's: every length is limited, what is not printable UTF-8 is left out.
 */

#include "base/arena.h"
#include "base/buffer.h"
#include "base/id.h"
#include "directory/domain.h"

#define DIRECTORY_PASSWORD     1024 /* octets; NUL is not among them */
#define DIRECTORY_VALUE        256
#define DIRECTORY_WORDS        256
#define DIRECTORY_SUBJECT_TEXT 65
#define DIRECTORY_GROUP        128
#define DIRECTORY_GROUPS_MAX   256
#define DIRECTORY_STEPS_MAX    8

enum directory_verb {
        DIRECTORY_CHECK_PASSWORD, /* who this is, if the password is his */
        DIRECTORY_FIND,
        DIRECTORY_LIST, /* everybody, in pages */
        DIRECTORY_TRY,  /* what happens at each step */
        DIRECTORY_LIST_DOMAINS,
};

struct directory_question {
        struct id id;
        enum directory_verb verb;
        enum directory_attribute by; /* EMAIL, ACCOUNT, CARD or SUBJECT; of CHECK_PASSWORD and FIND */
        char value[DIRECTORY_VALUE];
        char password[DIRECTORY_PASSWORD + 1];
        char bind_password[DIRECTORY_PASSWORD + 1];
        /*
         * Of CHECK_PASSWORD: another domain than the settings' own, "" none. It is asked in the name of
         * whoever signs in, and so is never shown the password of the account that looks people up.
         */
        char domain[DIRECTORY_DOMAIN];
        char server[DIRECTORY_URL];
        char base[DIRECTORY_DN];
        struct directory_settings settings;
};

/* In locked memory, zeroed; wiped by free. NULL where memory is out. */
struct directory_question *question_new(void);
void question_free(struct directory_question *question);
void question_freep(struct directory_question **question);

/* Sends it to the other domain that it names: from now on its settings say so. False where they cannot. */
bool question_redirect(struct directory_question *question);

enum directory_outcome {
        DIRECTORY_DONE,
        DIRECTORY_NOT_THERE,
        DIRECTORY_WRONG_PASSWORD,
        DIRECTORY_DISABLED,        /* in the directory */
        DIRECTORY_AMBIGUOUS,       /* more than one person has this value */
        DIRECTORY_BIND_REFUSED,    /* the account that looks people up may not */
        DIRECTORY_SEARCH_REFUSED,  /* no such base, no right, a filter it does not like */
        DIRECTORY_UNRESOLVED,      /* no server's name has an address */
        DIRECTORY_ADDRESS_REFUSED, /* it has, but one that is not to be connected to */
        DIRECTORY_UNREACHABLE,
        DIRECTORY_UNTRUSTED, /* no TLS, or a certificate that proves nothing */
        DIRECTORY_SILENT,    /* no answer in time */
        DIRECTORY_CONFUSED,  /* an answer that makes no sense */
        DIRECTORY_BUSY,      /* too many questions at once */
        DIRECTORY_NO_AGENT,  /* whoever serves it is not connected */
        DIRECTORY_OUTCOMES,
};
/* "wrong-password". */
const char *directory_outcome_name(enum directory_outcome outcome);
/* A sentence for people. */
const char *directory_outcome_sentence(enum directory_outcome outcome);
/* Whether it says that nothing could be learnt: the directory is down, silent or wrongly set up. */
bool directory_outcome_is_failure(enum directory_outcome outcome);

/* Somebody, as the directory has him. All in an arena; never NULL. */
struct directory_entry {
        const char *subject; /* an UUID as it is written, an objectGUID as 32 hexadecimal digits */
        const char *email;
        const char *account;
        const char *name;
        const char *department;
        const char *card; /* our own form; "": none */
        const char **groups;
        size_t group_count;
        bool disabled;
};

struct directory_step {
        char what[24]; /* "resolve", "connect", "tls", "bind", "search" */
        bool good;
        char words[DIRECTORY_WORDS];
};

struct directory_answer {
        enum directory_outcome outcome;
        char words[DIRECTORY_WORDS]; /* more about a failure, of the server's own words; may be "" */
        struct directory_entry *entries;
        size_t entry_count;
        struct directory_domain *domains;
        size_t domain_count;
        bool more; /* of a list: another part follows */
        struct directory_step steps[DIRECTORY_STEPS_MAX];
        size_t step_count;
};

/* settings is the JSON text that stands in the method, taken as it is. */
void question_format(const struct directory_question *question, struct text settings, struct buffer *to);

struct json_t;
/* False where it is malformed, or longer than it may be. */
bool question_parse(const struct json_t *json, struct directory_question *ret);
/* NULL where memory is out. */
struct json_t *answer_format(struct id question, const struct directory_answer *answer);
bool answer_parse(const struct json_t *json, struct arena *arena, struct id *ret_question,
                  struct directory_answer *ret);

/* A password that may be said to a directory: 1 to 1,024 octets, no NUL, not of white space alone. An empty
 * one is no bind at all (RFC 4513, section 5.1.2), and some servers cut at a NUL or trim. */
bool directory_password_is_sayable(struct text password);
