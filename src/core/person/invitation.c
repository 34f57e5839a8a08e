// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/invitation.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/admission.h"
#include "core/notice/mail.h"
#include "core/person/registration.h"
#include "core/state.h"

struct context {
        struct id tenant;
        const char *email;
        struct admission admission;
        struct mail mail;
};

static void context_done(struct context *c)
{
        mail_done(&c->mail);
}

static int look_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return admission_look(tx, c->tenant, &c->admission);
}

int invitation_is_open(struct core *core, struct id tenant, bool *ret)
{
        struct context c = { .tenant = tenant };
        int r;

        *ret = false;
        if (!core->settings.has_mail)
                return 0;
        r = db_read(core->db, look_in, &c);
        if (r == 0)
                *ret = (c.admission.registration && !c.admission.directory_only) || c.admission.guests;
        return r;
}

static int send_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        enum registration_as may;
        bool is_known;
        int r;

        r = registration_may(tx, c->tenant, c->email, &c->admission, &may);
        if (r == 0)
                r = registration_is_known(tx, c->tenant, c->email, &is_known);
        if (r || may == REGISTRATION_NOBODY || is_known)
                return r;
        r = mail_add(tx, &c->mail);
        return r ? r : event_add(tx, c->tenant, NULL, "registration-invited", (struct id){ 0 }, "");
}

/* Counted whoever it is: the one work for all. */
static int count(struct core *core, struct id tenant, const char *email, struct text source)
{
        char from[GUESS_SOURCE_STRING];
        struct guess_subject subjects[3] = {
                { GUESS_INVITATION, text_from(email) },
                { GUESS_INVITATION_SOURCE, { from, 0 } },
                { GUESS_INVITATION_TENANT, text_from_octets(tenant.octets, ID_OCTETS) },
        };

        guess_source(source, from);
        subjects[1].subject = text_from(from);
        return guesses_begin(core, subjects, ARRAY_LENGTH(subjects), NULL);
}

int invitation_send(struct core *core, struct id tenant, struct text name, const char *link,
                    struct text source)
{
        SCOPED(context_done) struct context c = { .tenant = tenant };
        struct mail_order order = { .link = link, .keep_ms = 24 * INT64_C(3600000) };
        char email[CORE_EMAIL];
        struct tenant homed;
        int r;

        /* Of the name and its domain alone, which tell nothing of accounts. */
        if (!core->settings.has_mail || !email_fold(name, email))
                return 0;
        r = tenant_find_by_email(core, name, &homed);
        if (r)
                return r < 0 ? r : 0;
        if (!id_equal(homed.id, tenant))
                return 0;

        c.email = order.to = email;
        r = count(core, tenant, email, source);
        if (r)
                return r < 0 ? r : 0;
        r = mail_prepare_kind(core, tenant, MAIL_INVITATION, NULL, &order, &c.mail);
        if (r == 0)
                r = db_write(core->db, send_in, &c);
        return r < 0 ? r : 0; /* too many mails wait: another day */
}
