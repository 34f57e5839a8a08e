// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * BER (X.690) as far as SNMP has it: tags of one octet, definite lengths (RFC 3417, section 8). Only for the
 * files of this folder and their tests.
 *
 * Out: each part into a buffer of its own, since its length comes first; a failure is the buffer's. In: a
 * cursor, which fails where a part is not whole or of another tag.
 */

#include "base/buffer.h"
#include "base/cursor.h"
#include "snmp/name.h"

enum ber_tag { /* X.690, section 8.1.2; of SNMP RFC 3416, section 3 */
        BER_INTEGER = 0x02,
        BER_OCTETS = 0x04,
        BER_NULL = 0x05,
        BER_NAME = 0x06,
        BER_SEQUENCE = 0x30,
        BER_COUNTER32 = 0x41,
        BER_GAUGE32 = 0x42,
        BER_TIME = 0x43,
        BER_COUNTER64 = 0x46,
        BER_NO_OBJECT = 0x80,
        BER_NO_INSTANCE = 0x81,
        BER_END = 0x82,
};

void ber_add(struct buffer *to, uint8_t tag, struct text content);
/* content is wiped and let go; its failure becomes that of to. */
void ber_add_buffer(struct buffer *to, uint8_t tag, struct buffer *content);
/* As few octets as tell it and its sign (X.690, section 8.3.2). */
void ber_add_integer(struct buffer *to, uint8_t tag, int64_t value);
void ber_add_name(struct buffer *to, const struct snmp_name *name);

/* The next part: its tag, and what is in it. */
struct text ber_part(struct cursor *c, uint8_t *ret_tag);
struct text ber_expect(struct cursor *c, uint8_t tag);
/* Two's complement, of at most 8 octets; a Counter64 may have a zero before them. */
bool ber_integer_parse(struct text octets, bool is_unsigned, int64_t *ret);
/* An INTEGER of 32 bits. */
int32_t ber_integer(struct cursor *c);
bool ber_name_parse(struct text octets, struct snmp_name *ret);
