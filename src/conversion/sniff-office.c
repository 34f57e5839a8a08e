// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <string.h>

#include "base/scope.h"
#include "conversion/sniff-parts.h"

/* Zip archives (APPNOTE 6.3, sections 4.3.7 and 4.3.12): where the name stands behind a header's mark. */
#define LOCAL_MARK   "PK\3\4"
#define LOCAL_NAME   30
#define LOCAL_LEN    26
#define CENTRAL_MARK "PK\1\2"
#define CENTRAL_NAME 46
#define CENTRAL_LEN  28
#define ENTRIES_MAX  4096

/* Compound files (MS-CFB, section 2.6.1): a directory of entries of 128 octets, aligned to them. */
#define ENTRY_OCTETS 128
#define ENTRY_LEN    64
#define ENTRY_KIND   66
#define SECTOR       512

/* Folders of the parts of an Office Open XML package, as all its programs name them. */
static const struct {
        const char *folder;
        enum format format;
} folders[] = {
        { "word/", FORMAT_DOCX },
        { "xl/", FORMAT_XLSX },
        { "ppt/", FORMAT_PPTX },
};

/* OpenDocument 1.2, part 3, section 3.3: the first entry is "mimetype", and not compressed. Templates are
 * documents, too. */
static const struct {
        const char *beginning;
        enum format format;
} kinds[] = {
        { "mimetypeapplication/vnd.oasis.opendocument.text", FORMAT_ODT },
        { "mimetypeapplication/vnd.oasis.opendocument.spreadsheet", FORMAT_ODS },
        { "mimetypeapplication/vnd.oasis.opendocument.presentation", FORMAT_ODP },
};

static uint16_t little_u16(struct text octets, size_t at)
{
        if (at + 2 > octets.len)
                return 0;
        return (uint16_t)((uint8_t)octets.at[at] | (uint8_t)octets.at[at + 1] << 8);
}

static enum format by_folder(struct text name)
{
        for (size_t i = 0; i < ARRAY_LENGTH(folders); i++)
                if (text_starts_with(name, folders[i].folder))
                        return folders[i].format;
        return FORMAT_UNKNOWN;
}

/* Names behind marks of that kind; a mark inside of compressed data is followed by no such name. */
static enum format by_names(struct text octets, const char *mark, size_t name_at, size_t len_at)
{
        for (unsigned int i = 0; i < ENTRIES_MAX; i++) {
                const char *at = memmem(octets.at, octets.len, mark, 4);
                enum format format;
                size_t len;

                if (!at)
                        break;
                octets.len -= (size_t)(at - octets.at);
                octets.at = at;
                len = little_u16(octets, len_at);
                if (name_at + len <= octets.len) {
                        format = by_folder((struct text){ octets.at + name_at, len });
                        if (format)
                                return format;
                }
                octets.at += 4;
                octets.len -= 4;
        }
        return FORMAT_UNKNOWN;
}

static enum format open_document(struct text octets)
{
        if (octets.len < LOCAL_NAME)
                return FORMAT_UNKNOWN;
        octets.at += LOCAL_NAME;
        octets.len -= LOCAL_NAME;
        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
                if (text_starts_with(octets, kinds[i].beginning))
                        return kinds[i].format;
        return FORMAT_UNKNOWN;
}

static bool is_open_xml(enum format format)
{
        return format == FORMAT_DOCX || format == FORMAT_XLSX || format == FORMAT_PPTX;
}

static bool could_say_more(struct text octets, bool is_whole)
{
        return !is_whole && octets.len < SNIFF_OCTETS_MAX;
}

struct sniffed sniff_zip(struct text octets, bool is_whole, enum format declared)
{
        struct text head = sniff_head(octets);
        struct sniffed found = { .format = open_document(head) };

        if (found.format)
                return found;
        found.format = by_names(head, LOCAL_MARK, LOCAL_NAME, LOCAL_LEN);
        if (!found.format && is_whole)
                found.format = by_names(sniff_tail(octets), CENTRAL_MARK, CENTRAL_NAME, CENTRAL_LEN);
        if (found.format)
                return found;
        found.wants_more = could_say_more(octets, is_whole);
        if (!is_whole && is_open_xml(declared))
                found.format = declared;
        return found;
}

/* Streams that only one kind of document has. An encrypted package tells nothing of what is in it. */
static const struct {
        const char *name;
        enum format format;
} streams[] = {
        { "WordDocument", FORMAT_DOC },        { "Workbook", FORMAT_XLS },          { "Book", FORMAT_XLS },
        { "PowerPoint Document", FORMAT_PPT }, { "EncryptedPackage", FORMAT_DOCX },
};

static bool entry_is(struct text entry, const char *name)
{
        size_t len = strlen(name);

        if (little_u16(entry, ENTRY_LEN) != 2 * (len + 1) || entry.at[ENTRY_KIND] != 2)
                return false;
        for (size_t i = 0; i < len; i++)
                if (entry.at[2 * i] != name[i] || entry.at[2 * i + 1] != 0)
                        return false;
        return true;
}

static enum format by_entry(struct text entry, enum format declared)
{
        for (size_t i = 0; i < ARRAY_LENGTH(streams); i++)
                if (entry_is(entry, streams[i].name))
                        return streams[i].format == FORMAT_DOCX && is_open_xml(declared) ? declared
                                                                                         : streams[i].format;
        return FORMAT_UNKNOWN;
}

/* Every entry in it; base is where it begins in the file, for entries are aligned there. */
static enum format by_entries(struct text octets, size_t base, enum format declared)
{
        size_t at = (ENTRY_OCTETS - base % ENTRY_OCTETS) % ENTRY_OCTETS;

        for (; at + ENTRY_OCTETS <= octets.len; at += ENTRY_OCTETS) {
                enum format format = by_entry((struct text){ octets.at + at, ENTRY_OCTETS }, declared);

                if (format)
                        return format;
        }
        return FORMAT_UNKNOWN;
}

/* What the first sector usually begins with, where the directory is far away: the FIB of Word (MS-DOC,
 * section 2.5.1), the BOF of Excel (MS-XLS, section 2.4.21). */
static enum format by_sector(struct text octets)
{
        if (little_u16(octets, SECTOR) == 0xa5ec)
                return FORMAT_DOC;
        if (little_u16(octets, SECTOR) == 0x0809 && little_u16(octets, SECTOR + 2) == 16)
                return FORMAT_XLS;
        return FORMAT_UNKNOWN;
}

static bool is_old_office(enum format format)
{
        return format == FORMAT_DOC || format == FORMAT_XLS || format == FORMAT_PPT;
}

struct sniffed sniff_compound(struct text octets, bool is_whole, enum format declared)
{
        struct text head = sniff_head(octets), tail = sniff_tail(octets);
        struct sniffed found = { .format = by_entries(head, 0, declared) };

        if (!found.format && is_whole)
                found.format = by_entries(tail, octets.len - tail.len, declared);
        if (!found.format)
                found.format = by_sector(head);
        if (found.format)
                return found;
        found.wants_more = could_say_more(octets, is_whole);
        if (!is_whole && (is_old_office(declared) || is_open_xml(declared)))
                found.format = declared;
        return found;
}
