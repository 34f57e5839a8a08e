// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Guesses: how often somebody may be wrong, for files of core.
 *
 *   1. A guess is counted as a wrong one before it is even looked at, in the database, by a hash of its
 *      subject: neither many at once nor a restart nor a second service gets one more, and an account that
 *      does not exist is treated like one that does.
 *   2. Nobody can be locked out of his own office: where an account was signed in to within the last 30 days
 *      ("at home"), what others guess elsewhere does not count.
 *   3. A right guess forgives the wrong ones before it. Of those that an attacker could have made in between,
 *      it only takes itself back, so that he does not live on the owner's right ones.
 *
 *      what is guessed   subject              wrong ones         then                          right one
 *      password          account and source   10                 15 min                        forgives
 *                        account, abroad      10                 24 h                          itself
 *                        account, at home     100                until somebody unlocks it     forgives
 *                        source, abroad       100 in an hour     an hour                       itself
 *      PIN               account              5; 10              15 min; until it is unlocked  forgives
 *                        account              10                 24 h                          itself
 *      second factor     account              5; 10              15 min; until it is unlocked  forgives
 *      PIN, code         source               20 in an hour      an hour                       itself
 *      code              tenant               60 in an hour      an hour                       itself
 *      passkey           source               100 in an hour     an hour                       itself
 *      badge             reader               20 in an hour      an hour                       –
 *      enrolment code    source               20 in an hour      an hour                       –
 *      company code      source               20 in an hour      an hour                       itself
 *
 * Likewise counted, though nothing is guessed: registrations from a source, 20 in an hour, and mails that
 * strangers have sent to a mailbox, 5 in an hour; and invitations to register (core/person/invitation.h): to
 * a mailbox 1 in a day, by a source 20 in an hour, of a tenant 100 in an hour; and appliances that nobody has
 * bound and an agent tells of, 20 in an hour.
 *
 * A source is an address; of IPv6 the first 64 bits, for one subscriber has all the others. Who came through
 * an agent's door counts as ADDRESS@AGENT: what an agent says of addresses is believed for its own door
 * alone, and costs nobody who comes otherwise.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct core;

enum guess_kind {
        GUESS_PASSWORD,
        GUESS_PASSWORD_ABROAD,
        GUESS_PASSWORD_AT_HOME,
        GUESS_PASSWORD_SOURCE,
        GUESS_PIN,
        GUESS_PIN_DAY,
        GUESS_FACTOR,
        GUESS_SOURCE,
        GUESS_ONE_TIME,
        GUESS_PASSKEY,
        GUESS_BADGE,
        GUESS_COMPANY,
        GUESS_CODE, /* of enrolment */
        GUESS_REGISTRATION,
        GUESS_MAILBOX,
        GUESS_INVITATION,
        GUESS_INVITATION_SOURCE,
        GUESS_INVITATION_TENANT,
        GUESS_APPLIANCE,
};

/* One subject a guess is counted by; most are counted by several. */
struct guess_subject {
        enum guess_kind kind;
        struct text subject;
};
#define GUESS_SUBJECTS_MAX 4

/* CORE_LOCKED while one of them is paused or locked. */
int guesses_check(struct core *core, const struct guess_subject *subjects, size_t count);
/* Checks, and counts it as a wrong one, of all or none. CORE_LOCKED. *ret_last (may be NULL): this was the
 * last one for a while. */
int guesses_begin(struct core *core, const struct guess_subject *subjects, size_t count, bool *ret_last);
/* It was right. */
int guesses_forgive(struct core *core, const struct guess_subject *subjects, size_t count);
/* It could not be told from wrong, by a fault of ours. */
int guesses_take_back(struct core *core, const struct guess_subject *subjects, size_t count);
/* All is forgotten, locks too. */
int guesses_forget(struct core *core, const struct guess_subject *subjects, size_t count);

/* The same of one subject. */
int guess_check(struct core *core, enum guess_kind kind, struct text subject);
int guess_begin(struct core *core, enum guess_kind kind, struct text subject);
int guess_forgive(struct core *core, enum guess_kind kind, struct text subject);
int guess_take_back(struct core *core, enum guess_kind kind, struct text subject);
int guess_forget(struct core *core, enum guess_kind kind, struct text subject);

/* Changes nothing, and takes as long as a note in the database does. */
int guess_pretend(struct core *core, enum guess_kind kind, struct text subject);
/* Without looking whether it is locked. */
int guess_count_wrong(struct core *core, enum guess_kind kind, struct text subject);

/* Those at an account's PIN, or at its password; other sources than that stay as they are. */
int guesses_forget_account(struct core *core, struct text email, bool of_pin);

/* The source as guesses are counted by it. */
#define GUESS_SOURCE_STRING 64
void guess_source(struct text address, char ret[GUESS_SOURCE_STRING]);
