// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "snmp/message.h"

#include "snmp/ber.h"

void snmp_question_format(const struct snmp_question *question, enum snmp_version version,
                          struct text community, struct buffer *to)
{
        struct buffer message = BUFFER(SNMP_MESSAGE_MAX);

        ber_add_integer(&message, BER_INTEGER, version);
        ber_add(&message, BER_OCTETS, community);
        snmp_question_add(question, &message);
        ber_add_buffer(to, BER_SEQUENCE, &message);
}

bool snmp_version_find(struct text octets, enum snmp_version *ret)
{
        struct cursor outer = cursor_from(octets), c = cursor_from(ber_expect(&outer, BER_SEQUENCE));
        int32_t version = ber_integer(&c);

        if (!cursor_is_good(&outer) || !cursor_is_good(&c) ||
            (version != SNMP_V1 && version != SNMP_V2C && version != SNMP_V3))
                return false;
        *ret = (enum snmp_version)version;
        return true;
}

int snmp_answer_parse(struct text octets, enum snmp_version version, struct text community,
                      struct snmp_answer *ret)
{
        struct cursor outer = cursor_from(octets), c;
        struct text said, pdu;
        int32_t number;
        int r;

        c = cursor_from(ber_expect(&outer, BER_SEQUENCE));
        if (!cursor_is_good(&outer) || outer.left)
                return SNMP_MALFORMED;
        number = ber_integer(&c);
        said = ber_expect(&c, BER_OCTETS);
        pdu = cursor_text(&c, c.left);
        if (!cursor_is_good(&c) || pdu.len == 0)
                return SNMP_MALFORMED;
        if (number != (int32_t)version || !text_equal(said, community))
                return SNMP_NOT_OURS;
        r = snmp_pdu_parse(pdu, ret);
        return r == 0 && ret->operation != SNMP_RESPONSE ? SNMP_NOT_OURS : r;
}
