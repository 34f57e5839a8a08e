// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/mail-message.h"

#include <string.h>
#include <time.h>

#include "base/encoding.h"

/* RFC 2047, section 2: an encoded-word has at most 75 characters; 12 of them are "=?utf-8?b?" and "?=", so 60
 * of Base64, or 45 octets, which 42 with whole characters never exceed. */
#define WORD_OCTETS 42
#define LINE_OCTETS 57 /* 76 characters of Base64 */

bool mail_address_is_plain(struct text address)
{
        struct text local, domain;

        if (!text_is_printable(address) || address.len > 254 || !text_cut(address, '@', &local, &domain) ||
            local.len == 0 || domain.len == 0)
                return false;
        for (size_t i = 0; i < address.len; i++)
                if (strchr(" \t,;:<>\"()[]\\", address.at[i]))
                        return false;
        return memchr(domain.at, '@', domain.len) == NULL;
}

/* "Sat, 21 Nov 2026 06:30:00 +0000" (RFC 5322, section 3.3), in English whatever the locale is. */
static void add_date(struct buffer *to, int64_t unix_ms)
{
        static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
        static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
        time_t seconds = (time_t)(unix_ms / 1000);
        struct tm tm;

        gmtime_r(&seconds, &tm);
        buffer_format(to, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday], tm.tm_mday,
                      months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* How much of the text is at most max octets and ends with a whole character. */
static size_t whole_characters(struct text text, size_t max)
{
        size_t len = text.len < max ? text.len : max;

        while (len < text.len && len > 0 && ((unsigned char)text.at[len] & 0xc0) == 0x80)
                len--;
        return len;
}

static void add_subject(struct buffer *to, struct text subject)
{
        buffer_add_string(to, "Subject:");
        while (subject.len) {
                size_t len = whole_characters(subject, WORD_OCTETS);

                buffer_add_string(to, " =?utf-8?b?");
                base64_format(subject.at, len, to);
                buffer_add_string(to, "?=\r\n");
                subject = text_from_octets(subject.at + len, subject.len - len);
        }
}

static void add_base64(struct buffer *to, struct text octets)
{
        while (octets.len) {
                size_t len = octets.len < LINE_OCTETS ? octets.len : LINE_OCTETS;

                base64_format(octets.at, len, to);
                buffer_add_string(to, "\r\n");
                octets = text_from_octets(octets.at + len, octets.len - len);
        }
}

/* Line ends as they are in mail, so that whoever decodes the text finds them (RFC 2049, section 4). */
static void add_text(struct buffer *to, struct text text)
{
        struct buffer canonical = BUFFER(2 * text.len + 1);

        for (size_t i = 0; i < text.len; i++) {
                if (text.at[i] == '\n')
                        buffer_add_octet(&canonical, '\r');
                buffer_add_octet(&canonical, (uint8_t)text.at[i]);
        }
        if (canonical.failure)
                to->failure = canonical.failure;
        add_base64(to, buffer_text(&canonical));
        if (canonical.at)
                explicit_bzero(canonical.at, canonical.size);
        buffer_done(&canonical);
}

static bool is_plain(const char *words, const char *others)
{
        for (const char *c = words; *c; c++)
                if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9') &&
                    !strchr(others, *c))
                        return false;
        return words[0];
}

static bool has_plain_files(const struct mail_message *message)
{
        for (size_t i = 0; i < message->file_count; i++)
                if (!is_plain(message->files[i].name, "-_.") ||
                    !is_plain(message->files[i].type, "/-+.; =\""))
                        return false;
        return true;
}

#define TEXT_PART                                     \
        "Content-Type: text/plain; charset=utf-8\r\n" \
        "Content-Transfer-Encoding: base64\r\n"       \
        "\r\n"

/* No line of Base64 begins as the boundary does (RFC 2045, section 6.7, note). */
static void add_parts(struct buffer *to, const struct mail_message *message, const char *id)
{
        buffer_format(to, "Content-Type: multipart/mixed; boundary=\"=_%s\"\r\n\r\n--=_%s\r\n" TEXT_PART, id,
                      id);
        add_text(to, message->text);
        for (size_t i = 0; i < message->file_count; i++) {
                const struct mail_file *file = &message->files[i];

                buffer_format(to,
                              "--=_%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n"
                              "Content-Disposition: attachment; filename=\"%s\"\r\n\r\n",
                              id, file->type, file->name);
                add_base64(to, file->octets);
        }
        buffer_format(to, "--=_%s--\r\n", id);
}

bool mail_message_format(const struct mail_message *message, struct buffer *to)
{
        struct text subject = text_from(message->subject);
        char id[ID_STRING];

        if (!mail_address_is_plain(text_from(message->from)) ||
            !mail_address_is_plain(text_from(message->to)) || subject.len == 0 ||
            !text_is_printable(subject) || !has_plain_files(message))
                return false;
        id_format(message->id, id);
        add_date(to, message->created_ms);
        buffer_format(to, "From: Imprimatur <%s>\r\n", message->from);
        buffer_format(to, "To: <%s>\r\n", message->to);
        add_subject(to, subject);
        buffer_format(to, "Message-ID: <%s%s>\r\n", id, strchr(message->from, '@'));
        buffer_add_string(to, "Auto-Submitted: auto-generated\r\n" /* RFC 3834 */
                              "MIME-Version: 1.0\r\n");
        if (message->file_count) {
                add_parts(to, message, id);
                return true;
        }
        buffer_add_string(to, TEXT_PART);
        add_text(to, message->text);
        return true;
}
