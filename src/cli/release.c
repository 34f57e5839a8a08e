// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "base/text.h"
#include "cli/accounting.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"
#include "cli/terminal.h"
#include "cli/ticket.h"
#include "crypt/random.h"

static const struct column deliveries[] = {
        { "JOB", "job", COLUMN_TEXT },
        { "DELIVERY", "id", COLUMN_TEXT },
        { "STATE", "state", COLUMN_TEXT },
        { "REASON", "reason", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct member_option members[] = {
        { "unsupported", "unsupported", MEMBER_TEXT },
        { "from-page", "from_page", MEMBER_NUMBER },
        { NULL, NULL, 0 },
};

/* A job's number, as people say it, becomes its id. */
static int add_job(struct session *session, const char *word, json_t *ids)
{
        SCOPED(json_decrefp) json_t *job = NULL;
        char path[512];
        int status;

        if (!path_make(path, sizeof(path), "/v1/jobs/%", word, ""))
                return EXIT_REFUSED;
        status = session_call(session, "GET", path, NULL, &job);
        if (status == EXIT_DONE)
                json_array_append(ids, json_object_get(job, "id"));
        return status;
}

static int select_jobs(struct session *session, json_t *body)
{
        const struct invocation *invocation = session->invocation;
        json_t *ids;

        if (invocation->operand_count == 1) {
                const char *word = option_flag(invocation, "newest") ? "newest" : "all";

                json_object_set_new(body, "jobs", json_string(word));
                return EXIT_DONE;
        }
        ids = json_array();
        json_object_set_new(body, "jobs", ids);
        for (size_t i = 1; i < invocation->operand_count; i++) {
                int status = add_job(session, invocation->operands[i], ids);

                if (status)
                        return status;
        }
        return EXIT_DONE;
}

static int set_ticket(const struct invocation *invocation, json_t *body)
{
        json_t *ticket = json_object();
        int status = EXIT_DONE;

        if (!ticket_members(invocation, ticket, &status) || json_object_size(ticket) == 0) {
                json_decref(ticket);
                return status;
        }
        json_object_set_new(body, "ticket", ticket);
        return EXIT_DONE;
}

/* Six digits, each as likely as the others. */
static void make_digits(struct secret_line *ret)
{
        for (size_t i = 0; i < 6;) {
                uint8_t octet;

                random_octets(&octet, 1);
                if (octet < 250)
                        ret->octets[i++] = (char)('0' + octet % 10);
        }
        ret->octets[6] = 0;
}

static int set_job_password(const struct invocation *invocation, json_t *body)
{
        SCOPED(secret_line_done) struct secret_line digits = { 0 };

        if (option_flag(invocation, "make-job-password")) {
                make_digits(&digits);
                printf("Type %s at the printer.\n", digits.octets);
        } else if (!option_flag(invocation, "job-password")) {
                return EXIT_DONE;
        } else if (!terminal_secret("Digits to type at the printer: ", &digits)) {
                return EXIT_REFUSED;
        }
        json_object_set_new(body, "job_password", json_string(digits.octets));
        return EXIT_DONE;
}

static int send_release(struct session *session, json_t *body)
{
        SCOPED(json_decrefp) json_t *made = NULL;
        size_t count;
        int status = session_call(session, "POST", "/v1/releases", body, &made);

        if (status || session_print_json(session, made))
                return status;
        count = json_array_size(json_object_get(made, "jobs"));
        printf("%zu %s on the way to %s. See what became of it: imprimatur release show %s\n", count,
               count == 1 ? "job is" : "jobs are", session->invocation->operands[0],
               json_string_value(json_object_get(made, "id")));
        if (json_array_size(json_object_get(made, "refused"))) {
                printf("\nThese are held, as before (--unsupported adapt prints as the printer can):\n");
                table_print(stdout, session_refused, json_object_get(made, "refused"), "");
        }
        return EXIT_DONE;
}

int release_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        json_t *body = json_pack("{s:s}", "printer", invocation->operands[0]);
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE)
                status = select_jobs(&session, body);
        if (status == EXIT_DONE)
                status = set_ticket(invocation, body);
        if (status == EXIT_DONE)
                status = set_job_password(invocation, body);
        if (status) {
                json_decref(body);
                return status;
        }
        if (option_value(invocation, "owner"))
                json_object_set_new(body, "owner", json_string(option_value(invocation, "owner")));
        if (option_flag(invocation, "first-copy"))
                json_object_set_new(body, "first_copy", json_true());
        if (!members_set(invocation, members, body, &status)) {
                json_decref(body);
                return status;
        }
        if (option_value(invocation, "account") || option_value(invocation, "account-user"))
                json_object_set_new(body, "accounting", accounting_members(invocation));
        if (option_flag(invocation, "again"))
                json_object_set_new(body, "again", json_true());
        return send_release(&session, body);
}

int release_show_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session;
        SCOPED(json_decrefp) json_t *found = NULL;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/releases/%", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &found);
        if (status == EXIT_DONE && !session_print_json(&session, found))
                table_print(stdout, deliveries, json_object_get(found, "deliveries"),
                            "Nothing was released.");
        return status;
}
