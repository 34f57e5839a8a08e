// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/profile.h"

#include <stdio.h>

#include "base/outcome.h"
#include "base/text.h"

static void add_words(struct buffer *to, const char *words)
{
        for (; *words; words++)
                switch (*words) {
                case '<': buffer_add_string(to, "&lt;"); break;
                case '>': buffer_add_string(to, "&gt;"); break;
                case '&': buffer_add_string(to, "&amp;"); break;
                default: buffer_add_octet(to, (unsigned char)*words < 0x20 ? ' ' : *words);
                }
}

static void add_key(struct buffer *to, const char *key, const char *value)
{
        buffer_format(to, "<key>%s</key><string>", key);
        add_words(to, text_is_printable(text_from(value)) ? value : "?");
        buffer_add_string(to, "</string>\n");
}

/* What each payload begins with; its UUID is the token's with other last octets. */
static void add_head(struct buffer *to, const struct profile *profile, const char *type, unsigned char part)
{
        char id[ID_STRING], uuid[ID_STRING], name[ID_STRING + 32];
        struct id other = profile->id;

        other.octets[ID_OCTETS - 1] ^= part;
        id_format(profile->id, id);
        id_format(other, uuid);
        snprintf(name, sizeof(name), "imprimatur.%s.%u", id, part);
        add_key(to, "PayloadType", type);
        add_key(to, "PayloadIdentifier", name);
        add_key(to, "PayloadUUID", uuid);
        add_key(to, "PayloadDisplayName", profile->title);
        buffer_add_string(to, "<key>PayloadVersion</key><integer>1</integer>\n");
}

int profile_write(const struct profile *profile, struct buffer *to)
{
        buffer_add_string(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                              "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\""
                              " \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                              "<plist version=\"1.0\"><dict>\n");
        add_head(to, profile, "Configuration", 0);
        add_key(to, "PayloadOrganization", profile->organisation);
        buffer_add_string(to, "<key>PayloadContent</key><array><dict>\n");
        add_head(to, profile, "com.apple.airprint", 1);
        buffer_add_string(to, "<key>AirPrint</key><array><dict>\n");
        add_key(to, "IPAddress", profile->host);
        add_key(to, "ResourcePath", profile->path);
        buffer_format(to, "<key>Port</key><integer>%u</integer>\n<key>ForceTLS</key><true/>\n",
                      (unsigned)profile->port);
        buffer_add_string(to, "</dict></array>\n</dict></array>\n</dict></plist>\n");
        return to->failure ? fault(to->failure) : 0;
}
