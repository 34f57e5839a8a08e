// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"

#define SIDE_LEAST    1270   /* half an inch, in hundredths of a millimetre */
#define SIDE_MOST     508000 /* 200 inches: the limits of what is rendered */
#define SNMP_LEAST_MS 300

const char *courier_condition_name(enum courier_condition condition)
{
        switch (condition) {
        case COURIER_IDLE: return "idle";
        case COURIER_PROCESSING: return "processing";
        case COURIER_STOPPED: return "stopped";
        default: return "unknown";
        }
}

bool courier_keyword_copy(struct text value, char ret[COURIER_KEYWORD])
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

        for (size_t i = 0; i < value.len; i++)
                if (!value.at[i] || !strchr(letters, value.at[i]))
                        return false;
        return value.len > 0 && text_copy(value, ret, COURIER_KEYWORD);
}

/* "210", "215.9": hundredths of a millimetre, without zeros that say nothing. */
static void side_format(int64_t hundredths, char ret[24])
{
        int len = snprintf(ret, 24, "%" PRId64 ".%02d", hundredths / 100, (int)(hundredths % 100));

        while (ret[len - 1] == '0')
                ret[--len] = 0;
        if (ret[len - 1] == '.')
                ret[--len] = 0;
}

/* Paper is named as it stands; how it is fed does not matter. */
bool courier_media_name(int64_t width, int64_t height, char ret[COURIER_KEYWORD])
{
        int64_t least = width < height ? width : height, most = width < height ? height : width;
        char across[24], along[24];

        if (least < SIDE_LEAST || most > SIDE_MOST)
                return false;
        side_format(least, across);
        side_format(most, along);
        return snprintf(ret, COURIER_KEYWORD, "custom_%sx%smm_%sx%smm", across, along, across, along) <
               COURIER_KEYWORD;
}

static bool has_ipp(const struct courier_question *question)
{
        for (size_t i = 0; i < question->address_count; i++)
                if (question->addresses[i].scheme <= ADDRESS_IPP)
                        return true;
        return false;
}

static int look_by_ipp(const struct courier_question *question, int64_t until_ms, struct courier_state *ret)
{
        int r = COURIER_SILENT;

        for (int scheme = ADDRESS_IPPS; scheme <= ADDRESS_IPP; scheme++)
                for (size_t i = 0; r == COURIER_SILENT && i < question->address_count; i++) {
                        int64_t left = until_ms - clock_monotonic_ms();

                        if ((int)question->addresses[i].scheme == scheme && left > 0)
                                r = courier_look_by_ipp(question, &question->addresses[i], left, ret, NULL);
                }
        return r;
}

static bool asks_snmp(const struct courier_question *question)
{
        return question->address_count > 0 && (question->community[0] || question->credential_count > 0);
}

static int look_by_snmp(const struct courier_question *question, int64_t until_ms, struct courier_state *ret)
{
        int64_t left_ms = until_ms - clock_monotonic_ms();
        struct courier_facts facts;
        int r = courier_look_by_snmp(question, question->addresses[0].host,
                                     left_ms < SNMP_LEAST_MS ? SNMP_LEAST_MS : left_ms, ret, &facts);

        if (r == 0)
                ret->credential = facts.credential;
        return r;
}

/* A printer that has an address of IPP and does not answer there may still answer the other question: so that
 * much of the time is left for it. */
int courier_look(const struct courier_question *question, struct courier_state *ret)
{
        int64_t until_ms = clock_monotonic_ms() + question->limit_ms;
        struct courier_state trays;
        int r = COURIER_SILENT;

        if (has_ipp(question))
                r = look_by_ipp(question, until_ms - (asks_snmp(question) ? question->limit_ms / 3 : 0), ret);
        if (r < 0 || (r == 0 && ret->tray_count > 0) || !asks_snmp(question))
                return r;
        if (r)
                return look_by_snmp(question, until_ms, ret);
        /* It told its state, and nothing of trays. */
        ret->credential = question->first_credential;
        if (look_by_snmp(question, until_ms, &trays) == 0) {
                memcpy(ret->trays, trays.trays, sizeof(ret->trays));
                ret->tray_count = trays.tray_count;
                ret->credential = trays.credential;
        }
        return 0;
}
