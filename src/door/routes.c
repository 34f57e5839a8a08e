// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/routes.h"

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "door/api/api.h"

#define DOCUMENT_UPLOAD .open = upload_open, .octets = upload_octets, .close = upload_close
#define DEPOSIT_UPLOAD \
        .open = deposit_receive_open, .octets = deposit_receive_octets, .close = deposit_receive_close
#define FRAMES_UPLOAD \
        .open = converter_frames_open, .octets = converter_frames_octets, .close = converter_frames_close
#define TABLE_UPLOAD .open = people_import_open, .octets = people_import_octets, .close = people_import_close

/* clang-format off */
static const struct route routes[] = {
        { "GET",    "/healthz",                         RIGHT_LOOK,             ROUTE_NO_BODY,  false, health_answer },
        { "GET",    "/metrics",                         RIGHT_LOOK,             ROUTE_NO_BODY,  false, metrics_answer },

        { "GET",    "/v1/live",                         RIGHT_ME,               ROUTE_NO_BODY,  false, live_answer },
        { "GET",    "/v1/me",                           RIGHT_ME,               ROUTE_NO_BODY,  false, me_answer, .half = true },
        { "PATCH",  "/v1/me",                           RIGHT_SESSIONS,         ROUTE_JSON,     false, me_change_answer },
        { "GET",    "/v1/tenant",                       RIGHT_TENANT_READ,      ROUTE_NO_BODY,  false, tenant_answer },
        { "PATCH",  "/v1/tenant",                       RIGHT_TENANT_CHANGE,    ROUTE_JSON,     false, tenant_change_answer },

        { "POST",   "/v1/tenant/company-code",          RIGHT_TENANT_CHANGE,    ROUTE_NO_BODY,  false, company_code_renew_answer },

        { "GET",    "/v1/tenants",                      RIGHT_TENANTS_READ,     ROUTE_NO_BODY,  false, tenants_answer },
        { "POST",   "/v1/tenants",                      RIGHT_TENANTS_CHANGE,   ROUTE_JSON,     true,  tenant_make_answer },
        { "GET",    "/v1/tenants/{tenant}",             RIGHT_TENANTS_READ,     ROUTE_NO_BODY,  false, tenant_look_answer },
        { "PATCH",  "/v1/tenants/{tenant}",             RIGHT_TENANTS_CHANGE,   ROUTE_JSON,     false, tenant_manage_answer },
        { "DELETE", "/v1/tenants/{tenant}",             RIGHT_TENANTS_CHANGE,   ROUTE_NO_BODY,  false, tenant_delete_answer },
        { "POST",   "/v1/tenants/{tenant}/company-code", RIGHT_TENANTS_CHANGE,  ROUTE_NO_BODY,  false, tenant_code_answer },

        { "POST",   "/v1/devices/moves",                RIGHT_DEVICES_MOVE,     ROUTE_JSON,     true,  device_move_answer },
        { "POST",   "/v1/devices/moves/{move}/code",    RIGHT_DEVICES_MOVE,     ROUTE_JSON,     false, device_move_code_answer },

        { "GET",    "/v1/domains",                      RIGHT_DOMAINS,          ROUTE_NO_BODY,  false, domains_answer },
        { "POST",   "/v1/domains",                      RIGHT_DOMAINS,          ROUTE_JSON,     true,  domain_claim_answer },
        { "GET",    "/v1/domains/{domain}",             RIGHT_DOMAINS,          ROUTE_NO_BODY,  false, domain_answer },
        { "DELETE", "/v1/domains/{domain}",             RIGHT_DOMAINS,          ROUTE_NO_BODY,  false, domain_delete_answer },
        { "POST",   "/v1/domains/{domain}/proof",       RIGHT_DOMAINS,          ROUTE_NO_BODY,  false, domain_prove_answer },

        { "GET",    "/v1/keys",                         RIGHT_KEYS,             ROUTE_NO_BODY,  false, keys_answer },
        { "POST",   "/v1/keys",                         RIGHT_KEYS,             ROUTE_NO_BODY,  false, keys_rotate_answer },
        { "GET",    "/v1/authority",                    RIGHT_TENANT_READ,      ROUTE_NO_BODY,  false, authority_answer },
        { "POST",   "/v1/authority",                    RIGHT_KEYS,             ROUTE_NO_BODY,  false, authority_make_answer },
        { "GET",    "/v1/certificates",                 RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY,  false, certificates_answer },
        { "DELETE", "/v1/certificates/{certificate}",   RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, certificate_revoke_answer },
        { "POST",   "/v1/printers/{printer}/certificates", RIGHT_PRINTERS_CHANGE, ROUTE_JSON,   false, printer_certificate_make_answer },
        { "POST",   "/v1/printers/{printer}/certificate-code", RIGHT_PRINTERS_CHANGE, ROUTE_NO_BODY, false, printer_certificate_code_answer },
        { "POST",   "/v1/agent/certificate",            RIGHT_AGENT_WORK,       ROUTE_JSON,     false, agent_certificate_answer },
        { "GET",    "/.well-known/est/{label}/cacerts", RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, est_authority_answer },
        { "POST",   "/.well-known/est/{label}/simpleenroll", RIGHT_SIGN_IN,     ROUTE_FORM,     false, est_enrol_answer },
        { "POST",   "/.well-known/est/{label}/simplereenroll", RIGHT_SIGN_IN,   ROUTE_FORM,     false, est_renew_answer },
        { "POST",   "/.well-known/est/simpleenroll",    RIGHT_SIGN_IN,          ROUTE_FORM,     false, est_enrol_answer },
        { "POST",   "/.well-known/est/simplereenroll",  RIGHT_SIGN_IN,          ROUTE_FORM,     false, est_renew_answer },
        { "POST",   "/v1/sign-in",                      RIGHT_SIGN_IN,          ROUTE_JSON,     false, sign_in_answer },
        { "POST",   "/v1/sign-in/code",                 RIGHT_SIGN_IN,          ROUTE_JSON,     false, code_ask_answer },
        { "POST",   "/v1/sign-in/passkey",              RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, passkey_ask_answer },
        { "POST",   "/v1/sessions",                     RIGHT_SIGN_IN,          ROUTE_JSON,     false, session_make_answer, .secrets = true },
        { "GET",    "/v1/sessions",                     RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, sessions_answer },
        { "GET",    "/v1/sessions/{session}",           RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, session_answer, .half = true },
        { "DELETE", "/v1/sessions/{session}",           RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, session_delete_answer, .half = true },
        { "POST",   "/v1/sessions/current/challenge",   RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, passkey_challenge_answer, .half = true },
        { "POST",   "/v1/sessions/current/second-factor", RIGHT_SESSIONS,       ROUTE_JSON,     false, session_factor_answer, .half = true, .secrets = true },
        { "POST",   "/v1/sessions/current/fresh",       RIGHT_SESSIONS,         ROUTE_JSON,     false, session_fresh_answer, .half = true, .secrets = true },

        { "GET",    "/v1/methods",                      RIGHT_METHODS,          ROUTE_NO_BODY,  false, methods_answer },
        { "POST",   "/v1/methods",                      RIGHT_METHODS,          ROUTE_JSON,     true,  method_make_answer },
        { "GET",    "/v1/methods/{method}",             RIGHT_METHODS,          ROUTE_NO_BODY,  false, method_answer },
        { "PATCH",  "/v1/methods/{method}",             RIGHT_METHODS,          ROUTE_JSON,     false, method_change_answer },
        { "DELETE", "/v1/methods/{method}",             RIGHT_METHODS,          ROUTE_NO_BODY,  false, method_delete_answer },
        { "POST",   "/v1/methods/{method}/try",         RIGHT_METHODS,          ROUTE_NO_BODY,  false, method_try_answer },
        { "GET",    "/v1/tenant/sign-in",               RIGHT_METHODS,          ROUTE_NO_BODY,  false, sign_in_policy_answer },
        { "PATCH",  "/v1/tenant/sign-in",               RIGHT_METHODS,          ROUTE_JSON,     false, sign_in_policy_change_answer },

        { "GET",    "/v1/tokens",                       RIGHT_TOKENS,           ROUTE_NO_BODY,  false, tokens_answer },
        { "POST",   "/v1/set-up",                       RIGHT_TOKENS,           ROUTE_JSON,     true,  set_up_answer },
        { "GET",    "/v1/set-up/profile",               RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, set_up_profile_answer },
        { "POST",   "/v1/tokens",                       RIGHT_TOKENS,           ROUTE_JSON,     true,  token_make_answer },
        { "DELETE", "/v1/tokens/{token}",               RIGHT_TOKENS,           ROUTE_NO_BODY,  false, token_delete_answer },

        { "GET",    "/v1/grants",                       RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, grants_answer },
        { "DELETE", "/v1/grants/{grant}",               RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, grant_delete_answer },

        { "GET",    "/v1/clients",                      RIGHT_CLIENTS,          ROUTE_NO_BODY,  false, clients_answer },
        { "POST",   "/v1/clients",                      RIGHT_CLIENTS,          ROUTE_JSON,     true,  client_make_answer },
        { "GET",    "/v1/clients/{client}",             RIGHT_CLIENTS,          ROUTE_NO_BODY,  false, client_answer },
        { "DELETE", "/v1/clients/{client}",             RIGHT_CLIENTS,          ROUTE_NO_BODY,  false, client_delete_answer },
        { "POST",   "/v1/clients/{client}/secrets",     RIGHT_CLIENTS,          ROUTE_JSON,     true,  client_rotate_answer },
        { "GET",    "/v1/clients/{client}/machine",     RIGHT_CLIENTS,          ROUTE_NO_BODY,  false, machine_answer },
        { "PATCH",  "/v1/clients/{client}/machine",     RIGHT_CLIENTS,          ROUTE_JSON,     false, machine_change_answer },

        { "GET",    "/v1/sign-in/oidc/callback",        RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, oidc_callback_answer },
        { "POST",   "/v1/sign-in/oidc/leave",           RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, oidc_leave_answer },
        { "GET",    "/v1/sign-in/oidc/{method}",        RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, oidc_begin_answer },
        { "POST",   "/v1/sign-in/oidc/{method}/back-channel-logout", RIGHT_SIGN_IN, ROUTE_FORM, false, oidc_back_channel_answer },

        { "POST",   "/oauth/token",                     RIGHT_SIGN_IN,          ROUTE_FORM,     false, oauth_token_answer },
        { "POST",   "/oauth/revoke",                    RIGHT_SIGN_IN,          ROUTE_FORM,     false, oauth_revoke_answer },
        { "POST",   "/oauth/device_authorization",      RIGHT_SIGN_IN,          ROUTE_FORM,     false, oauth_device_answer },
        { "GET",    "/oauth/authorize",                 RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, authorize_page_answer },
        { "POST",   "/oauth/authorize",                 RIGHT_SIGN_IN,          ROUTE_FORM,     false, authorize_form_answer },
        { "GET",    "/device",                          RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, device_page_answer },
        { "POST",   "/device",                          RIGHT_SIGN_IN,          ROUTE_FORM,     false, device_form_answer },
        { "GET",    "/sign-in",                         RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, sign_in_page_answer },
        { "POST",   "/sign-in",                         RIGHT_SIGN_IN,          ROUTE_FORM,     false, sign_in_form_answer },
        { "POST",   "/sign-out",                        RIGHT_SIGN_IN,          ROUTE_FORM,     false, sign_out_form_answer },
        { "GET",    "/register",                        RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, register_page_answer },
        { "POST",   "/register",                        RIGHT_SIGN_IN,          ROUTE_FORM,     false, register_form_answer },
        { "GET",    "/account",                         RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, account_page_answer },
        { "POST",   "/account",                         RIGHT_SIGN_IN,          ROUTE_FORM,     false, account_form_answer },
        { "GET",    "/panel/{printer}",                 RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, panel_page_answer },
        { "POST",   "/panel/{printer}",                 RIGHT_SIGN_IN,          ROUTE_FORM,     false, panel_form_answer },
        { "GET",    "/panel/{printer}/events",          RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, panel_events_answer },
        { "GET",    "/panel/{printer}/code",            RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, panel_code_answer },
        { "GET",    "/panel/{printer}/page",            RIGHT_SIGN_IN,          ROUTE_NO_BODY,  false, panel_preview_answer },
        { "GET",    "/.well-known/oauth-authorization-server", RIGHT_SIGN_IN,   ROUTE_NO_BODY,  false, oauth_metadata_answer },

        { "GET",    "/v1/jobs",                         RIGHT_JOBS_READ,        ROUTE_NO_BODY,  false, jobs_answer },
        { "POST",   "/v1/jobs",                         RIGHT_SUBMIT,           ROUTE_DOCUMENT, true,  upload_answer, DOCUMENT_UPLOAD },
        { "GET",    "/v1/jobs/{job}",                   RIGHT_JOBS_READ,        ROUTE_NO_BODY,  false, job_answer },
        { "PATCH",  "/v1/jobs/{job}",                   RIGHT_JOBS_CHANGE,      ROUTE_JSON,     false, job_change_answer },
        { "DELETE", "/v1/jobs/{job}",                   RIGHT_JOBS_DELETE,      ROUTE_NO_BODY,  false, job_delete_answer },
        { "GET",    "/v1/jobs/{job}/document",          RIGHT_PREVIEW,          ROUTE_NO_BODY,  false, job_document_answer },
        { "GET",    "/v1/jobs/{job}/pages/{page}",      RIGHT_PREVIEW,          ROUTE_NO_BODY,  false, job_page_answer },
        { "PUT",    "/v1/jobs/{job}/accounting",        RIGHT_JOBS_CHANGE,      ROUTE_JSON,     false, job_accounting_answer },
        { "PUT",    "/v1/jobs/{job}/document-password", RIGHT_JOBS_CHANGE,      ROUTE_JSON,     false, job_password_answer },
        { "GET",    "/v1/jobs/{job}/ticket",            RIGHT_JOBS_CHANGE,      ROUTE_NO_BODY,  false, job_ticket_answer },
        { "PUT",    "/v1/jobs/{job}/settled",           RIGHT_JOBS_CHANGE,      ROUTE_NO_BODY,  false, job_settle_answer },

        { "POST",   "/v1/releases",                     RIGHT_RELEASE,          ROUTE_JSON,     true,  release_make_answer },
        { "GET",    "/v1/releases/{release}",           RIGHT_RELEASES_READ,    ROUTE_NO_BODY,  false, release_answer },

        { "GET",    "/v1/printers",                     RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, printers_answer },
        { "POST",   "/v1/printers",                     RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     true,  printer_make_answer },
        { "GET",    "/v1/printers/{printer}",           RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, printer_answer },
        { "GET",    "/v1/printers/{printer}/state",     RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, printer_state_answer },
        { "PATCH",  "/v1/printers/{printer}",           RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     false, printer_change_answer },
        { "DELETE", "/v1/printers/{printer}",           RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, printer_delete_answer },

        { "GET",    "/v1/printers/{printer}/welcome",   RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, printer_welcome_answer },
        { "POST",   "/v1/printers/{printer}/welcome",   RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     true,  printer_welcome_print_answer },
        { "GET",    "/v1/printers/{printer}/panels",    RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, panels_answer },
        { "POST",   "/v1/printers/{printer}/panels",    RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     true,  panel_make_answer },
        { "GET",    "/v1/panels/{panel}",               RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, panel_look_answer },
        { "PATCH",  "/v1/panels/{panel}",               RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     false, panel_change_answer },
        { "DELETE", "/v1/panels/{panel}",               RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, panel_delete_answer },
        { "POST",   "/v1/panel-bindings",               RIGHT_SIGN_IN,          ROUTE_JSON,     false, panel_bind_answer },
        { "POST",   "/v1/panel-handovers",              RIGHT_SIGN_IN,          ROUTE_JSON,     false, panel_hand_over_answer, .secrets = true },
        { "POST",   "/v1/panel-codes",                  RIGHT_AUTHORIZE,        ROUTE_JSON,     false, panel_code_look_answer },
        { "POST",   "/v1/panel-guests",                 RIGHT_AUTHORIZE,        ROUTE_JSON,     false, panel_invite_answer },
        { "GET",    "/v1/tenant/panels",                RIGHT_TENANT_READ,      ROUTE_NO_BODY,  false, panel_policy_answer },
        { "PATCH",  "/v1/tenant/panels",                RIGHT_TENANT_CHANGE,    ROUTE_JSON,     false, panel_policy_change_answer },
        { "GET",    "/v1/printers/{printer}/people",    RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, printer_people_answer },
        { "PUT",    "/v1/printers/{printer}/people",    RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     false, printer_people_set_answer },
        { "GET",    "/v1/printers/{printer}/ticket",    RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, printer_ticket_answer },
        { "PUT",    "/v1/printers/{printer}/ticket",    RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     false, printer_ticket_set_answer },
        { "GET",    "/v1/printers/{printer}/accounting", RIGHT_PRINTERS_CHANGE, ROUTE_NO_BODY,  false, printer_accounting_answer },
        { "PATCH",  "/v1/printers/{printer}/accounting", RIGHT_PRINTERS_CHANGE, ROUTE_JSON,     false, printer_accounting_change_answer },
        { "GET",    "/v1/printers/{printer}/prices",    RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, printer_prices_answer },
        { "PUT",    "/v1/printers/{printer}/prices",    RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     false, printer_prices_set_answer },
        { "DELETE", "/v1/printers/{printer}/prices",    RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, printer_prices_delete_answer },
        { "GET",    "/v1/queues/{queue}/accounting",    RIGHT_QUEUES_CHANGE,    ROUTE_NO_BODY,  false, queue_accounting_answer },
        { "PATCH",  "/v1/queues/{queue}/accounting",    RIGHT_QUEUES_CHANGE,    ROUTE_JSON,     false, queue_accounting_change_answer },
        { "GET",    "/v1/tenant/accounting",            RIGHT_TENANT_CHANGE,    ROUTE_NO_BODY,  false, tenant_accounting_answer },
        { "PATCH",  "/v1/tenant/accounting",            RIGHT_TENANT_CHANGE,    ROUTE_JSON,     false, tenant_accounting_change_answer },
        { "GET",    "/v1/me/printers",                  RIGHT_RELEASES_READ,    ROUTE_NO_BODY,  false, printers_mine_answer },
        { "PUT",    "/v1/me/printers/{printer}",        RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, favourite_mark_answer },
        { "DELETE", "/v1/me/printers/{printer}",        RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, favourite_unmark_answer },
        { "GET",    "/v1/me/accounting",                RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, saved_accounting_answer },
        { "PUT",    "/v1/me/accounting",                RIGHT_SESSIONS,         ROUTE_JSON,     false, saved_accounting_change_answer },
        { "DELETE", "/v1/me/accounting",                RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, saved_accounting_delete_answer },

        { "GET",    "/v1/printer-groups",                    RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, printer_groups_answer },
        { "POST",   "/v1/printer-groups",                    RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     true,  printer_group_make_answer },
        { "GET",    "/v1/printer-groups/{printer_group}",    RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, printer_group_answer },
        { "PATCH",  "/v1/printer-groups/{printer_group}",    RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     false, printer_group_change_answer },
        { "DELETE", "/v1/printer-groups/{printer_group}",    RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, printer_group_delete_answer },
        { "GET",    "/v1/printer-groups/{printer_group}/printers", RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, printer_group_printers_answer },
        { "PUT",    "/v1/printer-groups/{printer_group}/printers/{printer}", RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, printer_group_add_answer },
        { "DELETE", "/v1/printer-groups/{printer_group}/printers/{printer}", RIGHT_PRINTERS_CHANGE,  ROUTE_NO_BODY,  false, printer_group_remove_answer },

        { "GET",    "/v1/queues",                       RIGHT_QUEUES_READ,      ROUTE_NO_BODY,  false, queues_answer },
        { "POST",   "/v1/queues",                       RIGHT_QUEUES_CHANGE,    ROUTE_JSON,     true,  queue_make_answer },
        { "GET",    "/v1/queues/{queue}",               RIGHT_QUEUES_READ,      ROUTE_NO_BODY,  false, queue_answer },
        { "PATCH",  "/v1/queues/{queue}",               RIGHT_QUEUES_CHANGE,    ROUTE_JSON,     false, queue_change_answer },
        { "DELETE", "/v1/queues/{queue}",               RIGHT_QUEUES_CHANGE,    ROUTE_NO_BODY,  false, queue_delete_answer },

        { "GET",    "/v1/policies",                     RIGHT_POLICIES,         ROUTE_NO_BODY,  false, policies_answer },
        { "POST",   "/v1/policies",                     RIGHT_POLICIES,         ROUTE_JSON,     true,  policy_make_answer },
        { "GET",    "/v1/policy-trial",                 RIGHT_POLICIES,         ROUTE_NO_BODY,  false, policy_trial_answer },
        { "GET",    "/v1/policies/{policy}",            RIGHT_POLICIES,         ROUTE_NO_BODY,  false, policy_answer },
        { "PATCH",  "/v1/policies/{policy}",            RIGHT_POLICIES,         ROUTE_JSON,     false, policy_change_answer },
        { "DELETE", "/v1/policies/{policy}",            RIGHT_POLICIES,         ROUTE_NO_BODY,  false, policy_delete_answer },

        { "GET",    "/v1/people/{person}/ticket",       RIGHT_TICKET_DEFAULTS,  ROUTE_NO_BODY,  false, person_ticket_answer },
        { "PUT",    "/v1/people/{person}/ticket",       RIGHT_TICKET_DEFAULTS,  ROUTE_JSON,     false, person_ticket_set_answer },
        { "GET",    "/v1/queues/{queue}/ticket",        RIGHT_QUEUES_READ,      ROUTE_NO_BODY,  false, queue_ticket_answer },
        { "PUT",    "/v1/queues/{queue}/ticket",        RIGHT_QUEUES_CHANGE,    ROUTE_JSON,     false, queue_ticket_set_answer },
        { "GET",    "/v1/sites/{site}/ticket",          RIGHT_SITES_READ,       ROUTE_NO_BODY,  false, site_ticket_answer },
        { "PUT",    "/v1/sites/{site}/ticket",          RIGHT_SITES_CHANGE,     ROUTE_JSON,     false, site_ticket_set_answer },
        { "GET",    "/v1/tenant/ticket",                RIGHT_TENANT_READ,      ROUTE_NO_BODY,  false, tenant_ticket_answer },
        { "PUT",    "/v1/tenant/ticket",                RIGHT_TENANT_CHANGE,    ROUTE_JSON,     false, tenant_ticket_set_answer },

        { "GET",    "/v1/people",                       RIGHT_PEOPLE_LIST,      ROUTE_NO_BODY,  false, people_answer },
        { "POST",   "/v1/people",                       RIGHT_PEOPLE_CHANGE,    ROUTE_JSON,     true,  person_make_answer },
        { "POST",   "/v1/people/import",                RIGHT_PEOPLE_CHANGE,    ROUTE_DOCUMENT, false, people_import_answer, TABLE_UPLOAD },
        { "GET",    "/v1/people/export",                RIGHT_PEOPLE_EXPORT,    ROUTE_NO_BODY,  false, people_export_answer },
        { "GET",    "/v1/people/{person}",              RIGHT_PEOPLE_READ,      ROUTE_NO_BODY,  false, person_answer },
        { "PATCH",  "/v1/people/{person}",              RIGHT_PEOPLE_CHANGE,    ROUTE_JSON,     false, person_change_answer },
        { "DELETE", "/v1/people/{person}",              RIGHT_PERSON_ERASE,     ROUTE_NO_BODY,  false, person_delete_answer },
        { "PUT",    "/v1/people/{person}/password",     RIGHT_PASSWORD,         ROUTE_JSON,     false, password_set_answer },
        { "PUT",    "/v1/people/{person}/pin",          RIGHT_PIN,              ROUTE_JSON,     false, pin_set_answer },
        { "DELETE", "/v1/people/{person}/pin",          RIGHT_UNLOCK,           ROUTE_NO_BODY,  false, person_take_pin_answer },
        { "DELETE", "/v1/people/{person}/lock",         RIGHT_UNLOCK,           ROUTE_NO_BODY,  false, person_unlock_answer },
        { "GET",    "/v1/people/{person}/export",       RIGHT_PERSON_EXPORT,    ROUTE_NO_BODY,  false, person_export_answer },
        { "GET",    "/v1/people/{person}/groups",       RIGHT_GROUPS_READ,      ROUTE_NO_BODY,  false, person_groups_answer },
        { "DELETE", "/v1/people/{person}/sessions",     RIGHT_SESSIONS,         ROUTE_NO_BODY,  false, person_sessions_delete_answer },
        { "GET",    "/v1/people/{person}/factors",      RIGHT_FACTORS_READ,     ROUTE_NO_BODY,  false, factors_answer },
        { "DELETE", "/v1/people/{person}/factors",      RIGHT_FACTORS_TAKE,     ROUTE_NO_BODY,  false, factors_delete_answer, .fresh = true },
        { "POST",   "/v1/people/{person}/totp",         RIGHT_FACTORS,          ROUTE_NO_BODY,  false, totp_make_answer, .half = true, .fresh = true },
        { "PUT",    "/v1/people/{person}/totp",         RIGHT_FACTORS,          ROUTE_JSON,     false, totp_confirm_answer, .half = true, .fresh = true, .secrets = true },
        { "DELETE", "/v1/people/{person}/totp",         RIGHT_FACTORS,          ROUTE_NO_BODY,  false, totp_delete_answer, .fresh = true },
        { "POST",   "/v1/people/{person}/recovery-codes", RIGHT_FACTORS,        ROUTE_NO_BODY,  false, recovery_make_answer, .fresh = true },
        { "GET",    "/v1/people/{person}/passkeys",     RIGHT_FACTORS_READ,     ROUTE_NO_BODY,  false, passkeys_answer },
        { "POST",   "/v1/people/{person}/passkeys",     RIGHT_FACTORS,          ROUTE_JSON,     false, passkey_make_answer, .half = true, .fresh = true },
        { "DELETE", "/v1/people/{person}/passkeys/{passkey}", RIGHT_FACTORS,    ROUTE_NO_BODY,  false, passkey_delete_answer, .fresh = true },
        { "GET",    "/v1/people/{person}/codes",        RIGHT_CODES,            ROUTE_NO_BODY,  false, codes_answer },
        { "POST",   "/v1/people/{person}/codes",        RIGHT_CODES,            ROUTE_JSON,     true,  code_make_answer },
        { "DELETE", "/v1/people/{person}/codes/{code}", RIGHT_CODES,            ROUTE_NO_BODY,  false, code_delete_answer },
        { "GET",    "/v1/people/{person}/badges",       RIGHT_BADGES_READ,      ROUTE_NO_BODY,  false, badges_answer },
        { "POST",   "/v1/people/{person}/badges",       RIGHT_BADGES_ADD,       ROUTE_JSON,     true,  badge_make_answer },
        { "DELETE", "/v1/people/{person}/badges/{badge}", RIGHT_BADGES_DELETE,    ROUTE_NO_BODY,  false, badge_delete_answer },

        { "GET",    "/v1/people/{person}/delegates",    RIGHT_DELEGATES,        ROUTE_NO_BODY,  false, delegates_answer },
        { "PUT",    "/v1/people/{person}/delegates/{delegate}", RIGHT_DELEGATES, ROUTE_JSON,    false, delegate_name_answer },
        { "DELETE", "/v1/people/{person}/delegates/{delegate}", RIGHT_DELEGATES, ROUTE_NO_BODY, false, delegate_remove_answer },
        { "GET",    "/v1/people/{person}/owners",       RIGHT_DELEGATES,        ROUTE_NO_BODY,  false, owners_answer },

        { "GET",    "/v1/admission",                    RIGHT_REGISTRATIONS,    ROUTE_NO_BODY,  false, admission_answer },
        { "PATCH",  "/v1/admission",                    RIGHT_REGISTRATIONS,    ROUTE_JSON,     false, admission_change_answer },
        { "GET",    "/v1/address-rules",                RIGHT_REGISTRATIONS,    ROUTE_NO_BODY,  false, address_rules_answer },
        { "POST",   "/v1/address-rules",                RIGHT_REGISTRATIONS,    ROUTE_JSON,     true,  address_rule_make_answer },
        { "DELETE", "/v1/address-rules/{rule}",         RIGHT_REGISTRATIONS,    ROUTE_NO_BODY,  false, address_rule_delete_answer },
        { "POST",   "/v1/registrations",                RIGHT_SIGN_IN,          ROUTE_JSON,     false, registration_request_answer },
        { "POST",   "/v1/registrations/confirm",        RIGHT_SIGN_IN,          ROUTE_JSON,     false, registration_confirm_answer },
        { "GET",    "/v1/registrations",                RIGHT_REGISTRATIONS,    ROUTE_NO_BODY,  false, registrations_answer },
        { "PUT",    "/v1/registrations/{registration}/approval", RIGHT_REGISTRATIONS, ROUTE_NO_BODY, false, registration_approve_answer },
        { "DELETE", "/v1/registrations/{registration}", RIGHT_REGISTRATIONS,    ROUTE_NO_BODY,  false, registration_delete_answer },

        { "POST",   "/v1/badge-enrolments",             RIGHT_BADGES_ENROL,     ROUTE_JSON,     false, badge_claim_answer },
        { "GET",    "/v1/badge-enrolments/{enrolment}", RIGHT_BADGES_ENROL,     ROUTE_NO_BODY,  false, badge_claim_look_answer },
        { "GET",    "/v1/groups",                       RIGHT_GROUPS_READ,      ROUTE_NO_BODY,  false, groups_answer },
        { "POST",   "/v1/groups",                       RIGHT_GROUPS_CHANGE,    ROUTE_JSON,     true,  group_make_answer },
        { "GET",    "/v1/groups/{group}",               RIGHT_GROUPS_READ,      ROUTE_NO_BODY,  false, group_answer },
        { "PATCH",  "/v1/groups/{group}",               RIGHT_GROUPS_CHANGE,    ROUTE_JSON,     false, group_change_answer },
        { "DELETE", "/v1/groups/{group}",               RIGHT_GROUPS_CHANGE,    ROUTE_NO_BODY,  false, group_delete_answer },
        { "GET",    "/v1/groups/{group}/members",       RIGHT_GROUPS_READ,      ROUTE_NO_BODY,  false, group_members_answer },
        { "PUT",    "/v1/groups/{group}/members/{person}", RIGHT_GROUPS_CHANGE, ROUTE_NO_BODY,  false, group_member_add_answer },
        { "DELETE", "/v1/groups/{group}/members/{person}", RIGHT_GROUPS_CHANGE, ROUTE_NO_BODY,  false, group_member_remove_answer },

        { "GET",    "/v1/converters",                   RIGHT_CONVERTERS,       ROUTE_NO_BODY,  false, converters_answer },
        { "POST",   "/v1/converters",                   RIGHT_CONVERTERS,       ROUTE_JSON,     true,  converter_make_answer },
        { "GET",    "/v1/converters/{converter}",       RIGHT_CONVERTERS,       ROUTE_NO_BODY,  false, converter_answer },
        { "DELETE", "/v1/converters/{converter}",       RIGHT_CONVERTERS,       ROUTE_NO_BODY,  false, converter_delete_answer },

        { "GET",    "/v1/agents",                       RIGHT_AGENTS_READ,      ROUTE_NO_BODY,  false, agents_answer },
        { "POST",   "/v1/agents",                       RIGHT_AGENTS_CHANGE,    ROUTE_JSON,     true,  agent_make_answer },
        { "GET",    "/v1/agents/{agent}",               RIGHT_AGENTS_READ,      ROUTE_NO_BODY,  false, agent_answer },
        { "POST",   "/v1/agents/{agent}/code",          RIGHT_AGENTS_CHANGE,    ROUTE_NO_BODY,  false, agent_code_answer },
        { "DELETE", "/v1/agents/{agent}",               RIGHT_AGENTS_CHANGE,    ROUTE_NO_BODY,  false, agent_delete_answer },

        { "PATCH",  "/v1/agents/{agent}",               RIGHT_AGENTS_CHANGE,    ROUTE_JSON,     false, agent_change_answer },

        { "GET",    "/v1/agents/{agent}/discovery",     RIGHT_AGENTS_READ,      ROUTE_NO_BODY,  false, agent_discovery_answer },
        { "PUT",    "/v1/agents/{agent}/discovery",     RIGHT_AGENTS_CHANGE,    ROUTE_JSON,     false, agent_discovery_set_answer },
        { "GET",    "/v1/agents/{agent}/discovery/runs", RIGHT_AGENTS_READ,     ROUTE_NO_BODY,  false, discovery_runs_answer },
        { "POST",   "/v1/agents/{agent}/discovery/runs", RIGHT_AGENTS_CHANGE,   ROUTE_JSON,     true,  discovery_run_make_answer },
        { "DELETE", "/v1/discovery-runs/{run}",         RIGHT_AGENTS_CHANGE,    ROUTE_NO_BODY,  false, discovery_run_stop_answer },
        { "GET",    "/v1/alerts",                       RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY,  false, alerts_answer },
        { "GET",    "/v1/alert-routes",                 RIGHT_TENANT_CHANGE,    ROUTE_NO_BODY,  false, alert_routes_answer },
        { "POST",   "/v1/alert-routes",                 RIGHT_TENANT_CHANGE,    ROUTE_JSON,     true,  alert_route_make_answer },
        { "PATCH",  "/v1/alert-routes/{route}",         RIGHT_TENANT_CHANGE,    ROUTE_JSON,     false, alert_route_change_answer },
        { "DELETE", "/v1/alert-routes/{route}",         RIGHT_TENANT_CHANGE,    ROUTE_NO_BODY,  false, alert_route_delete_answer },
        { "GET",    "/v1/printers/{printer}/meters",    RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY,  false, printer_meters_answer },
        { "GET",    "/v1/reports/device-usage",         RIGHT_REPORTS,          ROUTE_NO_BODY,  false, report_usage_answer },
        { "GET",    "/v1/tenant/device-usage",          RIGHT_TENANT_CHANGE,    ROUTE_NO_BODY,  false, tenant_usage_answer },
        { "PUT",    "/v1/tenant/device-usage",          RIGHT_TENANT_CHANGE,    ROUTE_JSON,     false, tenant_usage_change_answer },
        { "GET",    "/v1/printers/{printer}/device-usage", RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY, false, printer_usage_answer },
        { "PUT",    "/v1/printers/{printer}/device-usage", RIGHT_PRINTERS_CHANGE, ROUTE_JSON,   false, printer_usage_change_answer },
        { "GET",    "/v1/printers/{printer}/configuration", RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY, false, device_configuration_answer },
        { "PATCH",  "/v1/printers/{printer}/configuration", RIGHT_PRINTERS_CHANGE, ROUTE_JSON, false, device_configure_answer },
        { "GET",    "/v1/printers/{printer}/readiness", RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY,  false, printer_readiness_answer },
        { "GET",    "/v1/printers/{printer}/device",    RIGHT_PRINTERS_READ,    ROUTE_NO_BODY,  false, printer_device_answer },
        { "PATCH",  "/v1/printers/{printer}/device",    RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     false, printer_device_change_answer },
        { "GET",    "/v1/discovered-printers",          RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY,  false, discovered_printers_answer },
        { "GET",    "/v1/discovered-printers/{discovered}", RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY, false, discovered_printer_answer },
        { "DELETE", "/v1/discovered-printers/{discovered}", RIGHT_PRINTERS_CHANGE, ROUTE_NO_BODY, false, discovered_printer_delete_answer },
        { "POST",   "/v1/discovered-printers/{discovered}/printer", RIGHT_PRINTERS_CHANGE, ROUTE_JSON, true, discovered_printer_adopt_answer },
        { "GET",    "/v1/agents/{agent}/doors",         RIGHT_AGENTS_READ,      ROUTE_NO_BODY,  false, agent_doors_answer },
        { "PUT",    "/v1/agents/{agent}/doors",         RIGHT_AGENTS_CHANGE,    ROUTE_JSON,     false, agent_doors_set_answer },
        { "GET",    "/v1/agents/{agent}/dns-records",   RIGHT_AGENTS_READ,      ROUTE_NO_BODY,  false, agent_dns_records_answer },

        { "GET",    "/v1/sites",                        RIGHT_SITES_READ,       ROUTE_NO_BODY,  false, sites_answer },
        { "POST",   "/v1/sites",                        RIGHT_SITES_CHANGE,     ROUTE_JSON,     true,  site_make_answer },
        { "GET",    "/v1/sites/{site}",                 RIGHT_SITES_READ,       ROUTE_NO_BODY,  false, site_answer },
        { "PATCH",  "/v1/sites/{site}",                 RIGHT_SITES_CHANGE,     ROUTE_JSON,     false, site_change_answer },
        { "DELETE", "/v1/sites/{site}",                 RIGHT_SITES_CHANGE,     ROUTE_NO_BODY,  false, site_delete_answer },
        { "GET",    "/v1/sites/{site}/offline",         RIGHT_SITES_READ,       ROUTE_NO_BODY,  false, site_offline_answer },
        { "PUT",    "/v1/sites/{site}/offline",         RIGHT_SITES_CHANGE,     ROUTE_JSON,     false, site_offline_set_answer },
        { "GET",    "/v1/sites/{site}/administrators",  RIGHT_SITES_CHANGE,     ROUTE_NO_BODY,  false, site_administrators_answer },
        { "PUT",    "/v1/sites/{site}/administrators/{person}", RIGHT_PEOPLE_ROLE, ROUTE_NO_BODY, false, site_appoint_answer },
        { "DELETE", "/v1/sites/{site}/administrators/{person}", RIGHT_PEOPLE_ROLE, ROUTE_NO_BODY, false, site_dismiss_answer },

        { "GET",    "/v1/submitters",                   RIGHT_SUBMITTERS,       ROUTE_NO_BODY,  false, submitters_answer },
        { "POST",   "/v1/submitters",                   RIGHT_SUBMITTERS,       ROUTE_JSON,     true,  submitter_make_answer },
        { "GET",    "/v1/refused-deposits",             RIGHT_SUBMITTERS,       ROUTE_NO_BODY,  false, refused_deposits_answer },
        { "PUT",    "/v1/refused-deposits/{deposit}/person", RIGHT_SUBMITTERS,  ROUTE_JSON,     false, refused_deposit_give_answer },
        { "DELETE", "/v1/refused-deposits/{deposit}",   RIGHT_SUBMITTERS,       ROUTE_NO_BODY,  false, refused_deposit_discard_answer },
        { "DELETE", "/v1/submitters/{submitter}",       RIGHT_SUBMITTERS,       ROUTE_NO_BODY,  false, submitter_delete_answer },

        { "GET",    "/v1/readers",                      RIGHT_READERS_READ,     ROUTE_NO_BODY,  false, readers_answer },
        { "POST",   "/v1/readers",                      RIGHT_READERS_CHANGE,   ROUTE_JSON,     true,  reader_make_answer },
        { "PATCH",  "/v1/readers/{reader}",             RIGHT_READERS_CHANGE,   ROUTE_JSON,     false, reader_change_answer },
        { "DELETE", "/v1/readers/{reader}",             RIGHT_READERS_CHANGE,   ROUTE_NO_BODY,  false, reader_delete_answer },
        { "GET",    "/v1/reader-models",                RIGHT_READERS_READ,     ROUTE_NO_BODY,  false, reader_models_answer },
        { "PUT",    "/v1/reader-models",                RIGHT_READERS_CHANGE,   ROUTE_JSON,     false, reader_models_change_answer },
        { "GET",    "/v1/agents/{agent}/reader-models", RIGHT_READERS_READ,     ROUTE_NO_BODY,  false, agent_reader_models_answer },
        { "PUT",    "/v1/agents/{agent}/reader-models", RIGHT_READERS_CHANGE,   ROUTE_JSON,     false, agent_reader_models_change_answer },

        { "POST",   "/v1/labels",                       RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     false, labels_answer },
        { "POST",   "/v1/labels/jobs",                  RIGHT_PRINTERS_CHANGE,  ROUTE_JSON,     true,  labels_print_answer },

        { "GET",    "/v1/reports/jobs",                 RIGHT_REPORTS,          ROUTE_NO_BODY,  false, report_jobs_answer },
        { "GET",    "/v1/reports/pages",                RIGHT_PAGE_REPORTS,     ROUTE_NO_BODY,  false, report_pages_answer },
        { "GET",    "/v1/reports/supplies",             RIGHT_PRINTERS_INSPECT, ROUTE_NO_BODY,  false, report_supplies_answer },
        { "GET",    "/v1/report-schedules",             RIGHT_PAGE_REPORTS,     ROUTE_NO_BODY,  false, report_schedules_answer },
        { "POST",   "/v1/report-schedules",             RIGHT_PAGE_REPORTS,     ROUTE_JSON,     true,  report_schedule_make_answer },
        { "PATCH",  "/v1/report-schedules/{schedule}",  RIGHT_PAGE_REPORTS,     ROUTE_JSON,     false, report_schedule_change_answer },
        { "PUT",    "/v1/report-schedules/{schedule}/sending", RIGHT_PAGE_REPORTS, ROUTE_NO_BODY, false, report_schedule_send_answer },
        { "DELETE", "/v1/report-schedules/{schedule}",  RIGHT_PAGE_REPORTS,     ROUTE_NO_BODY,  false, report_schedule_delete_answer },
        { "GET",    "/v1/reports/settings",             RIGHT_PAGE_REPORTS,     ROUTE_NO_BODY,  false, report_setting_answer },
        { "PATCH",  "/v1/reports/settings",             RIGHT_TENANT_CHANGE,    ROUTE_JSON,     false, report_setting_change_answer },

        { "GET",    "/v1/audit/records",                RIGHT_EVENTS_READ,      ROUTE_NO_BODY,  false, audit_records_answer },
        { "GET",    "/v1/audit/checkpoints",            RIGHT_AUDIT_VERIFY,     ROUTE_NO_BODY,  false, audit_checkpoints_answer },
        { "GET",    "/v1/audit/export",                 RIGHT_AUDIT_EXPORT,     ROUTE_NO_BODY,  false, audit_export_answer },

        { "GET",    "/v1/methods/{method}/domains",     RIGHT_METHODS,          ROUTE_NO_BODY,  false, directory_domains_answer },
        { "POST",   "/v1/methods/{method}/domains",     RIGHT_METHODS,          ROUTE_NO_BODY,  false, directory_domains_look_answer },
        { "POST",   "/v1/methods/{method}/synchronisations", RIGHT_METHODS,     ROUTE_JSON,     true,  synchronisation_make_answer },
        { "GET",    "/v1/methods/{method}/synchronisations/{synchronisation}", RIGHT_METHODS, ROUTE_NO_BODY, false, synchronisation_answer },

        { "POST",   "/v1/agent/enrolment",              RIGHT_ENROL,            ROUTE_JSON,     false, enrolment_answer },
        { "POST",   "/v1/agent/renewal",                RIGHT_AGENT_WORK,       ROUTE_JSON,     false, renewal_answer },
        { "GET",    "/v1/agent/configuration",          RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, configuration_answer },
        { "POST",   "/v1/agent/incarnation",            RIGHT_AGENT_WORK,       ROUTE_JSON,     false, incarnation_answer },
        { "POST",   "/v1/agent/alive",                  RIGHT_AGENT_WORK,       ROUTE_JSON,     false, alive_answer },
        { "POST",   "/v1/agent/health",                 RIGHT_AGENT_WORK,       ROUTE_JSON,     false, health_of_agent_answer },
        { "GET",    "/v1/agent/update",                 RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, update_answer },
        { "GET",    "/v1/agent/events",                 RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, channel_answer },
        { "POST",   "/v1/agent/directory/questions",    RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, directory_questions_answer },
        { "POST",   "/v1/agent/directory/answers",      RIGHT_AGENT_WORK,       ROUTE_JSON,     false, directory_answers_answer },
        { "POST",   "/v1/agent/submissions/answered",   RIGHT_AGENT_WORK,       ROUTE_JSON,     false, submission_answered_answer },
        { "POST",   "/v1/agent/homes",                  RIGHT_AGENT_WORK,       ROUTE_JSON,     false, homes_answer },
        { "POST",   "/v1/agent/homes/take",             RIGHT_AGENT_WORK,       ROUTE_JSON,     false, home_take_answer },
        { "GET",    "/v1/agent/homes/document",         RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, home_document_answer },
        { "POST",   "/v1/agent/homes/back",             RIGHT_AGENT_WORK,       ROUTE_JSON,     false, home_back_answer },
        { "POST",   "/v1/agent/homes/released",         RIGHT_AGENT_WORK,       ROUTE_JSON,     false, home_released_answer },
        { "GET",    "/v1/agent/snapshot",               RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, snapshot_answer },
        { "POST",   "/v1/agent/deposits",               RIGHT_AGENT_WORK,       ROUTE_DOCUMENT, false, deposit_receive_answer, DEPOSIT_UPLOAD },
        { "GET",    "/v1/agent/stays",                  RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, stays_answer },
        { "POST",   "/v1/agent/stays/{deposit}/removed", RIGHT_AGENT_WORK,      ROUTE_NO_BODY,  false, stay_removed_answer },
        { "POST",   "/v1/agent/stays/{deposit}/lost",   RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, stay_lost_answer },
        { "POST",   "/v1/agent/leases",                 RIGHT_AGENT_WORK,       ROUTE_JSON,     false, leases_answer },
        { "POST",   "/v1/agent/swipes",                 RIGHT_AGENT_WORK,       ROUTE_JSON,     false, swipes_answer },
        { "POST",   "/v1/agent/appliances",             RIGHT_AGENT_WORK,       ROUTE_JSON,     false, appliances_answer },
        { "GET",    "/v1/agent/deliveries/{delivery}/document", RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, delivery_document_answer },
        { "POST",   "/v1/agent/deliveries/{delivery}/arm",      RIGHT_AGENT_WORK,       ROUTE_JSON,     false, delivery_arm_answer },
        { "POST",   "/v1/agent/deliveries/{delivery}/outcome",  RIGHT_AGENT_WORK,       ROUTE_JSON,     false, delivery_outcome_answer },
        { "POST",   "/v1/agent/deliveries/{delivery}/progress", RIGHT_AGENT_WORK,       ROUTE_JSON,     false, delivery_progress_answer },
        { "POST",   "/v1/converter/enrolment",          RIGHT_ENROL,            ROUTE_JSON,     false, converter_enrolment_answer },
        { "POST",   "/v1/converter/renewal",            RIGHT_CONVERTER_WORK,   ROUTE_JSON,     false, converter_renewal_answer },
        { "GET",    "/v1/converter/configuration",      RIGHT_CONVERTER_WORK,   ROUTE_NO_BODY,  false, converter_configuration_answer },
        { "GET",    "/v1/converter/events",             RIGHT_CONVERTER_WORK,   ROUTE_NO_BODY,  false, converter_channel_answer },
        { "PUT",    "/v1/converter/formats",            RIGHT_CONVERTER_WORK,   ROUTE_JSON,     false, converter_formats_answer },
        { "POST",   "/v1/converter/works",              RIGHT_CONVERTER_WORK,   ROUTE_JSON,     false, converter_work_answer },
        { "GET",    "/v1/converter/works/{work}/document", RIGHT_CONVERTER_WORK, ROUTE_NO_BODY, false, converter_document_answer },
        { "POST",   "/v1/converter/works/{work}/frames",  RIGHT_CONVERTER_WORK, ROUTE_DOCUMENT, false, converter_frames_answer, FRAMES_UPLOAD },
        { "POST",   "/v1/converter/works/{work}/lease",   RIGHT_CONVERTER_WORK, ROUTE_NO_BODY,  false, converter_lease_answer },
        { "POST",   "/v1/converter/works/{work}/outcome", RIGHT_CONVERTER_WORK, ROUTE_JSON,     false, converter_outcome_answer },

        { "PUT",    "/v1/agent/printers/{printer}/identity",    RIGHT_AGENT_WORK,       ROUTE_JSON,     false, printer_pin_answer },
        { "POST",   "/v1/agent/printers/questions",     RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, printer_questions_answer },
        { "PUT",    "/v1/agent/printers/{printer}/state",       RIGHT_AGENT_WORK,       ROUTE_JSON,     false, printer_state_keep_answer },
        { "POST",   "/v1/agent/readiness/questions",    RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, readiness_questions_answer },
        { "PUT",    "/v1/agent/printers/{printer}/readiness",   RIGHT_AGENT_WORK,       ROUTE_JSON,     false, readiness_keep_answer },
        { "POST",   "/v1/agent/configurations/questions", RIGHT_AGENT_WORK,     ROUTE_NO_BODY,  false, device_tasks_answer },
        { "PUT",    "/v1/agent/printers/{printer}/configuration", RIGHT_AGENT_WORK, ROUTE_JSON, false, device_task_finish_answer },
        { "GET",    "/v1/agent/discovery",              RIGHT_AGENT_WORK,       ROUTE_NO_BODY,  false, discovery_work_answer },
        { "POST",   "/v1/agent/sightings",              RIGHT_AGENT_WORK,       ROUTE_JSON,     false, sightings_answer, .open = sightings_open },
};
/* clang-format on */

