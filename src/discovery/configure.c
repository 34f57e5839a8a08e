// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/configure.h"

#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "discovery/device.h"
#include "discovery/talk.h"
#include "snmp/ber.h"

#define SYSTEM(column)  { 1, 3, 6, 1, 2, 1, 1, column }, 8, false
#define GENERAL(column) { 1, 3, 6, 1, 2, 1, 43, 5, 1, 1, column }, 11, true /* prtGeneralEntry */
#define ON_OFF                 \
        { "on", "off", NULL }, \
        {                      \
                3, 4           \
        } /* PresentOnOff */

/* RFC 3418, section 2; RFC 3805, section 6. */
static const struct setting_kind kinds[SETTINGS] = {
        [SETTING_NAME] = { "name", SYSTEM(5), 200 },
        [SETTING_LOCATION] = { "location", SYSTEM(6), 200 },
        [SETTING_CONTACT] = { "contact", SYSTEM(4), 200 },
        [SETTING_PRINTER_NAME] = { "printer_name", GENERAL(16), 127 },
        [SETTING_OPERATOR] = { "operator", GENERAL(4), 127 },
        [SETTING_SERVICE_PERSON] = { "service_person", GENERAL(5), 127 },
        [SETTING_CONSOLE] = { "console", GENERAL(13), 0, { "enabled", "disabled", NULL }, { 3, 4 } },
        [SETTING_STARTUP_PAGE] = { "startup_page", GENERAL(14), 0, ON_OFF },
        [SETTING_BANNER_PAGE] = { "banner_page", GENERAL(15), 0, ON_OFF },
};

#define GENERAL_CHANGES 1 /* prtGeneralConfigChanges */
#define GENERAL_SERIAL  17

const struct setting_kind *setting_kind(enum setting setting)
{
        return &kinds[setting];
}

bool setting_parse(struct text name, enum setting *ret)
{
        for (size_t i = 0; i < SETTINGS; i++) {
                if (!text_equal_string(name, kinds[i].name))
                        continue;
                *ret = (enum setting)i;
                return true;
        }
        return false;
}

bool setting_fits(enum setting setting, struct text value)
{
        const struct setting_kind *kind = &kinds[setting];

        if (!kind->words[0])
                return value.len <= kind->max && text_is_printable(value) &&
                       text_equal(text_trim(value), value);
        return text_equal_string(value, kind->words[0]) || text_equal_string(value, kind->words[1]);
}

const char *configure_reason(int refusal)
{
        static const char *const reasons[] = { [CONFIGURE_SILENT] = "no-answer",
                                               [CONFIGURE_WRONG_USER] = "wrong-user",
                                               [CONFIGURE_WRONG_PASSPHRASE] = "wrong-passphrase",
                                               [CONFIGURE_NOT_UNDERSTOOD] = "not-understood",
                                               [CONFIGURE_ANOTHER] = "identity-mismatch" };

        return refusal > 0 && (size_t)refusal < ARRAY_LENGTH(reasons) ? reasons[refusal] : NULL;
}

/* Why the device refused, in the words of RFC 3416, section 3. */
static const char *reason_of(int32_t error)
{
        static const char *const reasons[] = { [SNMP_TOO_BIG] = "too-big",
                                               [SNMP_NO_SUCH_NAME] = "no-such-name",
                                               [SNMP_BAD_VALUE] = "bad-value",
                                               [SNMP_READ_ONLY] = "read-only",
                                               [SNMP_GENERAL_ERROR] = "general-error",
                                               [SNMP_NO_ACCESS] = "no-access",
                                               [SNMP_WRONG_TYPE] = "wrong-type",
                                               [SNMP_WRONG_LENGTH] = "wrong-length",
                                               [SNMP_WRONG_ENCODING] = "wrong-encoding",
                                               [SNMP_WRONG_VALUE] = "wrong-value",
                                               [SNMP_NO_CREATION] = "no-creation",
                                               [SNMP_INCONSISTENT_VALUE] = "inconsistent-value",
                                               [SNMP_RESOURCE_UNAVAILABLE] = "resource-unavailable",
                                               [SNMP_COMMIT_FAILED] = "commit-failed",
                                               [SNMP_UNDO_FAILED] = "undo-failed",
                                               [SNMP_AUTHORIZATION_ERROR] = "authorization-error",
                                               [SNMP_NOT_WRITABLE] = "not-writable",
                                               [SNMP_INCONSISTENT_NAME] = "inconsistent-name" };

        return error > 0 && (size_t)error < ARRAY_LENGTH(reasons) ? reasons[error] : "general-error";
}

