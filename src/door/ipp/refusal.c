// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/refusal.h"

#include "base/scope.h"
#include "core/refusal.h"

static const struct ipp_refusal_words words[] = {
        [CORE_NOT_FOUND] = { IPP_CLIENT_ERROR_NOT_FOUND,
                             "There is no such printer or job. Check the address of the print queue." },
        [CORE_FORBIDDEN] = { IPP_CLIENT_ERROR_NOT_AUTHORIZED,
                             "Your account may not do this. Ask an administrator." },
        [CORE_WRONG_CREDENTIALS] = { IPP_CLIENT_ERROR_NOT_AUTHENTICATED,
                                     "Sign in with your e-mail address and password, or a print token." },
        [CORE_LOCKED] = { IPP_CLIENT_ERROR_FORBIDDEN,
                          "Too many wrong passwords. Wait a quarter of an hour, then try again." },
        [CORE_BUSY] = { IPP_SERVER_ERROR_BUSY, "Too much at once. Try again in a moment." },
        [CORE_TAKEN] = { IPP_CLIENT_ERROR_CONFLICTING_ATTRIBUTES, "That name is in use already." },
        [CORE_BAD_VALUE] = { IPP_CLIENT_ERROR_BAD_REQUEST, "A value is not what it should be." },
        [CORE_KEY_REUSED] = { IPP_CLIENT_ERROR_CONFLICTING_ATTRIBUTES,
                              "This submission was seen before with another document. Print it again." },
        [CORE_NOT_HELD] = { IPP_CLIENT_ERROR_NOT_POSSIBLE,
                            "The job does not wait any more: it is at the printer, printed or deleted." },
        [CORE_NOTHING_HELD] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "No job waits to be printed." },
        [CORE_TOO_MANY_JOBS] = { IPP_SERVER_ERROR_TOO_MANY_JOBS,
                                 "Too many of your jobs wait. Print or delete some first." },
        [CORE_TOO_LARGE] = { IPP_CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
                             "The document is too large. Print it in parts." },
        [CORE_EMPTY] = { IPP_CLIENT_ERROR_BAD_REQUEST, "The request brings no document." },
        [CORE_STORAGE_FULL] = { IPP_SERVER_ERROR_TEMPORARY_ERROR,
                                "The print service has no room left. Nothing was kept; tell an "
                                "administrator." },
        [CORE_BAD_FORMAT] = { IPP_CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
                              "This printer cannot be given such a document. Print it as PDF." },
        [CORE_NOT_ACCEPTING] = { IPP_SERVER_ERROR_NOT_ACCEPTING_JOBS,
                                 "The printer is switched off at the moment. Use another one." },
        [CORE_STALE] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "That order is out of date." },
        [CORE_EXPIRED] = { IPP_CLIENT_ERROR_GONE, "Its time is over." },
        [CORE_DESTROYED] = { IPP_CLIENT_ERROR_GONE, "The document has been deleted." },
        [CORE_OUTSIDE] = { IPP_CLIENT_ERROR_NOT_AUTHORIZED,
                           "Printing is not open from this network. Ask an administrator." },
        [CORE_SUSPENDED] = { IPP_SERVER_ERROR_NOT_ACCEPTING_JOBS,
                             "Your organisation takes no new jobs at the moment. Ask an administrator." },
        [CORE_LIMIT_REACHED] = { IPP_SERVER_ERROR_TOO_MANY_JOBS,
                                 "Too much of your organisation's waits to be printed. Print or delete some." },
        [CORE_TOO_FAST] = { IPP_SERVER_ERROR_BUSY,
                            "Your organisation has sent too many jobs in this hour. Try again later." },
        [CORE_UNSUPPORTED] = { IPP_CLIENT_ERROR_CONFLICTING_ATTRIBUTES,
                               "A policy of your organisation does not let this be printed here." },
        [CORE_UNREACHABLE] = { IPP_SERVER_ERROR_BUSY, "Somebody who must be asked does not answer." },
        [CORE_NOT_PROVED] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "The domain's proof was not found." },
        [CORE_AMBIGUOUS] = { IPP_CLIENT_ERROR_CONFLICTING_ATTRIBUTES, "More than one thing is meant." },
        [CORE_KNOWN_PASSWORD] = { IPP_SERVER_ERROR_INTERNAL_ERROR, "The password is known." },
        [CORE_PASSWORD_NEEDED] = { IPP_CLIENT_ERROR_DOCUMENT_PASSWORD_ERROR,
                                   "The document opens only with its password. Send it with that, or without one." },
        [CORE_ACCOUNTING_NEEDED] = { IPP_CLIENT_ERROR_ACCOUNT_INFO_NEEDED,
                                     "The printer asks who pays. Print with an account (job-account-id)." },
        [CORE_JOB_PASSWORD_NEEDED] = { IPP_CLIENT_ERROR_CONFLICTING_ATTRIBUTES,
                                       "A policy of your organisation wants a password typed at the printer." },
        [CORE_JOB_PASSWORD_UNKNOWN] = { IPP_CLIENT_ERROR_CONFLICTING_ATTRIBUTES,
                                        "The printer does not hold jobs behind a password." },
        [CORE_OTHER_PRINTER] = { IPP_CLIENT_ERROR_NOT_POSSIBLE,
                                 "The job comes out at the printer it was sent to, and nowhere else." },
        [CORE_NOT_ENCRYPTED] = { IPP_CLIENT_ERROR_NOT_POSSIBLE,
                                 "Printing must be encrypted here, and that printer is not. Use another one." },
        [CORE_NO_DEVICE] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "Which device this printer is is not known." },
        [CORE_NO_WRITING] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "Printers are not written to here." },
        [CORE_NO_AUTHORITY] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "There is no authority for certificates." },
        [CORE_BAD_REQUEST] = { IPP_CLIENT_ERROR_BAD_REQUEST, "This is no request for a certificate." },
        [CORE_SITE_ONLY] = { IPP_CLIENT_ERROR_NOT_POSSIBLE,
                             "Documents of this queue stay at their sites. Print at the site's own printer address." },
        [CORE_AT_SITE] = { IPP_CLIENT_ERROR_NOT_POSSIBLE,
                           "The document stays at its site, and comes out there alone." },
        [CORE_AS_IT_IS] = { IPP_CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
                            "The document stays at its site, where no printer takes it as it is. Print it in another format." },
        [CORE_PRESENCE_NEEDED] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "Release it at the printer's panel." },
        [CORE_CODE_OLD] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "This code is over." },
        [CORE_CODE_ELSEWHERE] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "This code is another printer's." },
        [CORE_NOT_ASKED] = { IPP_CLIENT_ERROR_NOT_POSSIBLE, "The document does not ask for a password." },
        [CORE_NO_MAIL] = { IPP_SERVER_ERROR_INTERNAL_ERROR, "The print service sends no mail." },
};

struct ipp_refusal_words ipp_refusal_words(int refusal)
{
        if (refusal > 0 && (size_t)refusal < ARRAY_LENGTH(words) && words[refusal].sentence)
                return words[refusal];
        return (struct ipp_refusal_words){
                IPP_SERVER_ERROR_INTERNAL_ERROR,
                "Something went wrong here. Try again, or tell an administrator."
        };
}
