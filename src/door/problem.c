// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/problem.h"

#include "base/scope.h"
#include "door/json.h"

const struct problem problem_bad_request = { 400, "bad-request", "The request cannot be understood",
                                             "Compare it with api/openapi.yaml.", 0 };
const struct problem problem_not_signed_in = { 401, "not-signed-in", "Sign in first",
                                               "Send a token (Authorization: Bearer …) or an e-mail address "
                                               "with its password (Basic).",
                                               0 };
const struct problem problem_not_an_agent = {
        403, "not-an-agent", "Only agents come here",
        "Connect with the protocol \"imprimatur-agent\" and the key that "
        "was enrolled.",
        0
};
const struct problem problem_for_administrators = { 403, "for-administrators",
                                                    "Only administrators may do this",
                                                    "Ask an administrator of your organisation.", 0 };
const struct problem problem_not_your_right = { 403, "not-your-right", "Your role does not go with this",
                                                "Ask an administrator or an operator, or sign in as "
                                                "somebody who may.",
                                                0 };
const struct problem problem_for_signed_in = {
        403, "print-token", "A print token submits, sees, changes and cancels jobs, nothing else",
        "Sign in with a password or an API token.", 0
};
const struct problem problem_key_expired = {
        401, "key-expired", "The key is too old",
        "It was not renewed in time, and is void. Make a new code, and enrol this machine again: "
        "imprimatur agent code NAME (or imprimatur converter add NAME), then --enrol",
        0
};

const struct problem problem_key_unknown = {
        401, "wrong-credentials", "Nobody here has this key",
        "It was revoked or replaced, or this machine was never enrolled. Make a code, and enrol it: "
        "imprimatur agent code NAME, then --enrol",
        0
};

const struct problem problem_for_people = { 403, "for-people", "Only people may do this",
                                            "Agents have their own part of the API, under /v1/agent.", 0 };
const struct problem problem_other_origin = { 403, "other-origin",
                                              "The request comes from another site's page",
                                              "Send it from a program, or from a page of this service.", 0 };
const struct problem problem_other_name = {
        421, "other-name", "The service does not know itself by this name",
        "Come by a name that its certificate has, or set [api] public_url in its settings.", 0
};
const struct problem problem_no_csrf = { 403, "no-csrf-token", "The request does not come from our own page",
                                         "Send the session's token in the header X-CSRF-Token; GET "
                                         "/v1/sessions/current tells it.",
                                         0 };
const struct problem problem_too_many_streams = {
        429, "too-many-streams", "Too many pages are open",
        "Close one, or let several share one stream; the service's settings have the limits in [live].", 30
};
const struct problem problem_half = { 403, "second-factor", "A second factor is asked for",
                                      "Show it: POST /v1/sessions/current/second-factor. Programs use an API "
                                      "token in place of a password.",
                                      0 };
const struct problem problem_password_given = {
        403, "password-given", "Set a password of your own first",
        "Somebody else set the one you have. It is good for PUT /v1/people/me/password and for the page "
        "/sign-in, where you set another one, and for nothing else.",
        0
};
const struct problem problem_for_sessions = { 403, "for-sessions", "This belongs to a session",
                                              "Open one: POST /v1/sessions.", 0 };
const struct problem problem_not_in_scope = { 403, "not-in-scope", "The program was not allowed this",
                                              "Let it in again with a wider scope.", 0 };
const struct problem problem_not_fresh = { 403, "not-fresh", "This needs a secret that was shown just now",
                                           "Show it again: POST /v1/sessions/current/fresh; let a program "
                                           "in again: imprimatur login.",
                                           0 };
const struct problem problem_bad_type = { 415, "not-json", "The body is not JSON",
                                          "Send an object with Content-Type: application/json.", 0 };
const struct problem problem_no_method = { 405, "no-such-method", "This path does not have that method",
                                           "The header Allow lists those it has.", 0 };
const struct problem problem_bad_range = { 416, "bad-range", "The document has no such octets",
                                           "The header Content-Range tells its size.", 0 };
const struct problem problem_no_image = { 422, "no-image", "There is no image of this document",
                                          "It can be printed where a printer takes it as it is.", 0 };
const struct problem problem_not_ready = { 503, "not-ready", "The image is being made",
                                           "Ask for it again in a moment.", 1 };
const struct problem problem_under_way = { 409, "under-way",
                                           "The first request with this key is not answered yet",
                                           "Send the same request again in a moment.", 1 };
const struct problem problem_internal = {
        500, "internal", "Something broke on our side",
        "It is in the service's log. Try again; tell the administrator if it "
        "happens again.",
        0
};
const struct problem problem_not_well = { 503, "not-well", "The service cannot work at the moment",
                                          "Run `imprimatur doctor` on the service's machine.", 5 };
