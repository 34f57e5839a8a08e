// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "ipp/names.h"

#include "base/scope.h"

struct word {
        uint16_t number;
        const char *word;
};

static const struct word operations[] = {
        { IPP_PRINT_JOB, "Print-Job" },
        { IPP_VALIDATE_JOB, "Validate-Job" },
        { IPP_CREATE_JOB, "Create-Job" },
        { IPP_SEND_DOCUMENT, "Send-Document" },
        { IPP_CANCEL_JOB, "Cancel-Job" },
        { IPP_GET_JOB_ATTRIBUTES, "Get-Job-Attributes" },
        { IPP_GET_JOBS, "Get-Jobs" },
        { IPP_GET_PRINTER_ATTRIBUTES, "Get-Printer-Attributes" },
        { IPP_HOLD_JOB, "Hold-Job" },
        { IPP_RELEASE_JOB, "Release-Job" },
        { IPP_SET_JOB_ATTRIBUTES, "Set-Job-Attributes" },
        { IPP_CANCEL_JOBS, "Cancel-Jobs" },
        { IPP_CANCEL_MY_JOBS, "Cancel-My-Jobs" },
        { IPP_CLOSE_JOB, "Close-Job" },
        { IPP_IDENTIFY_PRINTER, "Identify-Printer" },
        { IPP_GET_USER_PRINTER_ATTRIBUTES, "Get-User-Printer-Attributes" },
};

static const struct word statuses[] = {
        { IPP_OK, "successful-ok" },
        { IPP_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES, "successful-ok-ignored-or-substituted-attributes" },
        { IPP_OK_CONFLICTING_ATTRIBUTES, "successful-ok-conflicting-attributes" },
        { IPP_CLIENT_ERROR_BAD_REQUEST, "client-error-bad-request" },
        { IPP_CLIENT_ERROR_FORBIDDEN, "client-error-forbidden" },
        { IPP_CLIENT_ERROR_NOT_AUTHENTICATED, "client-error-not-authenticated" },
        { IPP_CLIENT_ERROR_NOT_AUTHORIZED, "client-error-not-authorized" },
        { IPP_CLIENT_ERROR_NOT_POSSIBLE, "client-error-not-possible" },
        { IPP_CLIENT_ERROR_TIMEOUT, "client-error-timeout" },
        { IPP_CLIENT_ERROR_NOT_FOUND, "client-error-not-found" },
        { IPP_CLIENT_ERROR_GONE, "client-error-gone" },
        { IPP_CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE, "client-error-request-entity-too-large" },
        { IPP_CLIENT_ERROR_REQUEST_VALUE_TOO_LONG, "client-error-request-value-too-long" },
        { IPP_CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, "client-error-document-format-not-supported" },
        { IPP_CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED,
          "client-error-attributes-or-values-not-supported" },
        { IPP_CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED, "client-error-uri-scheme-not-supported" },
        { IPP_CLIENT_ERROR_CHARSET_NOT_SUPPORTED, "client-error-charset-not-supported" },
        { IPP_CLIENT_ERROR_CONFLICTING_ATTRIBUTES, "client-error-conflicting-attributes" },
        { IPP_CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED, "client-error-compression-not-supported" },
        { IPP_CLIENT_ERROR_COMPRESSION_ERROR, "client-error-compression-error" },
        { IPP_CLIENT_ERROR_DOCUMENT_FORMAT_ERROR, "client-error-document-format-error" },
        { IPP_CLIENT_ERROR_DOCUMENT_ACCESS_ERROR, "client-error-document-access-error" },
        { IPP_CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE, "client-error-attributes-not-settable" },
        { IPP_CLIENT_ERROR_DOCUMENT_PASSWORD_ERROR, "client-error-document-password-error" },
        { IPP_CLIENT_ERROR_ACCOUNT_INFO_NEEDED, "client-error-account-info-needed" },
        { IPP_SERVER_ERROR_INTERNAL_ERROR, "server-error-internal-error" },
        { IPP_SERVER_ERROR_OPERATION_NOT_SUPPORTED, "server-error-operation-not-supported" },
        { IPP_SERVER_ERROR_SERVICE_UNAVAILABLE, "server-error-service-unavailable" },
        { IPP_SERVER_ERROR_VERSION_NOT_SUPPORTED, "server-error-version-not-supported" },
        { IPP_SERVER_ERROR_DEVICE_ERROR, "server-error-device-error" },
        { IPP_SERVER_ERROR_TEMPORARY_ERROR, "server-error-temporary-error" },
        { IPP_SERVER_ERROR_NOT_ACCEPTING_JOBS, "server-error-not-accepting-jobs" },
        { IPP_SERVER_ERROR_BUSY, "server-error-busy" },
        { IPP_SERVER_ERROR_JOB_CANCELED, "server-error-job-canceled" },
        { IPP_SERVER_ERROR_MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED,
          "server-error-multiple-document-jobs-not-supported" },
        { IPP_SERVER_ERROR_TOO_MANY_JOBS, "server-error-too-many-jobs" },
};

