// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "audit/syslog.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/line.h"
#include "base/clock.h"
#include "base/encoding.h"

/* Facility 13, severity 5 (notice). */
#define PRIORITY "<109>1 "

/* HOSTNAME and MSGID: printable ASCII without blanks, else the nil value (section 6). */
static struct text ascii_or_nil(struct text text, size_t max)
{
        for (size_t i = 0; i < text.len; i++)
                if (text.at[i] < 33 || text.at[i] > 126)
                        return TEXT_OF("-");
        return text.len == 0 || text.len > max ? TEXT_OF("-") : text;
}

static void begin(struct buffer *to, int64_t at_ms, const char *host, struct text id, const char *element)
{
        char at[25];

        clock_format(at_ms, at);
        buffer_add_string(to, PRIORITY);
        buffer_add_string(to, at);
        buffer_add_octet(to, ' ');
        buffer_add_text(to, ascii_or_nil(text_from(host), 255));
        buffer_add_string(to, " imprimatur - ");
        buffer_add_text(to, ascii_or_nil(id, 32));
        buffer_add_string(to, " [");
        buffer_add_string(to, element);
}

/* PARAM-VALUE: '"', '\' and ']' are escaped (section 6.3.3). */
static void add_text(struct buffer *to, const char *name, struct text value)
{
        buffer_add_octet(to, ' ');
        buffer_add_string(to, name);
        buffer_add_string(to, "=\"");
        for (size_t i = 0; i < value.len; i++) {
                if (value.at[i] == '"' || value.at[i] == '\\' || value.at[i] == ']')
                        buffer_add_octet(to, '\\');
                buffer_add_octet(to, (uint8_t)value.at[i]);
        }
        buffer_add_octet(to, '"');
}

static void add_id(struct buffer *to, const char *name, struct id id)
{
        char string[ID_STRING];

        if (id_is_zero(id))
                return;
        id_format(id, string);
        add_text(to, name, text_from(string));
}

static void add_number(struct buffer *to, const char *name, uint64_t number)
{
        char digits[24];

        snprintf(digits, sizeof(digits), "%" PRIu64, number);
        add_text(to, name, text_from(digits));
}

static void add_hex(struct buffer *to, const char *name, const uint8_t *octets, size_t len)
{
        char hex[2 * SIGN_SIGNATURE_OCTETS + 1];

        hex_format(octets, len, hex);
        add_text(to, name, text_from(hex));
}

/* A message has no line feed. */
static void end(struct buffer *to)
{
        if (!to->failure)
                to->len--;
}

void audit_record_syslog(const struct audit_record *record, const uint8_t hash[HASH_OCTETS], const char *host,
                         struct buffer *to)
{
        begin(to, record->at_ms, host, record->event, "record@32473");
        add_id(to, "tenant", record->tenant);
        add_number(to, "number", record->number);
        add_text(to, "event", record->event);
        add_text(to, "actor-kind", record->actor_kind);
        add_id(to, "actor", record->actor);
        add_text(to, "via", record->via);
        add_text(to, "source", record->source);
        add_id(to, "subject", record->subject);
        add_text(to, "detail", record->detail);
        add_hex(to, "hash", hash, HASH_OCTETS);
        buffer_add_string(to, "] ");
        audit_record_line(record, hash, to);
        end(to);
}

void audit_checkpoint_syslog(const struct audit_checkpoint *checkpoint, const char *host, struct buffer *to)
{
        begin(to, checkpoint->at_ms, host, TEXT_OF("checkpoint"), "checkpoint@32473");
        add_id(to, "tenant", checkpoint->tenant);
        add_number(to, "sequence", checkpoint->sequence);
        add_number(to, "record", checkpoint->record);
        add_hex(to, "hash", checkpoint->hash, HASH_OCTETS);
        add_hex(to, "before", checkpoint->before, HASH_OCTETS);
        add_hex(to, "key", checkpoint->key, SIGN_KEY_OCTETS);
        add_hex(to, "next_key", checkpoint->next_key, SIGN_KEY_OCTETS);
        add_hex(to, "signature", checkpoint->signature, SIGN_SIGNATURE_OCTETS);
        buffer_add_string(to, "] ");
        audit_checkpoint_line(AUDIT_CHECKPOINT, checkpoint, to);
        end(to);
}

/* In the parameters before it every quotation mark is escaped, so that they cannot look like its beginning.
 */
bool audit_syslog_find_line(struct text collected, struct text *ret)
{
        static const char beginning[] = "{\"type\":\"";
        const char *at, *end;

        at = memmem(collected.at, collected.len, beginning, strlen(beginning));
        if (!at)
                return false;
        end = memrchr(at, '}', collected.len - (size_t)(at - collected.at));
        if (!end)
                return false;
        *ret = text_from_octets(at, (size_t)(end - at) + 1);
        return true;
}
