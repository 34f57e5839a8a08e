// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "conversion/sniff.h"

#define UEL "\x1b%-12345X"

static const struct {
        const char *name;
        struct text octets;
        enum format declared;
        enum format format;
} rows[] = {
        { "PDF", TEXT("%PDF-1.7\n"), FORMAT_UNKNOWN, FORMAT_PDF },
        { "PDF after a byte order mark", TEXT("\xef\xbb\xbf%PDF-1.4"), FORMAT_UNKNOWN, FORMAT_PDF },
        { "PDF after octets", TEXT("\0\1junk%PDF-1.4"), FORMAT_UNKNOWN, FORMAT_PDF },
        { "PDF after words, where it is called so", TEXT("junk\n%PDF-1.4"), FORMAT_PDF, FORMAT_PDF },
        { "a text that tells of PDF", TEXT("It begins with %PDF-1.4"), FORMAT_TEXT, FORMAT_TEXT },
        { "PDF that is called a text", TEXT("%PDF-1.7\n"), FORMAT_TEXT, FORMAT_PDF },
        { "PDF that is called Word", TEXT("%PDF-1.7\n"), FORMAT_DOCX, FORMAT_PDF },
        { "PCLm", TEXT("%PDF-1.7\n%PCLm 1.0\n"), FORMAT_PCLM, FORMAT_PCLM },
        { "PostScript", TEXT("%!PS-Adobe-3.0\n"), FORMAT_UNKNOWN, FORMAT_POSTSCRIPT },
        { "PostScript after Control-D", TEXT("\4%!PS"), FORMAT_UNKNOWN, FORMAT_POSTSCRIPT },
        { "PostScript after an empty line", TEXT("\r\n%!PS"), FORMAT_TEXT, FORMAT_POSTSCRIPT },
        { "PostScript that hides before PDF", TEXT("\4\n%!PS\n%PDF-1.4"), FORMAT_PDF, FORMAT_POSTSCRIPT },
        { "EPS with a picture", TEXT("\xc5\xd0\xd3\xc6\x1e\0\0\0"), FORMAT_UNKNOWN, FORMAT_POSTSCRIPT },
        { "JPEG", TEXT("\xff\xd8\xff\xe0\0\x10JFIF"), FORMAT_UNKNOWN, FORMAT_JPEG },
        { "PNG", TEXT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), FORMAT_UNKNOWN, FORMAT_PNG },
        { "PNG that is called JPEG", TEXT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), FORMAT_JPEG, FORMAT_PNG },
        { "TIFF", TEXT("II*\0\x08\0\0\0"), FORMAT_UNKNOWN, FORMAT_TIFF },
        { "TIFF, big end first", TEXT("MM\0*\0\0\0\x08"), FORMAT_UNKNOWN, FORMAT_TIFF },
        { "GIF", TEXT("GIF89a\1\0"), FORMAT_UNKNOWN, FORMAT_GIF },
        { "WebP", TEXT("RIFF\x10\0\0\0WEBPVP8 "), FORMAT_UNKNOWN, FORMAT_WEBP },
        { "a sound is none", TEXT("RIFF\x10\0\0\0WAVEfmt "), FORMAT_UNKNOWN, FORMAT_UNKNOWN },
        { "HEIC",
          TEXT("\0\0\0\x18"
               "ftypheic\0\0\0\0mif1heic"),
          FORMAT_UNKNOWN, FORMAT_HEIC },
        { "HEIC by a further brand",
          TEXT("\0\0\0\x18"
               "ftypmif1\0\0\0\0mif1heix"),
          FORMAT_UNKNOWN, FORMAT_HEIC },
        { "a film is none",
          TEXT("\0\0\0\x18"
               "ftypisom\0\0\0\0isomavc1"),
          FORMAT_UNKNOWN, FORMAT_UNKNOWN },
        { "PWG raster", TEXT("RaS2PwgRaster\0\0\0"), FORMAT_UNKNOWN, FORMAT_PWG_RASTER },
        { "CUPS raster is none", TEXT("RaS2MediaClass\0\0"), FORMAT_UNKNOWN, FORMAT_UNKNOWN },
        { "Apple raster", TEXT("UNIRAST\0\0\0\0\1"), FORMAT_UNKNOWN, FORMAT_APPLE_RASTER },
        { "PCL XL", TEXT(") HP-PCL XL;2;0\n"), FORMAT_UNKNOWN, FORMAT_PCL_XL },
        { "PCL", TEXT("\x1b\x45\x1b&l"), FORMAT_UNKNOWN, FORMAT_PCL },
        { "PJL", TEXT(UEL "@PJL\r\n@PJL ENTER LANGUAGE = PCLXL\r\n) HP"), FORMAT_UNKNOWN, FORMAT_PCL_XL },
        { "PJL around PDF", TEXT(UEL "@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.4"), FORMAT_TEXT, FORMAT_PDF },
        { "PJL without a language", TEXT(UEL "@PJL\r\n"), FORMAT_UNKNOWN, FORMAT_UNKNOWN },
        { "PJL with half a language", TEXT(UEL "@PJL ENTER LANGUAGE=PO"), FORMAT_UNKNOWN, FORMAT_UNKNOWN },
        { "PJL that is called a text", TEXT("@PJL DEFAULT\r\n"), FORMAT_TEXT, FORMAT_UNKNOWN },
        { "text", TEXT("Dear Ada,\r\n\tthe paper\f"), FORMAT_UNKNOWN, FORMAT_TEXT },
        { "text that is called PDF", TEXT("Dear Ada"), FORMAT_PDF, FORMAT_TEXT },
        { "UTF-8", TEXT("f\xc3\xbcr Ada"), FORMAT_UNKNOWN, FORMAT_TEXT },
        { "Latin-1", TEXT("f\xfcr Ada"), FORMAT_UNKNOWN, FORMAT_TEXT },
        { "Markdown", TEXT("# Title\n"), FORMAT_MARKDOWN, FORMAT_MARKDOWN },
        { "Markdown that nobody called so", TEXT("# Title\n"), FORMAT_UNKNOWN, FORMAT_TEXT },
        { "Markdown that is none", TEXT("\x89PNG\r\n\x1a\n"), FORMAT_MARKDOWN, FORMAT_PNG },
        { "CSV", TEXT("a,b\n1,2\n"), FORMAT_CSV, FORMAT_CSV },
        { "HTML", TEXT("\n<!-- x --><!DOCTYPE html>\n<p>"), FORMAT_UNKNOWN, FORMAT_HTML },
        { "HTML as XML", TEXT("<?xml version='1.0'?><html xmlns='x'>"), FORMAT_UNKNOWN, FORMAT_HTML },
        { "a piece of HTML, where it is called so", TEXT("<p>Hello"), FORMAT_HTML, FORMAT_HTML },
        { "HTML that is to be seen as text", TEXT("<html>"), FORMAT_TEXT, FORMAT_TEXT },
        { "HTML that is called Excel", TEXT("<html><table>"), FORMAT_XLS, FORMAT_HTML },
        { "<heading> is none", TEXT("<heading>"), FORMAT_UNKNOWN, FORMAT_TEXT },
        { "SVG", TEXT("<svg xmlns='x'/>"), FORMAT_UNKNOWN, FORMAT_SVG },
        { "SVG with all before it",
          TEXT("<?xml version='1.0'?>\n<!DOCTYPE svg [<!ENTITY a '>'>]>\n<!-- x -->\n<svg>"), FORMAT_UNKNOWN,
          FORMAT_SVG },
        { "SVG that is none", TEXT("<x/>"), FORMAT_SVG, FORMAT_TEXT },
        { "RTF", TEXT("{\\rtf1\\ansi"), FORMAT_UNKNOWN, FORMAT_RTF },
        { "RTF that is called Word, as Word does", TEXT("{\\rtf1\\ansi"), FORMAT_DOC, FORMAT_RTF },
        { "RTF that is called a text", TEXT("{\\rtf1\\ansi"), FORMAT_TEXT, FORMAT_RTF },
        { "a program",
          TEXT("\x7f"
               "ELF\2\1\1\0\0"),
          FORMAT_TEXT, FORMAT_UNKNOWN },
        { "a zip archive of anything", TEXT("PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0x"),
          FORMAT_DOCX, FORMAT_UNKNOWN },
        { "nothing", TEXT(""), FORMAT_TEXT, FORMAT_UNKNOWN },
};

