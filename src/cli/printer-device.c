// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What is known of the device behind a printer, whether one could print to it now, and what its counters say.
 */

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "cli/list.h"
#include "cli/members.h"
#include "cli/nouns.h"

static const struct column device[] = {
        { "Make and model", "device.make_and_model", COLUMN_TEXT },
        { "Address", "device.address", COLUMN_TEXT },
        { "Serial number", "device.identity.serial", COLUMN_TEXT },
        { "MAC", "device.identity.mac", COLUMN_TEXT },
        { "Firmware", "device.facts.firmware", COLUMN_TEXT },
        { "Location", "device.facts.location", COLUMN_TEXT },
        { "Status", "device.facts.status", COLUMN_TEXT },
        { "Errors", "device.facts.errors", COLUMN_TEXT },
        { "Display", "device.facts.display", COLUMN_TEXT },
        { "Seen", "device.seen", COLUMN_TIME },
        { "Silent since", "device.silent_since", COLUMN_TIME },
        { "Followed when it moves", "watch.follows", COLUMN_FLAG },
        { "Another one in its place since", "watch.swapped_since", COLUMN_TIME },
        { "Which one", "watch.swapped_by", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column supplies[] = {
        { "SUPPLY", "name", COLUMN_TEXT },
        { "COLOUR", "colour", COLUMN_TEXT },
        { "LEVEL", "level", COLUMN_TEXT },
        { "OF", "max", COLUMN_TEXT },
        { "UNIT", "unit", COLUMN_TEXT },
        { "SAYS", "state", COLUMN_TEXT },
        { NULL, NULL, 0 },
};

static const struct column checks[] = {
        { "TRIED", "name", COLUMN_TEXT },      { "ADDRESS", "address", COLUMN_TEXT },
        { "OUTCOME", "outcome", COLUMN_TEXT }, { "REASON", "reason", COLUMN_TEXT },
        { "MS", "ms", COLUMN_TEXT },           { NULL, NULL, 0 },
};

static const struct column meters[] = {
        { "DAY", "day", COLUMN_TEXT },         { "COUNTER", "name", COLUMN_TEXT },
        { "STANDS AT", "value", COLUMN_TEXT }, { "SINCE BEFORE", "used", COLUMN_TEXT },
        { "UNIT", "unit", COLUMN_TEXT },       { NULL, NULL, 0 },
};

static const struct member_option device_members[] = {
        { "follow", "follows", MEMBER_YES_NO },
        { NULL, NULL, 0 },
};

static void print_device(const json_t *answer)
{
        table_print_one(stdout, device, answer);
        putchar('\n');
        table_print(stdout, supplies, json_object_get(json_object_get(answer, "device"), "supplies"),
                    "Nothing is known of its supplies.");
}

static int call_device(struct invocation *invocation, json_t *body)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *answer = NULL;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%/device", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status) {
                json_decref(body);
                return status;
        }
        status = session_call(&session, body ? "PATCH" : "GET", path, body, &answer);
        if (status == EXIT_DONE && !session_print_json(&session, answer))
                print_device(answer);
        return status;
}

int printer_device_command(struct invocation *invocation)
{
        json_t *body = json_object();
        int status;

        if (!members_set(invocation, device_members, body, &status)) {
                json_decref(body);
                return status;
        }
        if (json_object_size(body) > 0)
                return call_device(invocation, body);
        json_decref(body);
        return call_device(invocation, NULL);
}

int printer_accept_command(struct invocation *invocation)
{
        return call_device(invocation, json_pack("{s:s}", "device", invocation->operands[1]));
}

/* What failed, and what to do about it, below the table: sentences do not fit into one. */
static void say_how_to_mend(const json_t *list)
{
        const json_t *check;
        size_t i;

        json_array_foreach(list, i, check)
        {
                const char *mend = json_string_value(json_object_get(check, "mend"));

                if (mend)
                        printf("%s: %s\n", json_string_value(json_object_get(check, "name")), mend);
        }
}

