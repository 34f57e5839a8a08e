// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/profile.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/scope.h"

static struct profile profile = { .id = { { 1, 2, 3 } },
                                  .organisation = "A & B",
                                  .title = "</string><key>x</key>",
                                  .host = "print.example",
                                  .port = 8443,
                                  .path = "ipp/print/demo/pull/adr_x" };

static void whatever_is_in_them_words_stay_words(void)
{
        SCOPED(buffer_done) struct buffer written = BUFFER(8192);

        assert(profile_write(&profile, &written) == 0);
        assert(strstr(buffer_string(&written), "<key>PayloadOrganization</key><string>A &amp; B</string>"));
        assert(strstr(buffer_string(&written), "<string>&lt;/string&gt;&lt;key&gt;x&lt;/key&gt;</string>"));
        assert(!strstr(buffer_string(&written), "<key>x"));
        assert(strstr(buffer_string(&written), "<key>Port</key><integer>8443</integer>"));
        assert(strstr(buffer_string(&written), "<string>ipp/print/demo/pull/adr_x</string>"));
}

static void what_is_no_text_is_not_said(void)
{
        SCOPED(buffer_done) struct buffer written = BUFFER(8192), small = BUFFER(100);

        profile.title = "\xff\x01";
        assert(profile_write(&profile, &written) == 0);
        assert(!strchr(buffer_string(&written), '\xff') && !strchr(buffer_string(&written), '\x01'));
        assert(profile_write(&profile, &small) == -EMSGSIZE);
}

int main(void)
{
        whatever_is_in_them_words_stay_words();
        what_is_no_text_is_not_said();
        return 0;
}