/* An entry of a zip archive, stored: what of it comes before the content, and the content. */
static void add_entry(struct buffer *zip, const char *name, const char *content, size_t filling)
{
        uint8_t header[30] = { 'P', 'K', 3, 4, 20 };

        header[18] = header[22] = (uint8_t)(strlen(content) + filling);
        header[26] = (uint8_t)strlen(name);
        buffer_add(zip, header, sizeof(header));
        buffer_add_string(zip, name);
        buffer_add_string(zip, content);
        for (size_t i = 0; i < filling; i++)
                buffer_add_octet(zip, (uint8_t)(i * 7));
}

static void zip_archives_are_known_by_their_entries(void)
{
        static const struct {
                const char *name, *content;
                enum format format;
        } entries[] = {
                { "word/document.xml", "", FORMAT_DOCX },
                { "xl/workbook.xml", "", FORMAT_XLSX },
                { "ppt/presentation.xml", "", FORMAT_PPTX },
                { "mimetype", "application/vnd.oasis.opendocument.text", FORMAT_ODT },
                { "mimetype", "application/vnd.oasis.opendocument.spreadsheet", FORMAT_ODS },
                { "mimetype", "application/vnd.oasis.opendocument.presentation-template", FORMAT_ODP },
                { "mimetype", "application/epub+zip", FORMAT_UNKNOWN },
                { "words/x", "", FORMAT_UNKNOWN },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(entries); i++) {
                SCOPED(buffer_done) struct buffer zip = BUFFER(1 << 20);

                if (!entries[i].content[0])
                        add_entry(&zip, "[Content_Types].xml", "x", 200);
                add_entry(&zip, entries[i].name, entries[i].content, 0);
                printf("%s %s\n", entries[i].name, entries[i].content);
                assert(sniff(buffer_text(&zip), true, FORMAT_UNKNOWN).format == entries[i].format);
                assert(sniff(buffer_text(&zip), true, FORMAT_ODP).format == entries[i].format);
        }
}