int printer_ready_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *report = NULL;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%/readiness", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &report);
        if (status)
                return status;
        if (!session_print_json(&session, report)) {
                const json_t *ready = json_object_get(report, "ready");

                table_print(stdout, checks, json_object_get(report, "checks"), "Nothing was tried yet.");
                say_how_to_mend(json_object_get(report, "checks"));
                puts(json_is_true(ready)    ? "Ready."
                     : json_is_false(ready) ? "Not ready."
                                            : "Not known: no agent has answered.");
                if (!json_is_true(json_object_get(report, "is_new")))
                        puts("Its agent does not answer now; this is the last report.");
        }
        return json_is_false(json_object_get(report, "ready")) ? EXIT_REFUSED : EXIT_DONE;
}

static const struct member_option configure_members[] = {
        { "device-name", "name", MEMBER_WORDS },       { "device-location", "location", MEMBER_WORDS },
        { "device-contact", "contact", MEMBER_WORDS }, { "printer-name", "printer_name", MEMBER_WORDS },
        { "operator", "operator", MEMBER_WORDS },      { "service-person", "service_person", MEMBER_WORDS },
        { "console", "console", MEMBER_TEXT },         { "startup-page", "startup_page", MEMBER_TEXT },
        { "banner-page", "banner_page", MEMBER_TEXT }, { NULL, NULL, 0 },
};

static const struct column configured[] = {
        { "SETTING", "setting", COLUMN_TEXT }, { "OUTCOME", "outcome", COLUMN_TEXT },
        { "BEFORE", "before", COLUMN_TEXT },   { "NOW", "after", COLUMN_TEXT },
        { "REASON", "reason", COLUMN_TEXT },   { NULL, NULL, 0 },
};

static const char *string_at(const json_t *object, const char *name)
{
        const char *string = json_string_value(json_object_get(object, name));

        return string ? string : "";
}

/* Whether all that was wanted is as it was wanted. */
static bool is_written(const json_t *answer)
{
        const json_t *setting;
        size_t i;

        if (strcmp(string_at(answer, "state"), "done") != 0 || string_at(answer, "reason")[0])
                return false;
        json_array_foreach(json_object_get(answer, "settings"), i, setting)
        {
                const char *outcome = string_at(setting, "outcome");

                if (strcmp(outcome, "changed") != 0 && strcmp(outcome, "unchanged") != 0)
                        return false;
        }
        return true;
}

static void print_configuration(const json_t *answer)
{
        const json_t *setting;
        size_t i;

        table_print(stdout, configured, json_object_get(answer, "settings"), "Nothing was written.");
        json_array_foreach(json_object_get(answer, "settings"), i, setting)
        {
                if (string_at(setting, "mend")[0])
                        printf("%s: %s\n", string_at(setting, "setting"), string_at(setting, "mend"));
        }
        if (strcmp(string_at(answer, "state"), "done") != 0)
                puts("Its agent has not answered; what it has not taken by now it does not write any more.");
        else if (string_at(answer, "reason")[0])
                printf("%s: %s\n", string_at(answer, "reason"), string_at(answer, "mend"));
}

int printer_configure_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *answer = NULL;
        json_t *body = json_object();
        bool writes;
        char path[512];
        int status;

        if (!members_set(invocation, configure_members, body, &status)) {
                json_decref(body);
                return status;
        }
        writes = json_object_size(body) > 0;
        status = session_open(&session, invocation);
        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), "/v1/printers/%/configuration", invocation->operands[0], ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE && writes)
                status = session_call(&session, "PATCH", path, json_incref(body), &answer);
        else if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &answer);
        json_decref(body);
        if (status)
                return status;
        if (!session_print_json(&session, answer))
                print_configuration(answer);
        return is_written(answer) ? EXIT_DONE : EXIT_REFUSED;
}

int printer_meters_command(struct invocation *invocation)
{
        const char *since = option_value(invocation, "since");
        SCOPED(session_done) struct session session = { 0 };
        SCOPED(json_decrefp) json_t *page = NULL;
        char path[512];
        int status = session_open(&session, invocation);

        if (status == EXIT_DONE &&
            !path_make(path, sizeof(path), since ? "/v1/printers/%/meters?since=%" : "/v1/printers/%/meters",
                       invocation->operands[0], since ? since : ""))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", path, NULL, &page);
        if (status || session_print_json(&session, page))
                return status;
        table_print(stdout, meters, json_object_get(page, "items"),
                    "None yet. Its agent reads them: imprimatur discovery set AGENT --meters daily");
        if (json_is_string(json_object_get(page, "next")))
                printf("There are more: --since %s\n", json_string_value(json_object_get(page, "next")));
        return EXIT_DONE;
}
