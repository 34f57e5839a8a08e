// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/http-answer.h"

#include <string.h>

int http_answer_scan(struct text octets, size_t *ret_length)
{
        const char *end = octets.len ? memmem(octets.at, octets.len, "\r\n\r\n", 4) : NULL;

        if (!end)
                return octets.len > HTTP_ANSWER_HEAD_MAX ? HTTP_ANSWER_TOO_LARGE : HTTP_ANSWER_MORE;
        *ret_length = (size_t)(end - octets.at) + 4;
        return *ret_length > HTTP_ANSWER_HEAD_MAX ? HTTP_ANSWER_TOO_LARGE : 0;
}

/* "HTTP/1.1 200 OK"; of version 1.0 the connection ends with the answer. */
static bool read_status(struct text line, struct http_answer *answer)
{
        uint64_t status;

        if (line.len < 12 || !text_starts_with(line, "HTTP/1.") || line.at[8] != ' ' ||
            (line.at[7] != '0' && line.at[7] != '1') ||
            !text_number((struct text){ line.at + 9, 3 }, 999, &status) || status < 100 ||
            (line.len > 12 && line.at[12] != ' '))
                return false;
        answer->status = (int)status;
        answer->closes = line.at[7] == '0';
        return true;
}

static bool read_length(struct text value, struct http_answer *answer)
{
        uint64_t length;

        if (!text_number(value, INT64_MAX, &length) || (answer->has_length && answer->length != length))
                return false;
        answer->has_length = true;
        answer->length = length;
        return true;
}

static bool is_media_type(struct text value, const char *type)
{
        struct text head, tail;

        (void)text_cut(value, ';', &head, &tail);
        return text_equal_nocase(text_trim(head), text_from(type));
}

static bool read_header(struct text line, struct http_answer *answer)
{
        struct text name, value;

        if (!text_cut(line, ':', &name, &value) || name.len == 0 || name.at[name.len - 1] == ' ' ||
            name.at[0] == ' ' || name.at[0] == '\t')
                return false;
        value = text_trim(value);
        if (text_equal_nocase(name, TEXT_OF("Content-Length")))
                return read_length(value, answer);
        if (text_equal_nocase(name, TEXT_OF("Transfer-Encoding"))) {
                answer->chunked = text_equal_nocase(value, TEXT_OF("chunked"));
                return answer->chunked;
        }
        if (text_equal_nocase(name, TEXT_OF("Connection")) && text_equal_nocase(value, TEXT_OF("close")))
                answer->closes = true;
        if (text_equal_nocase(name, TEXT_OF("Content-Type")))
                answer->is_ipp = is_media_type(value, "application/ipp");
        return true;
}

int http_answer_parse(struct text head, struct http_answer *ret)
{
        struct http_answer answer = { 0 };
        struct text line;
        bool first = true;

        while (head.len > 0) {
                (void)text_cut(head, '\n', &line, &head);
                if (line.len == 0 || line.at[line.len - 1] != '\r')
                        return HTTP_ANSWER_MALFORMED;
                line.len--;
                if (line.len == 0)
                        break;
                if (first ? !read_status(line, &answer) : !read_header(line, &answer))
                        return HTTP_ANSWER_MALFORMED;
                first = false;
        }
        if (first || head.len > 0 || (answer.chunked && answer.has_length))
                return HTTP_ANSWER_MALFORMED;
        *ret = answer;
        return 0;
}

/* chunked-body = *( size [ ext ] CRLF data CRLF ) "0" [ ext ] CRLF *( trailer CRLF ) CRLF */
enum chunk_state {
        CHUNK_SIZE,
        CHUNK_EXTENSION,
        CHUNK_DATA,
        CHUNK_DATA_END,
        CHUNK_TRAILER,
        CHUNK_ENDED,
};

#define CHUNK_LINE_MAX 4096

static int hexadecimal(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int end_size_line(struct http_chunks *chunks)
{
        chunks->state = chunks->left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
        chunks->line = 0;
        return 0;
}

static int push_size(struct http_chunks *chunks, char c)
{
        int digit = hexadecimal(c);

        if (digit >= 0 && chunks->line < 15) {
                chunks->left = chunks->left << 4 | (unsigned)digit;
                chunks->line++;
                return 0;
        }
        if (chunks->line == 0 || (c != '\r' && c != ';' && c != ' '))
                return HTTP_ANSWER_MALFORMED;
        chunks->state = CHUNK_EXTENSION;
        return 0;
}

/* One octet of what is not data. */
static int push(struct http_chunks *chunks, char c)
{
        if (chunks->state != CHUNK_SIZE && chunks->line++ == CHUNK_LINE_MAX)
                return HTTP_ANSWER_MALFORMED;
        switch (chunks->state) {
        case CHUNK_SIZE: return push_size(chunks, c);
        case CHUNK_EXTENSION: return c == '\n' ? end_size_line(chunks) : 0;
        case CHUNK_DATA_END:
                if (c != (chunks->line == 1 ? '\r' : '\n'))
                        return HTTP_ANSWER_MALFORMED;
                if (chunks->line == 2)
                        *chunks = (struct http_chunks){ .state = CHUNK_SIZE };
                return 0;
        default:
                if (c == '\r')
                        chunks->line--;
                if (c != '\n')
                        return 0;
                if (chunks->line == 1)
                        chunks->state = CHUNK_ENDED;
                chunks->line = 0;
                return 0;
        }
}

int http_chunks_next(struct http_chunks *chunks, struct text *octets, struct text *ret_data)
{
        *ret_data = (struct text){ "", 0 };
        while (octets->len > 0 && chunks->state != CHUNK_ENDED) {
                if (chunks->state == CHUNK_DATA) {
                        size_t n = octets->len < chunks->left ? octets->len : (size_t)chunks->left;

                        *ret_data = (struct text){ octets->at, n };
                        octets->at += n;
                        octets->len -= n;
                        chunks->left -= n;
                        if (chunks->left == 0)
                                chunks->state = CHUNK_DATA_END;
                        chunks->line = 0;
                        return 0;
                }
                if (push(chunks, *octets->at) != 0)
                        return HTTP_ANSWER_MALFORMED;
                octets->at++;
                octets->len--;
        }
        return 0;
}

bool http_chunks_ended(const struct http_chunks *chunks)
{
        return chunks->state == CHUNK_ENDED;
}