const struct route *routes_all(size_t *ret_count)
{
        *ret_count = ARRAY_LENGTH(routes);
        return routes;
}

static bool matches(const char *pattern, const struct text *segments, size_t segment_count,
                    struct text ret_arguments[ROUTE_ARGUMENTS_MAX])
{
        struct text rest = text_from(pattern + 1), segment;
        size_t arguments = 0;
        bool more = true;

        for (size_t i = 0; i < segment_count; i++) {
                if (!more)
                        return false;
                more = text_cut(rest, '/', &segment, &rest);
                if (segment.at[0] == '{')
                        ret_arguments[arguments++] = segments[i];
                else if (!text_equal(segment, segments[i]))
                        return false;
        }
        return !more && segment_count > 0;
}

const struct route *route_find(struct text method, const struct text *segments, size_t segment_count,
                               struct text ret_arguments[ROUTE_ARGUMENTS_MAX])
{
        /* HEAD is GET without the body, which the server leaves out. */
        if (text_equal_string(method, "HEAD"))
                method = TEXT_OF("GET");
        for (size_t i = 0; i < ARRAY_LENGTH(routes); i++)
                if (text_equal_string(method, routes[i].method) &&
                    matches(routes[i].pattern, segments, segment_count, ret_arguments))
                        return &routes[i];
        return NULL;
}

bool route_methods(const struct text *segments, size_t segment_count, char *ret, size_t size)
{
        struct text arguments[ROUTE_ARGUMENTS_MAX];
        size_t length = 0;

        for (size_t i = 0; i < ARRAY_LENGTH(routes) && length < size; i++)
                if (matches(routes[i].pattern, segments, segment_count, arguments))
                        length += (size_t)snprintf(ret + length, size - length, "%s%s", length ? ", " : "",
                                                   routes[i].method);
        return length > 0;
}
