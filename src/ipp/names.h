// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The numbers of IPP and the words the standards give them: operations (RFC 8011, section 5.4.15, and the PWG
 * documents named beside the later ones), status codes (RFC 8011, appendix B), tags (RFC 8010, section 3.5)
 * and the enums of states. Words are static; an unknown number has the word NULL.
 */

#include <stdint.h>

#include "base/text.h"

enum ipp_operation {
        IPP_PRINT_JOB = 0x0002,
        IPP_VALIDATE_JOB = 0x0004,
        IPP_CREATE_JOB = 0x0005,
        IPP_SEND_DOCUMENT = 0x0006,
        IPP_CANCEL_JOB = 0x0008,
        IPP_GET_JOB_ATTRIBUTES = 0x0009,
        IPP_GET_JOBS = 0x000a,
        IPP_GET_PRINTER_ATTRIBUTES = 0x000b,
        IPP_HOLD_JOB = 0x000c,
        IPP_RELEASE_JOB = 0x000d,
        IPP_SET_JOB_ATTRIBUTES = 0x0014,          /* RFC 3380 */
        IPP_CANCEL_JOBS = 0x0038,                 /* PWG 5100.7 */
        IPP_CANCEL_MY_JOBS = 0x0039,              /* PWG 5100.7 */
        IPP_CLOSE_JOB = 0x003b,                   /* PWG 5100.7 */
        IPP_IDENTIFY_PRINTER = 0x003c,            /* PWG 5100.13 */
        IPP_GET_USER_PRINTER_ATTRIBUTES = 0x0066, /* PWG 5100.11 */
};

enum ipp_status {
        IPP_OK = 0x0000,
        IPP_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES = 0x0001,
        IPP_OK_CONFLICTING_ATTRIBUTES = 0x0002,
        IPP_CLIENT_ERROR_BAD_REQUEST = 0x0400,
        IPP_CLIENT_ERROR_FORBIDDEN = 0x0401,
        IPP_CLIENT_ERROR_NOT_AUTHENTICATED = 0x0402,
        IPP_CLIENT_ERROR_NOT_AUTHORIZED = 0x0403,
        IPP_CLIENT_ERROR_NOT_POSSIBLE = 0x0404,
        IPP_CLIENT_ERROR_TIMEOUT = 0x0405,
        IPP_CLIENT_ERROR_NOT_FOUND = 0x0406,
        IPP_CLIENT_ERROR_GONE = 0x0407,
        IPP_CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE = 0x0408,
        IPP_CLIENT_ERROR_REQUEST_VALUE_TOO_LONG = 0x0409,
        IPP_CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED = 0x040a,
        IPP_CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED = 0x040b,
        IPP_CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED = 0x040c,
        IPP_CLIENT_ERROR_CHARSET_NOT_SUPPORTED = 0x040d,
        IPP_CLIENT_ERROR_CONFLICTING_ATTRIBUTES = 0x040e,
        IPP_CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED = 0x040f,
        IPP_CLIENT_ERROR_COMPRESSION_ERROR = 0x0410,
        IPP_CLIENT_ERROR_DOCUMENT_FORMAT_ERROR = 0x0411,
        IPP_CLIENT_ERROR_DOCUMENT_ACCESS_ERROR = 0x0412,
        IPP_CLIENT_ERROR_ATTRIBUTES_NOT_SETTABLE = 0x0413,
        IPP_CLIENT_ERROR_DOCUMENT_PASSWORD_ERROR = 0x0418,
        IPP_CLIENT_ERROR_ACCOUNT_INFO_NEEDED = 0x041c, /* PWG 5100.16 */
        IPP_SERVER_ERROR_INTERNAL_ERROR = 0x0500,
        IPP_SERVER_ERROR_OPERATION_NOT_SUPPORTED = 0x0501,
        IPP_SERVER_ERROR_SERVICE_UNAVAILABLE = 0x0502,
        IPP_SERVER_ERROR_VERSION_NOT_SUPPORTED = 0x0503,
        IPP_SERVER_ERROR_DEVICE_ERROR = 0x0504,
        IPP_SERVER_ERROR_TEMPORARY_ERROR = 0x0505,
        IPP_SERVER_ERROR_NOT_ACCEPTING_JOBS = 0x0506,
        IPP_SERVER_ERROR_BUSY = 0x0507,
        IPP_SERVER_ERROR_JOB_CANCELED = 0x0508,
        IPP_SERVER_ERROR_MULTIPLE_DOCUMENT_JOBS_NOT_SUPPORTED = 0x0509,
        IPP_SERVER_ERROR_TOO_MANY_JOBS = 0x050b, /* PWG 5100.7 */
};

