// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "base/clock.h"
#include "base/scope.h"
#include "cli/nouns.h"

#define CLOCK_APART_S 5
#define SOON_S        (7 * 24 * 3600)

static const char *const kinds[] = {
        [FINDING_GOOD] = "good", [FINDING_WARNING] = "warning", [FINDING_BAD] = "bad"
};

void finding_add(struct findings *findings, enum finding_kind kind, const char *what, const char *advice,
                 const char *format, ...)
{
        char words[512];
        va_list args;

        va_start(args, format);
        vsnprintf(words, sizeof(words), format, args);
        va_end(args);
        findings->bad += kind == FINDING_BAD;
        json_array_append_new(findings->items,
                              json_pack("{s:s, s:s, s:s, s:o}", "what", what, "state", kinds[kind], "words",
                                        words, "advice",
                                        advice && kind != FINDING_GOOD ? json_string(advice) : json_null()));
}

/* Tokens, leases and certificates are judged by clocks. */
static void look_at_clock(struct findings *findings)
{
        struct timex timex = { 0 };
        int state = adjtimex(&timex);

        if (state >= 0 && state != TIME_ERROR && !(timex.status & STA_UNSYNC))
                finding_add(findings, FINDING_GOOD, "clock", NULL, "it is kept by a time server");
        else
                finding_add(findings, FINDING_WARNING, "clock",
                            "Install and start a time client: apt install systemd-timesyncd (or chrony).",
                            "no time server keeps this machine's clock");
}

static void compare_clocks(struct findings *findings, const struct http_client_response *response)
{
        struct text date = http_client_header(response, "Date");
        struct tm broken = { 0 };
        char string[64];
        long apart;

        if (!date.at || !text_copy(date, string, sizeof(string)) ||
            !strptime(string, "%a, %d %b %Y %H:%M:%S GMT", &broken))
                return;
        apart = (long)(timegm(&broken) - clock_unix_ms() / 1000);
        if (apart < 0)
                apart = -apart;
        if (apart <= CLOCK_APART_S)
                finding_add(findings, FINDING_GOOD, "clocks", NULL, "this machine and the service agree");
        else
                finding_add(findings, FINDING_BAD, "clocks", "Let both be kept by a time server.",
                            "this machine and the service are %ld seconds apart", apart);
}

/* Without signing in: is it there, is it trusted, is it well? */
static bool look_at_health(struct findings *findings, struct session *session)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct http_client_request request = { .path = "/healthz", .timeout_ms = 10000 };
        const char *server = session->profile.server;
        int r = http_client_request(session->client, &request, &response);

        if (r == HTTP_CLIENT_UNTRUSTED)
                finding_add(
                        findings, FINDING_BAD, "service",
                        "Name its authority: imprimatur login --ca FILE. Its own certificate lies in its state "
                        "folder (certificate.pem).",
                        "%s: its certificate is not trusted: %s", server,
                        http_client_complaint(session->client));
        else if (r)
                finding_add(
                        findings, FINDING_BAD, "service",
                        "Start it (systemctl start imprimaturd), and see its log (journalctl -u imprimaturd).",
                        "%s: it does not answer: %s", server, http_client_complaint(session->client));
        else if (response.status != 200)
                finding_add(findings, FINDING_BAD, "service",
                            "See its log: journalctl -u imprimaturd -u "
                            "imprimatur-keeper",
                            "%s: it answers, but cannot work: its database or its keeper fails", server);
        else
                finding_add(findings, FINDING_GOOD, "service", NULL, "%s answers and is well", server);
        if (r == 0)
                compare_clocks(findings, &response);
        return r == 0;
}

static void print_for_people(const struct findings *findings)
{
        json_t *item;
        size_t i;

        json_array_foreach(findings->items, i, item)
        {
                const char *state = json_string_value(json_object_get(item, "state"));
                const char *advice = json_string_value(json_object_get(item, "advice"));

                printf("%-8s %-12s %s\n", state, json_string_value(json_object_get(item, "what")),
                       json_string_value(json_object_get(item, "words")));
                if (advice)
                        printf("%-8s %-12s -> %s\n", "", "", advice);
        }
        if (findings->bad)
                printf("\n%zu thing%s must be repaired.\n", findings->bad, findings->bad == 1 ? "" : "s");
        else
                printf("\nNothing stands in the way.\n");
}

int doctor_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        struct findings findings = { .items = json_array() };
        const char *config = option_value(invocation, "config");
        int status;

        look_at_clock(&findings);
        doctor_look_at_host(&findings, config ? config : "/etc/imprimatur");
        status = session_open_as(&session, invocation, NULL, NULL);
        if (status)
                return status;
        if (look_at_health(&findings, &session)) {
                if (session.profile.token[0])
                        doctor_look_at_service(&findings, &session);
                else
                        finding_add(&findings, FINDING_WARNING, "sign-in", "Run: imprimatur login",
                                    "you are not signed in: agents and printers were not looked at");
        }
        if (!session_print_json(&session, findings.items))
                print_for_people(&findings);
        json_decref(findings.items);
        return findings.bad ? EXIT_REFUSED : EXIT_DONE;
}