const struct problem problem_not_connected = { 503, "too-many-streams", "No more event streams can be opened",
                                               "Try again in a moment.", 5 };

static const struct problem of_refusal[] = {
        [CORE_NOT_FOUND] = { 404, "not-found", "There is nothing of that name",
                             "Look at the id; what belongs to somebody else is not found either.", 0 },
        [CORE_FORBIDDEN] = { 403, "forbidden", "This is not yours to do",
                             "Ask its owner, or an administrator of your organisation.", 0 },
        [CORE_WRONG_CREDENTIALS] = { 401, "wrong-credentials", "The credentials are not right",
                                     "Look at the address and the secret, or make a new token.", 0 },
        [CORE_LOCKED] = { 429, "locked", "Too many wrong guesses",
                          "Wait a quarter of an hour, or have somebody unlock the account.", 900 },
        [CORE_BUSY] = { 503, "busy", "Too much at once", "Try again in a moment.", 1 },
        [CORE_TAKEN] = { 409, "taken", "It is in use already",
                         "Choose another name, address or badge, or remove what uses it first.", 0 },
        [CORE_BAD_VALUE] = { 422, "bad-value", "A value is outside of what is allowed",
                             "api/openapi.yaml tells the limits of every member.", 0 },
        [CORE_KEY_REUSED] = { 422, "key-reused", "This Idempotency-Key was used for another request",
                              "Make a new key for a new request.", 0 },
        [CORE_NOT_HELD] = { 409, "not-held", "The job is not held any more",
                            "It was released, printed or deleted, or it expired; look at its timeline.", 0 },
        [CORE_NOTHING_HELD] = { 409, "nothing-held", "There is no held job to release",
                                "Print something to the queue first.", 0 },
        [CORE_TOO_MANY_JOBS] = { 409, "too-many-jobs", "You have as many held jobs as are allowed",
                                 "Release or delete some of them first.", 0 },
        [CORE_TOO_LARGE] = { 413, "too-large", "The document is larger than is allowed",
                             "Print it in parts, or ask the administrator for a higher limit.", 0 },
        [CORE_EMPTY] = { 400, "empty", "The document has no octets", "Send it as the body of the request.",
                         0 },
        [CORE_STORAGE_FULL] = { 507, "storage-full", "There is no room for documents",
                                "Nothing was kept. Release or delete jobs, and tell the administrator.", 60 },
        [CORE_BAD_FORMAT] = { 415, "bad-format", "No printer here can be given this format",
                              "Send a PDF, and say so with Content-Type: application/pdf.", 0 },
        [CORE_NOT_ACCEPTING] = { 409, "not-accepting", "The printer or queue is switched off",
                                 "Choose another one, or have it switched on.", 0 },
        [CORE_STALE] = { 409, "stale", "This order is no longer yours",
                         "Ask for new work; print nothing of this one.", 0 },
        [CORE_EXPIRED] = { 410, "expired", "Its time is over", "Ask for a new one.", 0 },
        [CORE_DESTROYED] = { 410, "destroyed", "The document's keys are gone",
                             "It can never be read again; print it anew.", 0 },
        [CORE_OUTSIDE] = { 403, "outside", "This is not open from your network",
                           "Do it from your organisation's network, or ask its administrator to open it.",
                           0 },
        [CORE_SUSPENDED] = { 403, "suspended", "Your organisation takes nothing new at the moment",
                             "What is held can still be collected at printers; ask your administrator.", 0 },
        [CORE_LIMIT_REACHED] = { 409, "limit-reached", "A limit of your organisation is reached",
                                 "Remove what is not needed, or ask the service's operator for more.", 0 },
        [CORE_TOO_FAST] = { 429, "too-fast", "Your organisation has sent as many jobs as it may in an hour",
                            "Send it again when the hour is over.", 600 },
        [CORE_UNSUPPORTED] = { 409, "unsupported", "It cannot be printed there as it was asked for",
                               "\"refused\" tells why for each job, and what there is to choose from; "
                               "\"unsupported\": \"adapt\" prints it as the printer can.",
                               0 },
        [CORE_UNREACHABLE] = { 503, "unreachable", "Somebody who must be asked does not answer",
                               "Try again in a moment; tell the administrator if it lasts.", 5 },
        [CORE_NOT_PROVED] = { 409, "not-proved", "The domain's proof was not found",
                              "Set the TXT record that is named in the domain's \"proof\", wait until it is "
                              "published, and ask again.",
                              0 },
        [CORE_AMBIGUOUS] = { 409, "ambiguous", "More than one is meant",
                             "Several badges were shown there, or somebody else claims it; begin again in five minutes.",
                             300 },
        [CORE_KNOWN_PASSWORD] = { 422, "known-password", "This password is known",
                                  "It is in a list of stolen ones, or the first that anybody would try. Take "
                                  "another: some words in a row are long and easy to keep in mind.",
                                  0 },
        [CORE_PASSWORD_NEEDED] = { 409, "document-password-needed",
                                   "The document opens only with its password",
                                   "Give it: PUT /v1/jobs/{job}/document-password.", 0 },
        [CORE_ACCOUNTING_NEEDED] = { 409, "accounting-needed", "The printer or queue asks who pays",
                                     "Say \"accounting\": {\"account\", \"user\"}; \"accounting\" of the printer and the queue "
                                     "tells which of them is asked for.",
                                     0 },
        [CORE_JOB_PASSWORD_NEEDED] = { 409, "job-password-needed", "A policy wants this held at the printer",
                                       "Say \"job_password\": digits that you type at the printer.", 0 },
        [CORE_JOB_PASSWORD_UNKNOWN] = { 409, "job-password-not-supported",
                                        "The printer does not hold jobs behind these digits",
                                        "\"password_digits\" of the printer tells how many it knows (0: none); "
                                        "where it knows six, six are the least.",
                                        0 },
        [CORE_OTHER_PRINTER] = { 409, "other-printer",
                                 "The job comes out at the printer it was sent to alone",
                                 "\"printer\" of the job tells at which; or send it to a queue that holds for any.",
                                 0 },
        [CORE_NOT_ENCRYPTED] = { 409, "not-encrypted",
                                 "Printing must be encrypted here, and this printer's addresses are not",
                                 "Give it an ipps:// address and no other (imprimatur printer set --address ipps://HOST/ipp/print), or print at another one.",
                                 0 },
        [CORE_NO_DEVICE] = { 409, "no-device", "Which device this printer is is not known",
                             "Have its agent look (imprimatur discovery run AGENT) and adopt it; where another one answers in its place, accept that one or bring its own back.",
                             0 },
        [CORE_NO_WRITING] = { 409, "no-writing", "Its agent has no credentials for writing to printers",
                              "Set some that say \"write\": true (imprimatur discovery set AGENT --credentials FILE).",
                              0 },
        [CORE_NO_AUTHORITY] = { 409, "no-authority", "The organisation has no authority for certificates yet",
                                "Its administrator makes one: imprimatur authority make.", 0 },
        [CORE_BAD_REQUEST] = { 400, "bad-certificate-request",
                               "This is no request for a certificate that can be granted",
                               "PKCS #10, as PEM or base64, signed by its own key: P-256, P-384, or RSA of 2048 to 4096 bits.",
                               0 },
        [CORE_SITE_ONLY] = { 409, "site-only", "This queue's documents stay at their sites",
                             "Print at the door of one of the site's agents (IPP or LPD), which keeps the document there.",
                             0 },
        [CORE_AT_SITE] = { 409, "document-at-site",
                           "The document stays at its site, and comes out there alone",
                           "\"stays_at\" of the job tells which agent has it: release it at a printer of that one's.",
                           0 },
        [CORE_AS_IT_IS] = { 409, "document-as-it-is",
                            "The document stays at its site, and nothing can be made of it here",
                            "It comes out as it was sent, at a printer there that takes its format and does by itself what "
                            "the ticket asks for; there is no image of it.",
                            0 },
        [CORE_PRESENCE_NEEDED] = { 403, "presence-needed", "Show that you are at the printer",
                                   "Send the code that its panel shows as \"panel_code\".", 0 },
        [CORE_CODE_OLD] = { 403, "code-old", "This code is over",
                            "The panel shows another one every minute: scan again, or type the one it shows now.",
                            0 },
        [CORE_CODE_ELSEWHERE] = { 403, "code-of-another-printer", "This code is another printer's",
                                  "Scan the one at the printer where you want to print.", 0 },
        [CORE_NOT_ASKED] = { 409, "not-asked", "The document does not ask for a password",
                             "Look at the job's \"inspection\": it opens without one, or nobody can look into it.",
                             0 },
        [CORE_NO_MAIL] = { 409, "no-mail", "This needs a mail, and the service sends none",
                           "Have the service's operator set up a relay ([mail] in its settings).", 0 },
};

const struct problem *problem_of_refusal(int refusal)
{
        if (refusal <= 0 || (size_t)refusal >= ARRAY_LENGTH(of_refusal) || of_refusal[refusal].status == 0)
                return &problem_internal;
        return &of_refusal[refusal];
}

json_t *problem_json(const struct problem *problem, const char *detail)
{
        char type[96];

        snprintf(type, sizeof(type), "urn:imprimatur:problem:%s", problem->code);
        return json_pack("{s:s, s:s, s:i, s:o, s:s}", "type", type, "title", problem->title, "status",
                         problem->status, "detail", json_words(detail ? detail : problem->detail), "code",
                         problem->code);
}
