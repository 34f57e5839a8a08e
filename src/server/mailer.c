// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/mailer.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/notice/mail.h"
#include "net/mail-message.h"
#include "net/smtp-client.h"
#include "os/file.h"

#define MESSAGE_MAX     (65536 + MAIL_FILES_OCTETS / 2 * 3)
#define CREDENTIALS_MAX 1024

struct mailer {
        const struct mailer_settings *settings;
        struct core *core;
        struct smtp_client *client;
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool stop;
        int last; /* outcome, so that what fails each minute is logged once */
};

const char *mailer_complaint(const struct mailer_settings *settings)
{
        bool is_local;

        if (!settings->relay)
                return settings->from || settings->credentials || settings->plain
                               ? "[mail] relay: not set, and other settings of [mail] are"
                               : NULL;
        if (!smtp_relay_is_valid(settings->relay, &is_local))
                return "[mail] relay: smtps://HOST, or smtp://HOST:PORT, which then must speak STARTTLS";
        if (!settings->from || !mail_address_is_plain(text_from(settings->from)))
                return "[mail] from: the address in whose name mail is sent";
        if (settings->plain && !is_local)
                return "[mail] plain: only where the relay is localhost, 127.0.0.1 or ::1";
        if (settings->plain && settings->credentials)
                return "[mail] credentials: not without TLS";
        return NULL;
}

/* False when it is time to stop. */
static bool wait_a_second(struct mailer *mailer)
{
        struct timespec until;
        bool stop;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 1;
        pthread_mutex_lock(&mailer->lock);
        while (!mailer->stop)
                if (pthread_cond_timedwait(&mailer->changed, &mailer->lock, &until) == ETIMEDOUT)
                        break;
        stop = mailer->stop;
        pthread_mutex_unlock(&mailer->lock);
        return !stop;
}

/* Cuts "user:password" in place. */
static int read_credentials(const char *path, struct buffer *to, struct smtp_mail *mail)
{
        char *colon, *end;
        int r = file_read(path, CREDENTIALS_MAX, to);

        if (r)
                return r < 0 ? r : fault(-ENOENT);
        buffer_add_octet(to, '\0');
        if (to->failure)
                return fault(to->failure);
        end = strpbrk(to->at, "\r\n");
        if (end)
                *end = '\0';
        colon = strchr(to->at, ':');
        if (!colon)
                return fault(-EINVAL);
        *colon = '\0';
        mail->user = to->at;
        mail->password = colon + 1;
        return 0;
}

static int send_one(struct mailer *mailer, const struct mail_leased *leased)
{
        SCOPED(buffer_wipe) struct buffer credentials = BUFFER(CREDENTIALS_MAX + 1);
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(MESSAGE_MAX);
        struct mail_file files[MAIL_FILES];
        const struct mail_message message = { .from = mailer->settings->from,
                                              .to = leased->to,
                                              .subject = leased->subject,
                                              .text = buffer_text(&leased->text),
                                              .id = leased->id,
                                              .created_ms = leased->created_ms,
                                              .files = files,
                                              .file_count = leased->file_count };
        struct smtp_mail mail = { .from = mailer->settings->from, .to = leased->to };
        int r;

        for (size_t i = 0; i < leased->file_count; i++)
                files[i] = (struct mail_file){ leased->files[i].name, leased->files[i].type,
                                               leased->files[i].octets };
        if (!mail_message_format(&message, &octets))
                return SMTP_REFUSED;
        if (octets.failure)
                return fault(octets.failure);
        mail.message = buffer_text(&octets);
        if (mailer->settings->credentials) {
                r = read_credentials(mailer->settings->credentials, &credentials, &mail);
                if (r)
                        return r;
        }
        return smtp_client_send(mailer->client, &mail);
}

static void tell(struct mailer *mailer, const struct mail_leased *leased, int r)
{
        char id[ID_STRING];

        id_format(leased->id, id);
        if (r == 0)
                log_write(LOG_NOTICE, "mail-sent", "mail", id, NULL);
        else if (r < 0 && r != mailer->last)
                log_fault("mail-not-sent", r);
        else if (r == SMTP_REFUSED || r != mailer->last)
                log_write(LOG_WARNING, r == SMTP_REFUSED ? "mail-refused" : "mail-delayed", "mail", id,
                          "reason", smtp_client_complaint(mailer->client), NULL);
        mailer->last = r;
}

/* Whether there may be more. */
static bool send_next(struct mailer *mailer)
{
        struct mail_leased leased;
        int r = mail_lease(mailer->core, &leased);

        if (r) {
                if (r < 0 && r != mailer->last)
                        log_fault("mail", r);
                if (r < 0)
                        mailer->last = r;
                return false;
        }
        r = send_one(mailer, &leased);
        tell(mailer, &leased, r);
        if (mail_end(mailer->core, &leased,
                     r == 0              ? MAIL_SENT
                     : r == SMTP_REFUSED ? MAIL_REFUSED
                                         : MAIL_DELAYED) < 0)
                r = SMTP_CANCELLED; /* the lease brings it back */
        mail_leased_done(&leased);
        return r == 0 || r == SMTP_REFUSED || r == SMTP_LATER;
}

static void *run(void *context)
{
        struct mailer *mailer = context;

        while (wait_a_second(mailer))
                while (send_next(mailer))
                        ;
        return NULL;
}

int mailer_start(const struct mailer_settings *settings, struct core *core, struct mailer **ret)
{
        struct smtp_client_options options = { .relay = settings->relay,
                                               .ca_path = settings->ca_path,
                                               .plain = settings->plain };
        struct mailer *mailer;
        int r;

        if (!settings->relay)
                return 0;
        options.name = strchr(settings->from, '@') + 1;
        mailer = calloc(1, sizeof(*mailer));
        if (!mailer)
                return fault(-ENOMEM);
        mailer->settings = settings;
        mailer->core = core;
        pthread_mutex_init(&mailer->lock, NULL);
        pthread_cond_init(&mailer->changed, NULL);
        r = smtp_client_new(&options, &mailer->client);
        if (r == 0)
                r = fold(-pthread_create(&mailer->thread, NULL, run, mailer));
        if (r) {
                smtp_client_free(mailer->client);
                free(mailer);
                return r;
        }
        *ret = mailer;
        return 0;
}

void mailer_stopp(struct mailer **at)
{
        struct mailer *mailer = *at;

        if (!mailer)
                return;
        pthread_mutex_lock(&mailer->lock);
        mailer->stop = true;
        pthread_cond_signal(&mailer->changed);
        pthread_mutex_unlock(&mailer->lock);
        smtp_client_cancel(mailer->client);
        pthread_join(mailer->thread, NULL);
        smtp_client_free(mailer->client);
        pthread_cond_destroy(&mailer->changed);
        pthread_mutex_destroy(&mailer->lock);
        free(mailer);
        *at = NULL;
}