/* ---- one question ---- */

static struct snmp_name name_of(const uint32_t *root, size_t count)
{
        struct snmp_name name = { .count = count };

        memcpy(name.at, root, count * sizeof(*root));
        return name;
}

static struct snmp_name name_below(enum setting setting, uint32_t index)
{
        struct snmp_name name = name_of(kinds[setting].root, kinds[setting].root_count);

        name.at[name.count++] = kinds[setting].is_of_printer ? index : 0;
        return name;
}

/* The first value below a column of prtGeneralTable, and its index. NULL: there is none. */
static int find_below(struct talk *talk, uint32_t column, uint32_t *ret_index, const struct snmp_value **ret)
{
        struct snmp_name root = name_of((const uint32_t[]){ 1, 3, 6, 1, 2, 1, 43, 5, 1, 1, column }, 11);
        struct snmp_question question = { .names = &root, .name_count = 1 };
        const struct snmp_answer *answer;
        const uint32_t *rest;
        size_t rest_count;
        int r = talk_ask(talk, &question, &answer);

        *ret = NULL;
        if (r == 0 && !answer->error && answer->value_count == 1 && answer->values[0].kind != SNMP_NOTHING &&
            snmp_name_is_below(&answer->values[0].name, &root, &rest, &rest_count) && rest_count == 1) {
                *ret_index = rest[0];
                *ret = &answer->values[0];
        }
        return r;
}

static void format_value(enum setting setting, const struct snmp_value *value, char ret[SETTING_VALUE])
{
        const struct setting_kind *kind = &kinds[setting];

        ret[0] = '\0';
        if (!kind->words[0] && value->kind == SNMP_OCTETS)
                device_set(ret, SETTING_VALUE, value->octets);
        for (size_t i = 0; kind->words[0] && value->kind == SNMP_INTEGER && i < 2; i++)
                if (value->integer == kind->numbers[i])
                        memcpy(ret, kind->words[i], strlen(kind->words[i]) + 1);
}

/* What stands there; *ret_reason where nothing does, or nobody may see it. */
static int read_setting(struct talk *talk, enum setting setting, const struct snmp_name *name,
                        char ret[SETTING_VALUE], const char **ret_reason)
{
        struct snmp_question question = { .names = name, .name_count = 1, .is_exact = true };
        const struct snmp_answer *answer;
        int r = talk_ask(talk, &question, &answer);

        *ret_reason = NULL;
        if (r)
                return r;
        if (answer->error)
                *ret_reason = reason_of(answer->error);
        else if (answer->value_count != 1 || !snmp_name_equal(&answer->values[0].name, name) ||
                 answer->values[0].kind == SNMP_NOTHING)
                *ret_reason = "no-such-name";
        else
                format_value(setting, &answer->values[0], ret);
        return 0;
}

static int write_setting(struct talk *talk, const struct configured *c, const struct snmp_name *name,
                         const char **ret_reason)
{
        const struct setting_kind *kind = &kinds[c->setting];
        bool is_second = kind->words[0] && strcmp(c->wanted, kind->words[1]) == 0;
        struct snmp_value value = { .name = *name,
                                    .kind = kind->words[0] ? SNMP_INTEGER : SNMP_OCTETS,
                                    .tag = kind->words[0] ? BER_INTEGER : BER_OCTETS,
                                    .integer = kind->numbers[is_second],
                                    .octets = text_from(c->wanted) };
        struct snmp_question question = { .values = &value, .name_count = 1 };
        const struct snmp_answer *answer;
        int r = talk_ask(talk, &question, &answer);

        *ret_reason = r == 0 && answer->error ? reason_of(answer->error) : NULL;
        return r;
}