static const struct word tags[] = {
        { IPP_TAG_OPERATION, "operation-attributes-tag" },
        { IPP_TAG_JOB, "job-attributes-tag" },
        { IPP_TAG_END, "end-of-attributes-tag" },
        { IPP_TAG_PRINTER, "printer-attributes-tag" },
        { IPP_TAG_UNSUPPORTED_GROUP, "unsupported-attributes-tag" },
        { IPP_TAG_SUBSCRIPTION, "subscription-attributes-tag" },
        { IPP_TAG_EVENT_NOTIFICATION, "event-notification-attributes-tag" },
        { IPP_TAG_RESOURCE, "resource-attributes-tag" },
        { IPP_TAG_DOCUMENT, "document-attributes-tag" },
        { IPP_TAG_SYSTEM, "system-attributes-tag" },
        { IPP_TAG_UNSUPPORTED, "unsupported" },
        { IPP_TAG_UNKNOWN, "unknown" },
        { IPP_TAG_NO_VALUE, "no-value" },
        { IPP_TAG_NOT_SETTABLE, "not-settable" },
        { IPP_TAG_DELETE_ATTRIBUTE, "delete-attribute" },
        { IPP_TAG_ADMIN_DEFINE, "admin-define" },
        { IPP_TAG_INTEGER, "integer" },
        { IPP_TAG_BOOLEAN, "boolean" },
        { IPP_TAG_ENUM, "enum" },
        { IPP_TAG_OCTET_STRING, "octetString" },
        { IPP_TAG_DATE_TIME, "dateTime" },
        { IPP_TAG_RESOLUTION, "resolution" },
        { IPP_TAG_RANGE, "rangeOfInteger" },
        { IPP_TAG_COLLECTION, "collection" },
        { IPP_TAG_TEXT_WITH_LANGUAGE, "textWithLanguage" },
        { IPP_TAG_NAME_WITH_LANGUAGE, "nameWithLanguage" },
        { IPP_TAG_END_COLLECTION, "endCollection" },
        { IPP_TAG_TEXT, "textWithoutLanguage" },
        { IPP_TAG_NAME, "nameWithoutLanguage" },
        { IPP_TAG_KEYWORD, "keyword" },
        { IPP_TAG_URI, "uri" },
        { IPP_TAG_URI_SCHEME, "uriScheme" },
        { IPP_TAG_CHARSET, "charset" },
        { IPP_TAG_LANGUAGE, "naturalLanguage" },
        { IPP_TAG_MIME, "mimeMediaType" },
        { IPP_TAG_MEMBER_NAME, "memberAttrName" },
};

static const char *word_find(const struct word *words, size_t n, uint16_t number)
{
        for (size_t i = 0; i < n; i++)
                if (words[i].number == number)
                        return words[i].word;

        return NULL;
}

const char *ipp_operation_name(uint16_t operation)
{
        return word_find(operations, ARRAY_LENGTH(operations), operation);
}

const char *ipp_status_name(uint16_t status)
{
        return word_find(statuses, ARRAY_LENGTH(statuses), status);
}

const char *ipp_tag_name(uint8_t tag)
{
        return word_find(tags, ARRAY_LENGTH(tags), tag);
}
