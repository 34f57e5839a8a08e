// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/conversion.h"

#include <string.h>

#include "base/scope.h"
#include "door/api/api.h"

#define UNPRINTABLE "document-unprintable-error"
#define NOT_READY   "resources-are-not-ready"

static const struct conversion_refusal refusals[] = {
        { "document-password-error", "document-password-error",
          "The document does not open with the password that was given. Give the right one, or save the document "
          "without one and send it again." },
        { "document-unprintable-error", UNPRINTABLE,
          "The document is damaged: no page could be made of it. Save it anew and send it again." },
        { "document-format-error", "document-format-error",
          "This kind of document cannot be converted here. Send it as PDF." },
        { "conversion-too-large", UNPRINTABLE,
          "The document is larger, longer or more complicated than is converted here. Send it in parts, or as PDF." },
        { "conversion-timed-out", UNPRINTABLE,
          "The document took too long to convert. Send it in parts, or as PDF." },
        { "conversion-not-installed", NOT_READY,
          "What converts documents is not installed. Tell whoever runs this service; send PDF until then." },
        { "conversion-failed", UNPRINTABLE, "The document could not be converted. Send it as PDF." },
        { "storage-full", NOT_READY, "There is no room left for converted documents. Try again later." },
};

const struct conversion_refusal *conversion_refusal_find(const char *reason)
{
        for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++)
                if (strcmp(refusals[i].reason, reason) == 0)
                        return &refusals[i];
        return NULL;
}

const char *conversion_sentence(const char *reason)
{
        const struct conversion_refusal *refusal = conversion_refusal_find(reason);

        return refusal ? refusal->sentence : NULL;
}