/* Delimiters (groups) and value tags share one octet. */
enum ipp_tag {
        IPP_TAG_OPERATION = 0x01,
        IPP_TAG_JOB = 0x02,
        IPP_TAG_END = 0x03,
        IPP_TAG_PRINTER = 0x04,
        IPP_TAG_UNSUPPORTED_GROUP = 0x05,
        IPP_TAG_SUBSCRIPTION = 0x06,
        IPP_TAG_EVENT_NOTIFICATION = 0x07,
        IPP_TAG_RESOURCE = 0x08,
        IPP_TAG_DOCUMENT = 0x09,
        IPP_TAG_SYSTEM = 0x0a,

        IPP_TAG_UNSUPPORTED = 0x10, /* out-of-band values: no octets */
        IPP_TAG_UNKNOWN = 0x12,
        IPP_TAG_NO_VALUE = 0x13,
        IPP_TAG_NOT_SETTABLE = 0x15,
        IPP_TAG_DELETE_ATTRIBUTE = 0x16,
        IPP_TAG_ADMIN_DEFINE = 0x17,

        IPP_TAG_INTEGER = 0x21,
        IPP_TAG_BOOLEAN = 0x22,
        IPP_TAG_ENUM = 0x23,
        IPP_TAG_OCTET_STRING = 0x30,
        IPP_TAG_DATE_TIME = 0x31,
        IPP_TAG_RESOLUTION = 0x32,
        IPP_TAG_RANGE = 0x33,
        IPP_TAG_COLLECTION = 0x34,
        IPP_TAG_TEXT_WITH_LANGUAGE = 0x35,
        IPP_TAG_NAME_WITH_LANGUAGE = 0x36,
        IPP_TAG_END_COLLECTION = 0x37,
        IPP_TAG_TEXT = 0x41,
        IPP_TAG_NAME = 0x42,
        IPP_TAG_KEYWORD = 0x44,
        IPP_TAG_URI = 0x45,
        IPP_TAG_URI_SCHEME = 0x46,
        IPP_TAG_CHARSET = 0x47,
        IPP_TAG_LANGUAGE = 0x48,
        IPP_TAG_MIME = 0x49,
        IPP_TAG_MEMBER_NAME = 0x4a,
};

/* job-state (RFC 8011, section 5.3.7) */
enum ipp_job_state {
        IPP_JOB_PENDING = 3,
        IPP_JOB_PENDING_HELD = 4,
        IPP_JOB_PROCESSING = 5,
        IPP_JOB_PROCESSING_STOPPED = 6,
        IPP_JOB_CANCELED = 7,
        IPP_JOB_ABORTED = 8,
        IPP_JOB_COMPLETED = 9,
};

/* printer-state (RFC 8011, section 5.4.11) */
enum ipp_printer_state {
        IPP_PRINTER_IDLE = 3,
        IPP_PRINTER_PROCESSING = 4,
        IPP_PRINTER_STOPPED = 5,
};

/* orientation-requested, print-quality and finishings (RFC 8011, sections 5.2.10, 5.2.13 and 5.2.6) */
enum {
        IPP_ORIENTATION_PORTRAIT = 3,
        IPP_ORIENTATION_LANDSCAPE = 4,
        IPP_ORIENTATION_REVERSE_LANDSCAPE = 5,
        IPP_ORIENTATION_REVERSE_PORTRAIT = 6,
        IPP_QUALITY_DRAFT = 3,
        IPP_QUALITY_NORMAL = 4,
        IPP_QUALITY_HIGH = 5,
        IPP_FINISHINGS_NONE = 3,
        IPP_RESOLUTION_PER_INCH = 3,
        IPP_RESOLUTION_PER_CENTIMETRE = 4,
};

/* "Print-Job"; "client-error-not-found"; "keyword", "rangeOfInteger". */
const char *ipp_operation_name(uint16_t operation);
const char *ipp_status_name(uint16_t status);
const char *ipp_tag_name(uint8_t tag);

/* Status codes below 0x0100 say that the request was carried out. */
static inline int ipp_status_is_ok(uint16_t status)
{
        return status < 0x0100;
}