/* What tells is far away: more is asked for, up to a limit, and the whole document tells. */
static void more_is_asked_for_where_it_tells_more(void)
{
        SCOPED(buffer_done) struct buffer zip = BUFFER(1 << 20);
        struct text beginning;
        struct sniffed found;

        add_entry(&zip, "[Content_Types].xml", "", 70000);
        add_entry(&zip, "docProps/app.xml", "", 70000);
        add_entry(&zip, "xl/workbook.xml", "", 0);
        beginning = text_from_octets(zip.at, SNIFF_OCTETS);
        found = sniff(beginning, false, FORMAT_UNKNOWN);
        assert(found.wants_more && !found.format);
        found = sniff(beginning, false, FORMAT_DOCX);
        assert(found.wants_more && found.format == FORMAT_DOCX);
        found = sniff(beginning, false, FORMAT_DOC);
        assert(found.wants_more && !found.format);
        beginning.len = SNIFF_OCTETS_MAX;
        assert(!sniff(beginning, false, FORMAT_UNKNOWN).wants_more);
        found = sniff(beginning, true, FORMAT_DOCX);
        assert(!found.wants_more && !found.format);

        beginning.len = SNIFF_OCTETS;
        assert(!sniff(TEXT_OF("%PDF-1.4"), false, FORMAT_UNKNOWN).wants_more);
        assert(sniff(TEXT_OF(UEL "@PJL COMMENT"), false, FORMAT_UNKNOWN).wants_more);
}

static void put_name(uint8_t *entry, const char *name)
{
        for (size_t i = 0; name[i]; i++)
                entry[2 * i] = (uint8_t)name[i];
        entry[64] = (uint8_t)(2 * (strlen(name) + 1));
        entry[66] = 2;
}

static void compound_files_are_known_by_their_streams(void)
{
        static const struct {
                const char *stream;
                enum format declared, format;
        } streams[] = {
                { "WordDocument", FORMAT_UNKNOWN, FORMAT_DOC },
                { "Workbook", FORMAT_DOC, FORMAT_XLS },
                { "Book", FORMAT_UNKNOWN, FORMAT_XLS },
                { "PowerPoint Document", FORMAT_UNKNOWN, FORMAT_PPT },
                { "EncryptedPackage", FORMAT_XLSX, FORMAT_XLSX },
                { "EncryptedPackage", FORMAT_UNKNOWN, FORMAT_DOCX },
                { "Properties", FORMAT_DOC, FORMAT_UNKNOWN },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(streams); i++) {
                uint8_t file[200000] = { 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1 };
                struct text octets = text_from_octets(file, sizeof(file));
                enum format declared = streams[i].declared;

                printf("%s\n", streams[i].stream);
                put_name(file + 512 * 380 + 128, streams[i].stream);
                assert(sniff(octets, true, declared).format == streams[i].format);
                octets.len = SNIFF_OCTETS;
                assert(sniff(octets, false, declared).wants_more);
        }
}

static void a_document_is_taken_out_of_its_envelope(void)
{
        struct text wrapped =
                TEXT(UEL "@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!PS\nshowpage\n\4" UEL "@PJL EOJ\n");
        struct text plain = TEXT("%PDF-1.4 x " UEL);

        assert(text_equal_string(sniff_body(wrapped, FORMAT_POSTSCRIPT), "%!PS\nshowpage\n"));
        assert(text_equal(sniff_body(plain, FORMAT_PDF), plain));
        assert(text_equal_string(sniff_body(TEXT_OF("\4%!PS\n"), FORMAT_POSTSCRIPT), "%!PS\n"));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct sniffed found = sniff(rows[i].octets, true, rows[i].declared);

                printf("%s: %s\n", rows[i].name, found.format ? format_extension(found.format) : "none");
                fflush(stdout);
                assert(found.format == rows[i].format && !found.wants_more);
        }
        zip_archives_are_known_by_their_entries();
        more_is_asked_for_where_it_tells_more();
        compound_files_are_known_by_their_streams();
        a_document_is_taken_out_of_its_envelope();
        return 0;
}
