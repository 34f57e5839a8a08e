// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "base/scope.h"
#include "snmp/secure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first octet chooses whether the user proves anything. What is opened without a proof lies within the
 * message; with one, nothing that was not made with the key is ever accepted. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct snmp_answer answer;
        static uint8_t room[SNMP_MESSAGE_MAX];
        struct snmp_user user = { .name = "sim", .authentication = SNMP_NO_AUTHENTICATION };
        struct snmp_engine engine = { .id = "\x80\x00\x3a\x8c\x04\x00\x00\x00\x01", .id_len = 9 }, found;
        struct snmp_secure_head head;
        struct text octets = text_from_octets(data + 1, size - 1);
        enum snmp_report report;

        if (size == 0 || size > sizeof(room))
                return 0;
        if (data[0] & 1)
                user.authentication = SNMP_SHA256, user.privacy = SNMP_AES128;
        if (snmp_secure_head_parse(octets, &head) != 0)
                return 0;
        assert(head.engine.len <= SNMP_ENGINE_OCTETS && head.data.len < octets.len);
        if (snmp_secure_open(&head, octets, &user, &engine, 0, room, &answer, &report) == 0) {
                assert(report != SNMP_REPORT_NONE || !user.authentication);
                for (size_t i = 0; i < answer.value_count; i++)
                        assert(answer.values[i].octets.len < size);
        }
        if (snmp_secure_discovered(&head, 0, &answer, &found) == 0)
                assert(found.id_len <= SNMP_ENGINE_OCTETS && !found.is_proved);
        (void)snmp_secure_open_question(&head, octets, &user, &engine, room, &answer);
        return 0;
}
