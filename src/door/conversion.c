// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <string.h>

#include "base/scope.h"
#include "door/api.h"

static const struct {
        const char *reason;
        const char *sentence;
} sentences[] = {
        { "document-password-needed",
          "The document opens only with a password. Give it, or save the document without one and send it again." },
        { "document-password-error",
          "The document does not open with the password that was given. Give the right one, or save the document "
          "without one and send it again." },
        { "document-unprintable-error",
          "The document is damaged: no page could be made of it. Save it anew and send it again." },
        { "document-format-error", "This kind of document cannot be converted here. Send it as PDF." },
        { "conversion-too-large",
          "The document is larger, longer or more complicated than is converted here. Send it in parts, or as PDF." },
        { "conversion-timed-out", "The document took too long to convert. Send it in parts, or as PDF." },
        { "conversion-not-installed",
          "What converts documents is not installed. Tell whoever runs this service; send PDF until then." },
        { "conversion-failed", "The document could not be converted. Send it as PDF." },
        { "storage-full", "There is no room left for converted documents. Try again later." },
};

const char *conversion_sentence(const char *reason)
{
        for (size_t i = 0; i < ARRAY_LENGTH(sentences); i++)
                if (strcmp(sentences[i].reason, reason) == 0)
                        return sentences[i].sentence;
        return NULL;
}