/* ---- one setting ---- */

static void refuse(struct configured *c, const char *reason)
{
        c->outcome = CONFIGURED_REFUSED;
        c->reason = reason;
}

static void lose(struct configured *c, int r)
{
        c->outcome = CONFIGURED_UNKNOWN;
        c->reason = r < 0 ? "general-error" : configure_reason(r);
}

/* A printer that says yes, and goes on as before, or keeps something else. */
static void judge(struct configured *c, const char *refusal)
{
        bool is_kept = strcmp(c->after, c->wanted) == 0, is_other = strcmp(c->after, c->before) != 0;

        if (refusal)
                refuse(c, refusal);
        else if (is_kept || is_other)
                c->outcome = CONFIGURED_CHANGED;
        else
                refuse(c, "not-kept");
        if (!refusal && is_other && !is_kept)
                c->reason = "kept-otherwise";
}

static void set_one(struct talk *talk, uint32_t index, struct configured *c)
{
        struct snmp_name name = name_below(c->setting, index);
        const char *reason, *refusal;
        int r = read_setting(talk, c->setting, &name, c->before, &reason), written;

        if (r || reason) {
                if (r)
                        lose(c, r);
                else
                        refuse(c, reason);
                return;
        }
        c->has_before = true;
        if (strcmp(c->before, c->wanted) == 0) {
                memcpy(c->after, c->before, sizeof(c->after));
                c->has_after = true;
                c->outcome = CONFIGURED_UNCHANGED;
                return;
        }
        written = write_setting(talk, c, &name, &refusal);
        r = read_setting(talk, c->setting, &name, c->after, &reason);
        if (r || reason) {
                lose(c, r ? r : TALK_SILENT);
                return;
        }
        c->has_after = true;
        if (written && strcmp(c->after, c->wanted) != 0)
                lose(c, written);
        else
                judge(c, written ? NULL : refusal);
}

/* ---- all of them ---- */

/* Where the settings of the printer stand, and whether it is this one. */
static int look_at(struct talk *talk, const struct configure_order *order, uint32_t *ret_index)
{
        struct device device = { .serial = "" };
        const struct snmp_value *value;
        uint32_t index;
        int r = find_below(talk, GENERAL_CHANGES, ret_index, &value);

        if (r == 0)
                r = find_below(talk, GENERAL_SERIAL, &index, &value);
        if (r || !value)
                return r;
        if (value->kind == SNMP_OCTETS)
                device_set_serial(&device, value->octets);
        return order->serial[0] && device.serial[0] && strcmp(order->serial, device.serial) != 0
                       ? CONFIGURE_ANOTHER
                       : 0;
}

static int configure_with(const struct configure_order *order, const struct snmp_credential *credential,
                          struct configured *settings, size_t count)
{
        const struct talk_options options = { order->address, order->port,     order->timeout_ms,
                                              order->retries, order->until_ms, credential };
        SCOPED(talk_closep) struct talk *talk = NULL;
        uint32_t index = 1;
        int r = talk_open(&options, &talk);

        if (r == 0)
                r = look_at(talk, order, &index);
        for (size_t i = 0; r == 0 && i < count && clock_monotonic_ms() < order->until_ms; i++)
                set_one(talk, index, &settings[i]);
        return r;
}

int configure(const struct configure_order *order, struct configured *settings, size_t count)
{
        int r = CONFIGURE_SILENT;

        for (size_t i = 0; i < count; i++)
                settings[i].outcome = CONFIGURED_NOT_TRIED;
        for (size_t i = 0; i < order->credential_count; i++) {
                r = configure_with(order, &order->credentials[i], settings, count);
                if (r <= 0 || r == CONFIGURE_ANOTHER)
                        return r;
        }
        return r;
}
